"""The `yibiao` command's first step: everything else is read within it, so that Ctrl-C is heard from the start."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its status; what went wrong is one clear line on standard error."""
    try:
        from runtime.cli.command import run

        status = run(arguments)
    except KeyboardInterrupt:
        status = _stopped()
    sys.exit(status)


def _stopped() -> int:
    """Tell it in the language in force, if reading has come that far."""
    command = sys.modules.get("runtime.cli.command")
    if stopped := getattr(command, "stopped", None):
        return int(stopped())
    sys.stderr.write("yibiao: Stopped.\n")
    return 130
