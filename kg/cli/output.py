"""What commands have in common: the folder of releases by default, notes, and who the user is."""

import getpass
import os
from pathlib import Path

import click

RELEASE = Path("release")


def say(line: str) -> None:
    """Tell the user something that is no result, on standard error."""
    click.echo(f"planlink: {line}", err=True)


def user_name() -> str:
    """The name of the user; the number where the system knows no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
