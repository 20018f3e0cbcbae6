"""`yibiao fill` and `begin`: a form filled for a unit and a period as a file, or begun for all units that owe it."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.cli.context import opened, unit_named
from runtime.cli.sheets import Asked, ending, filled_sheet, require_form, write
from runtime.definitions.address import form_address
from runtime.entry import many, versions
from runtime.errors import OperatorError
from runtime.facts import units
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.periods import Period
from runtime.storage.engine import reading
from runtime.storage.tables import Unit


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


@click.command()
@click.argument("form")
@click.option("--unit", required=True, help="The code of a unit, such as the city's.")
@click.option("--period", required=True, help="As for `fill`.")
def begin(form: str, unit: str, period: str) -> None:
    """Begin FORM for a period, filled, for each unit of its levels at or below a unit.

    What somebody has begun stays as it is; asked again, it goes on where it was stopped.
    """
    site = opened()
    asked = Asked(form, unit, _period(period))
    with reading(site.engine) as session:
        require_form(session, asked)
        wanted = _owing(session, asked)
    begun = many.start_all(site.engine, form_address(form), wanted, asked.period)
    click.echo(ngettext("%(n)s report is begun.", "%(n)s reports are begun.", len(begun)))


def _owing(session: Session, asked: Asked) -> list[int]:
    plan = versions.plan_of(versions.require_latest(session, form_address(asked.form)))
    day = asked.period.last if asked.period else clock.today()
    below = units.below_query(unit_named(session, asked.unit).id, day)
    there = select(Unit.id).where(Unit.id.in_(below), Unit.level.in_(plan.form.levels))
    return list(session.scalars(there.order_by(Unit.id)))


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except ValueError as error:
        raise OperatorError(str(error)) from error
