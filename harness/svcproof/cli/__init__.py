"""The command line, `svcproof`: a module here is a command, called like it but with dashes; its `command` does it.

Modules import what is heavy inside their functions, so that `svcproof --help` answers at once.
"""

import errno
import pkgutil
import signal
import sys
from collections.abc import Callable
from dataclasses import fields
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import click

from svcproof import interrupts
from svcproof.errors import SvcproofError, near
from svcproof.exit_code import ExitCode
from svcproof.model.criteria import CRITERIA
from svcproof.model.options import Options, meaning, name_of
from svcproof.output import lost, protect_standard_streams
from svcproof.printable import printable

BROKEN_PIPE = 128 + signal.SIGPIPE
"""The exit code that a shell reports of a program that dies of SIGPIPE."""


def say(text: str, *, err: bool = False) -> None:
    """Print a text that people read: no character of it is obeyed or hidden by the terminal."""
    click.echo(printable(text), err=err)


class Commands(click.Group):
    """Finds commands by file name; ends with their return value, or the exit code of what went wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every module of this package."""
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of that name, if there is one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Add near names to what click says of an unknown command."""
        known = self.list_commands(ctx)
        if args and args[0] not in known:
            ctx.fail(f"no command {args[0]!r}{near(args[0], known)}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and exit: 4 for wrong usage, 2 when interrupted, else as the command or the error says.

        A command that returns nothing is there for its output: it fails where that is lost.
        """
        protect_standard_streams()
        before = interrupts.heed()
        try:
            code = super().main(*args, **extra | {"standalone_mode": False})
        except click.ClickException as error:
            shown = StringIO()
            error.show(shown)
            say(shown.getvalue().rstrip("\n"), err=True)
            code = ExitCode.USAGE if isinstance(error, click.UsageError) else error.exit_code
        except SvcproofError as error:
            say(f"Error: {error}", err=True)
            code = error.exit_code
        except OSError as error:
            say(f"Error: {error}", err=True)
            code = ExitCode.UNDECIDED
        except click.Abort:
            code = ExitCode.INTERRUPTED
        finally:
            interrupts.restore(before)
        if code is None and (why := lost(sys.stdout)):
            code = _tell_lost(why)
        sys.exit(code)


def _tell_lost(why: OSError) -> int:
    """Say why the output was lost, unless whoever read it has simply read enough; returns the exit code."""
    if why.errno == errno.EPIPE:
        return BROKEN_PIPE
    say(f"Error: cannot write to standard output: {why.strerror}", err=True)
    return ExitCode.UNDECIDED


main = Commands(
    name="svcproof",
    help="Prove, behaviour by behaviour, that Kubernetes Services work on a proxy.",
    epilog="Example: svcproof run --cluster lab --proxy kube-proxy-nftables",
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[],
)
main = click.version_option(package_name="svcproof")(main)


def suite_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that says which behaviours there are."""
    help_text = "Your own file or folder of behaviours, in place of the built-in ones, which are `builtin`; repeatable."
    return click.option("--suite", "suites", multiple=True, metavar="PATH", help=help_text)(command)


def criteria_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that select behaviours: the table of `svcproof.model.criteria`."""
    for name, criterion in reversed(tuple(CRITERIA.items())):
        help_text = f"Only behaviours {criterion.says}; repeatable, or a list with commas."
        command = click.option(f"--{name}", name, multiple=True, metavar=criterion.takes, help=help_text)(command)
    return command


def cluster_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which cluster and proxy: the fields of `svcproof.model.options.Options`."""
    for option in reversed(fields(Options)):
        meant, name = meaning(option), f"--{name_of(option.name)}"
        help_text = meant.help[0].upper() + meant.help[1:]
        if meant.takes:
            several = isinstance(option.default, tuple)
            add = click.option(
                name, option.name, metavar=meant.takes, default=option.default, multiple=several, help=help_text
            )
        else:
            add = click.option(name, option.name, is_flag=True, help=help_text)
        command = add(command)
    return command


class Workers(click.IntRange):
    """A number of processes; `auto` is 0: as many as pay."""

    name = "auto|N"

    def __init__(self) -> None:
        super().__init__(1, 64)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        return 0 if value in ("auto", 0) else super().convert(value, param, ctx)


def shape_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that compares runs the options for the files and the groups of a comparison."""
    path = click.Path(path_type=Path, dir_okay=False)
    command = click.option("--csv", type=path, metavar="FILE", help="Write every cell as CSV, too.")(command)
    command = click.option("--markdown", type=path, metavar="FILE", help="Write it as Markdown, too.")(command)
    command = click.option("--html", type=path, metavar="FILE", help="Write it as a page that opens, too.")(command)
    groups = click.Choice(["kep", "area", "level"])
    return click.option("--by", type=groups, default="kep", show_default=True, help="Groups.")(command)
