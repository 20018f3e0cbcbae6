"""`yibiao fill`: one form, filled for a unit and a period, as a file."""

from __future__ import annotations

from pathlib import Path

import click

from runtime.cli.context import opened
from runtime.cli.sheets import Asked, ending, filled_sheet, write
from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.periods import Period


@click.command()
@click.argument("form")
@click.option("--unit", required=True, help="The unit's code.")
@click.option(
    "--period", default="", help="As 2026, 2026S1, 2026Q3, 202610, 202610T1, 2026W45, 20261031."
)
@click.option("--subject", default="", help="The subject's id, for a form about one subject.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; its ending says in which format: html, pdf, xlsx, csv or json.",
)
def fill(form: str, unit: str, period: str, subject: str, out: Path) -> None:
    """Fill FORM (`<department>/<form>`) for a unit and a period, and write it to a file.

    It begins the entry as opening it on screen does; what somebody has typed into it already is kept.
    """
    site = opened()
    ending(site, out)
    sheet = filled_sheet(site, Asked(form, unit, _period(period), subject or None))
    write(site, sheet, out)
    told = _(
        "%(file)s: %(filled)s cells filled, %(empty)s to type",
        file=out,
        filled=sheet.filled,
        empty=sheet.empty,
    )
    click.echo(told)


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except ValueError as error:
        raise OperatorError(str(error)) from error
