"""What it takes to start a command."""

import re
import subprocess
import sys

from click import Context

from kg.cli import main

_COUNTED = """
import gc
looked = []
gc.callbacks.append(lambda phase, info: looked.append(phase))
from kg.cli import main
before = gc.get_threshold()
main(["--help"], standalone_mode=False)
assert gc.get_threshold() == before, "a program that calls the command line keeps its ways"
print(looked.count("start"))
"""


def test_what_a_command_loads_is_not_looked_through_again_and_again() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _COUNTED], capture_output=True, text=True, check=True
    )
    assert int(said.stdout.splitlines()[-1]) < 60  # and about 190 times otherwise


def test_the_help_says_which_folder_is_taken_where_none_is_named() -> None:
    context = Context(main)
    commands = [main.get_command(context, name) for name in main.list_commands(context)]
    helps = [one.get_help(Context(one)) for one in commands if one is not None]
    assert len(named := [said for said in helps if "[DIR]" in said]) > 4
    told = "Positional arguments:.* DIR is the folder of releases, by default release. Options:"
    assert all(re.search(told, " ".join(said.split())) for said in named)
