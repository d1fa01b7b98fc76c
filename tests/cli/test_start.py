"""What it takes to start a command."""

import subprocess
import sys

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
