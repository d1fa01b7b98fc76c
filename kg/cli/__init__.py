"""The command line: one module for each command, loaded when it is called."""

from importlib import import_module
from typing import Any, NoReturn

import click

from kg.errors import PlanlinkError
from kg.memory import garbage_seldom_looked_for

__all__ = ["main"]

_COMMANDS = (
    "publish", "new", "review", "suggest", "learn", "observe", "validate", "serve", "query",
    "export", "cite", "check", "rollback",
)  # fmt: skip


def _tell_usage(error: click.UsageError, ctx: click.Context) -> NoReturn:
    words, asked = " ".join(error.format_message().split()), error.ctx or ctx
    click.echo(f"planlink: {words} See {asked.command_path} --help.", err=True)
    ctx.exit(2)


class _Commands(click.Group):
    """Turns a PlanlinkError into one line, or one for each fault, and exit code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        with garbage_seldom_looked_for():  # what commands load stays
            return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        try:
            module = import_module(f"kg.cli.{cmd_name}")
        except ModuleNotFoundError as error:
            if error.name is None or error.name.split(".")[0] == "kg":
                raise
            return _not_installed(cmd_name, error.name)
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:  # of options before a command
            _tell_usage(error, ctx)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PlanlinkError as error:
            for line in str(error).splitlines():
                click.echo(f"planlink: {line}", err=True)
            ctx.exit(2)
        except click.UsageError as error:  # of options and arguments
            _tell_usage(error, ctx)
        except BrokenPipeError:  # the reader of the output has enough: click ends without a word
            raise
        except OSError as error:
            if error.filename is None:  # the system lacks something, such as open files
                fault = f"the system refuses this ({' '.join(str(error).split())}); mend that"
            else:  # a path that no file can have, such as one too long
                fault = f"{error.filename}: {error.strerror}; name another"
            click.echo(f"planlink: {fault}", err=True)
            ctx.exit(2)


def _not_installed(name: str, missing: str) -> click.Command:
    """A command in place of one that needs what an extra brings."""

    def refuse() -> None:
        raise PlanlinkError.of("extra_missing", f"planlink {name}", missing)

    return click.Command(
        name,
        callback=refuse,
        help="Needs pip install 'planlink[serve]'.",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="planlink")
def main() -> None:
    """Government plans as validated linked open data."""
