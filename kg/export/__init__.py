"""What is published of a plan, in the forms that people's programs open: tables, workbooks, graphs,
StratML, data packages."""
