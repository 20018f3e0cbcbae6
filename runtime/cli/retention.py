"""`yibiao retention`: erase what is past its time, or say what would be; and whoever asks for it."""

from __future__ import annotations

from datetime import datetime

import click

from runtime import clock
from runtime.cli.context import opened
from runtime.entry.retention import Erased, erase_on_request, planned, retain
from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.language import ngettext


@click.group(invoke_without_command=True)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="As of this day; left out: today.")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@click.pass_context
def retention(context: click.Context, day: datetime | None, dry_run: bool) -> None:
    """Erase the facts of those who have left, once the retention time of each field is over.

    The same is done once a day by itself.
    """
    if context.invoked_subcommand:
        return
    site, today = opened(), clock.today()
    on = day.date() if day else today
    if on > today and not dry_run:
        raise OperatorError(_("What is not past its time yet cannot be erased."))
    found = (planned if dry_run else retain)(site.engine, site.library, on)
    for one in found:
        click.echo("\t".join([one.register, one.subject_id, _what(one)]))
    click.echo(_said(len(found), dry_run=dry_run))


@retention.command()
@click.argument("register")
@click.argument("subject")
@click.option("--reason", required=True, help="Why, kept in the ledger; it must name no person.")
@click.option("--field", "fields", multiple=True, help="Only this field; may be given again.")
def erase(register: str, subject: str, reason: str, fields: tuple[str, ...]) -> None:
    """Erase what is known of SUBJECT (its id) in REGISTER, and what entries and snapshots say of it."""
    site = opened()
    erase_on_request(site.engine, site.register(register), subject, reason, fields)
    one = Erased(register, subject, tuple(sorted(fields)))
    click.echo("\t".join([one.register, one.subject_id, _what(one)]))
    click.echo(_said(1, dry_run=False))


def _what(one: Erased) -> str:
    return ", ".join(one.fields) or _("all of it")


def _said(count: int, *, dry_run: bool) -> str:
    if dry_run:
        return ngettext("%(n)s subject would be erased.", "%(n)s subjects would be erased.", count)
    return ngettext("%(n)s subject was erased.", "%(n)s subjects were erased.", count)
