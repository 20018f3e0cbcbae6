"""`yibiao worker`: work in the background, in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import threading

import click

from runtime.cli.context import opened
from runtime.cli.site import settle
from runtime.language import gettext as _


@click.command()
@click.option(
    "--minded", is_flag=True, hidden=True, help="By serve: leave when standard input ends."
)
def worker(minded: bool) -> None:
    """Do what pages and commands leave to the background, until Ctrl-C or SIGTERM.

    `yibiao serve` minds one already. Run more beside it, or on other machines where YIBIAO_BROKER_URL names
    a broker that all of them reach.
    """
    site = opened()
    from runtime.jobs.service import work  # late: Celery takes long to read

    settle()
    if minded:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    else:
        click.echo(_("Working in the background (Ctrl-C stops it)"))
    work(site)
    if not minded:
        click.echo(_("Stopped."))


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
