"""`yibiao retention`: erase what is past its time, or say what would be."""

from __future__ import annotations

from datetime import datetime

import click

from runtime import clock
from runtime.cli.context import opened
from runtime.entry.retention import Erased, planned, retain
from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.language import ngettext


@click.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="As of this day; left out: today.")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
def retention(day: datetime | None, dry_run: bool) -> None:
    """Erase the facts of those who have left, once the retention time of each field is over.

    The same is done once a day by itself.
    """
    site, today = opened(), clock.today()
    on = day.date() if day else today
    if on > today and not dry_run:
        raise OperatorError(_("What is not past its time yet cannot be erased."))
    found = (planned if dry_run else retain)(site.engine, site.library, on)
    for one in found:
        click.echo("\t".join([one.register, one.subject_id, _what(one)]))
    click.echo(_said(len(found), dry_run=dry_run))


def _what(one: Erased) -> str:
    return ", ".join(one.fields) or _("all of it")


def _said(count: int, *, dry_run: bool) -> str:
    if dry_run:
        return ngettext("%(n)s subject would be erased.", "%(n)s subjects would be erased.", count)
    return ngettext("%(n)s subject was erased.", "%(n)s subjects were erased.", count)
