"""What commands have in common: the folder of releases by default, notes, and who the user is."""

import getpass
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.errors import PlanlinkError

_Command = TypeVar("_Command", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)
"""A file or a folder, as the argument or option of a command."""
RELEASE = Path("release")
_DIR = "DIR is the folder of releases, by default release."
release_folder = click.argument(
    "directory", required=False, type=PATH, default=RELEASE, metavar="[DIR]", help=_DIR
)
"""The folder of releases, as the argument of a command."""


json_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is printed.",
)


def say(line: str) -> None:
    """Tell the user something that is no result, on standard error."""
    click.echo(f"planlink: {line}", err=True)


def as_json(result: Any) -> str:
    """The result of a command as JSON."""
    return json.dumps(result, ensure_ascii=False, indent=1)


def counted(number: int, one: str) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def user_name() -> str:
    """The name of the user; the number where the system knows no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def release_and(other: str) -> Callable[[_Command], _Command]:
    """The folder of releases and what stands behind it, as the arguments of a command."""
    metavar = f"[DIR] {other}"
    return click.argument("arguments", nargs=-1, required=True, metavar=metavar, help=_DIR)


def release_and_other(arguments: tuple[str, ...], command: str, other: str) -> tuple[Path, str]:
    """The folder of releases, which may be left out, and the argument beside it; other: what that
    is (a query). PlanlinkError where there are more than two."""
    if len(arguments) > 2:
        raise PlanlinkError.of("arguments_many", command, len(arguments), other)
    if len(arguments) == 1:
        return RELEASE, arguments[0]
    first, last = (Path(argument) for argument in arguments)
    return (last, arguments[0]) if _is_folder(last) > _is_folder(first) else (first, arguments[1])


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a query may be longer than a name can be
        return False
