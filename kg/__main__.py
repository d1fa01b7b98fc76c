"""python -m kg: the planlink command."""

from kg.cli import main

main(prog_name="planlink")
