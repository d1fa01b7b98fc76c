"""A plan in the forms that programs open: tables, workbooks, graphs, StratML, data packages."""
