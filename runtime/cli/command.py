"""The `yibiao` command. Each sub-command lives in a module that is read only when it is asked for."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import click

from runtime import language
from runtime.errors import DefinitionError, YibiaoError
from runtime.language import gettext as _
from runtime.settings import wants_tracebacks

COMMANDS = {
    "init": ("runtime.cli.site", "init"),
    "demo": ("runtime.cli.demo", "demo"),
    "serve": ("runtime.cli.site", "serve"),
    "worker": ("runtime.cli.work", "worker"),
    "check": ("runtime.cli.definitions", "check"),
    "defs": ("runtime.cli.definitions", "defs"),
    "import": ("runtime.cli.imports", "import_file"),
    "fill": ("runtime.cli.filling", "fill"),
    "begin": ("runtime.cli.filling", "begin"),
    "render": ("runtime.cli.schemas", "render"),
    "validate": ("runtime.cli.schemas", "validate"),
    "tallies": ("runtime.cli.tallies", "tallies"),
    "retention": ("runtime.cli.retention", "retention"),
    "unit": ("runtime.cli.units", "unit"),
    "user": ("runtime.cli.users", "user"),
    "replay": ("runtime.cli.replaying", "replay"),
    "burden": ("runtime.cli.replaying", "burden"),
}
"""Sub-command -> module and name. Read late: `yibiao --version` must not wait for a PDF library."""


class Commands(click.Group):
    """The sub-commands: our own, read when asked for, then those of plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *(name for name in _of_plugins() if name not in COMMANDS)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            module, attribute = COMMANDS[name]
            command: click.Command = getattr(importlib.import_module(module), attribute)
            return command
        return _of_plugins().get(name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("yibiao"), prog_name="yibiao")
def command() -> None:
    """Yibiao (一表): enter a fact once, and every report is filled from it."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its status. What went wrong is one clear line on standard error."""
    language.use(_spoken())
    _log_in_lines()
    try:
        status = _run(arguments)
    finally:
        if context := sys.modules.get("runtime.cli.context"):
            context.close()
    return status if isinstance(status, int) else 0


def stopped() -> int:
    """Say that Ctrl-C was heard; the status for it."""
    return _complain(_("Stopped."), 130)


def _run(arguments: Sequence[str] | None) -> Any:
    try:
        return command.main(arguments, prog_name="yibiao", standalone_mode=False, obj=_opened)
    except click.exceptions.Abort:
        return stopped()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.UsageError as error:
        return _complain(_usage(error), error.exit_code)
    except click.ClickException as error:
        return _complain(error.format_message(), error.exit_code)
    except YibiaoError as error:
        return _complain(_sentence(error), 1)
    except OSError as error:
        return _complain(_of_system(error), 1)
    except Exception as error:
        if type(error).__module__.startswith("sqlalchemy."):
            return _complain(_of_database(error), 1)
        if wants_tracebacks():
            raise
        return _complain(_unexpected(error), 1)


class _OneLine(logging.Formatter):
    """What the log says, without the traceback: a terminal is no place for it."""

    def format(self, record: logging.LogRecord) -> str:
        return f"yibiao: {record.getMessage()}"


def _log_in_lines() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _usage(error: click.UsageError) -> str:
    text = error.format_message()
    path = error.ctx.command_path if error.ctx else "yibiao"
    return f"{text} " + _("(“%(command)s --help” tells more)", command=path)


def _of_system(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def _of_database(error: Exception) -> str:
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return _("The database cannot be used: %(why)s.", why=reason)


def _unexpected(error: Exception) -> str:
    """A fault of ours, not of whoever called: its name is all that helps here."""
    what = f"{type(error).__name__}: {error}".partition("\n")[0].removesuffix(": ")
    return _(
        "This is a fault in Yibiao itself: %(what)s (set YIBIAO_DEBUG=1 to see where)", what=what
    )


def _complain(line: str, status: int) -> int:
    click.echo(f"yibiao: {line}", err=True)
    return status


def _sentence(error: YibiaoError) -> str:
    lines = [str(error)]
    if isinstance(error, DefinitionError):
        lines += [f"  {p.address}#{p.pointer}: {p.message}" for p in error.problems[:20]]
    return "\n".join(lines)


def _opened() -> Any:
    """The site of the environment with its database, for commands of plugins."""
    from runtime.cli.context import opened  # late: see COMMANDS

    return opened()


def _spoken() -> str:
    wanted = (
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    )
    return "zh-CN" if wanted.startswith("zh") else language.SOURCE


def _of_plugins() -> dict[str, Any]:
    from runtime.cli.context import this_site  # late: see COMMANDS

    found = this_site().plugins.ask("yibiao_commands")
    return {command.name or "": command for _, command in found}
