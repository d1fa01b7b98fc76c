"""The command line: one module for each command, loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from kg.errors import PlanlinkError

__all__ = ["main"]

_COMMANDS = ("publish", "new", "review", "observe", "validate", "serve", "query", "export")


class _Commands(click.Group):
    """Turns a PlanlinkError into one line and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"kg.cli.{cmd_name}"), f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PlanlinkError as error:
            click.echo(f"planlink: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands)
@click.version_option(package_name="planlink")
def main() -> None:
    """Government plans as validated linked open data."""
