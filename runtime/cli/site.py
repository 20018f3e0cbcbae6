"""`yibiao init` and `yibiao serve`: the site itself."""

from __future__ import annotations

import gc
import logging
import signal
import socket
from contextlib import nullcontext
from typing import Any, NoReturn

import click

from runtime.cli.context import opened, this_site
from runtime.cli.minding import minded_worker
from runtime.cli.tallies import told
from runtime.definitions.address import short_name
from runtime.errors import OperatorError
from runtime.facts.tallies.upkeep import catch_up
from runtime.facts.words_anew import renew
from runtime.language import gettext as _
from runtime.site import initialise

THREADS = 8


@click.command()
def init() -> None:
    """Make the database ready: create or upgrade it, and publish the forms that are installed.

    Safe to repeat; do it after every upgrade, and after a department came or went.
    """
    done = initialise(this_site())
    for address in done.published:
        click.echo(_("Published: %(form)s", form=short_name(address)))
    for address in done.retired:
        click.echo(
            _("No longer installed, kept for old entries: %(form)s", form=short_name(address))
        )
    for address in done.kept:
        click.echo(
            _(
                "Not published, since this site has its own version: %(form)s",
                form=short_name(address),
            )
        )
    catch_up(this_site().engine, told)
    renew(this_site().engine, this_site().library, told)
    click.echo(_("The database is ready."))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--worker/--no-worker", "with_worker", default=True, help="Work in the background too."
)
def serve(host: str, port: int, with_worker: bool) -> None:
    """Serve the site, with one worker, until Ctrl-C or SIGTERM. Put a server that speaks HTTPS in front of it."""
    site = opened()
    with _listening(host, port) as listener, minded_worker() if with_worker else nullcontext():
        from waitress.server import create_server

        from runtime.app import create_app

        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        app = create_app(site=site)
        settle()
        server = create_server(
            app,
            sockets=[listener],
            threads=THREADS,
            ident="",
            clear_untrusted_proxy_headers=True,
        )
        place = f"[{host}]" if ":" in host else host
        place = f"{place}:{listener.getsockname()[1]}"
        before = signal.signal(signal.SIGTERM, _leave)
        click.echo(_("Yibiao: http://%(place)s (Ctrl-C stops it)", place=place))
        try:
            server.run()  # it ends well on SystemExit and KeyboardInterrupt
        finally:
            server.close()
            signal.signal(signal.SIGTERM, before)
    click.echo(_("Stopped."))


def settle() -> None:
    """Let the collector pass over what stays as long as the process: looking through it takes a tenth of a second."""
    gc.collect()
    gc.freeze()


def _leave(*_received: Any) -> NoReturn:
    raise KeyboardInterrupt


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound before anything else is read, so that a port in use is told at once."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        text = _(
            "Cannot listen on %(host)s:%(port)s: %(why)s. Name another by --port.",
            host=host,
            port=port,
            why=error.strerror or error,
        )
        raise OperatorError(text) from error
    return listener
