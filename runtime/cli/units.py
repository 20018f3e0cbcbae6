"""`yibiao unit …`: the dated tree of units, for whoever runs the site."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.cli.context import opened, unit_named
from runtime.entry import audit
from runtime.errors import OperatorError
from runtime.facts import units
from runtime.facts.succession import Heirs, Moved, succeed
from runtime.language import gettext as _
from runtime.language import ngettext, say
from runtime.site import Site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FOREVER, Unit

Command = TypeVar("Command", bound=Callable[..., Any])


def _day(told: str = "From this day on; left out: today.") -> Callable[[Command], Command]:
    return click.option(
        "--on",
        "day",
        type=click.DateTime(["%Y-%m-%d"]),
        help=told,
    )


reason_option = click.option("--reason", default="", help="Kept with each subject's move.")


@click.group()
def unit() -> None:
    """Units: list, add, move, merge, split; each from a day on."""


@unit.command("list")
@click.argument("code", required=False)
@_day("As the tree hangs on this day; left out: today.")
def list_(code: str | None, day: datetime | None) -> None:
    """List the units below CODE, or all: code, level, name, and the days where they are bounded."""
    on = _on(day)
    with reading(opened().engine) as session:
        start = unit_named(session, code).id if code else None
        days = units.spans(session)
        for depth, each in _tree(session, start, on):
            first, last = days.get(each.id, (units.FIRST_DAY, FOREVER))
            bounds = [
                "" if first == units.FIRST_DAY else _("from %(day)s", day=first),
                "" if last == FOREVER else _("until %(day)s", day=last),
            ]
            told = [each.code, each.level, say(each.title), " ".join(filter(None, bounds))]
            click.echo("  " * depth + "\t".join(told).rstrip())


@unit.command()
@click.argument("code")
@click.argument("level", type=click.Choice(units.LEVELS))
@click.argument("title")
@click.option("--title-zh", default="", help="The name in Chinese.")
@click.option("--below", default="", help="The code of the unit above; left out: at the top.")
@_day("From this day on; left out: from the first day of which anything is known.")
def add(code: str, level: str, title: str, title_zh: str, below: str, day: datetime | None) -> None:
    """Add the unit CODE of LEVEL with the name TITLE."""
    titles = {"en": title, **({"zh-CN": title_zh} if title_zh else {})}
    with writing(opened().engine) as session:
        above = unit_named(session, below).id if below else None
        first = day.date() if day else units.FIRST_DAY
        made = units.add_unit(session, code, level, titles, above, first)
        _note(session, "unit.add", made.id, {"below": below, "on": str(first)})
    click.echo(_("Unit %(code)s was added.", code=code))


@unit.command()
@click.argument("code")
@click.argument("below")
@_day()
def move(code: str, below: str, day: datetime | None) -> None:
    """Hang the unit CODE, with all below it, under the unit BELOW."""
    with writing(opened().engine) as session:
        moved = unit_named(session, code)
        units.require_existing(session, moved.id, _on(day))
        units.hang(session, moved.id, unit_named(session, below).id, _on(day))
        _note(session, "unit.move", moved.id, {"below": below, "on": str(_on(day))})
    click.echo(_("Unit %(code)s hangs under %(above)s from then on.", code=code, above=below))


@unit.command()
@click.argument("codes", nargs=-1, required=True)
@click.option("--into", required=True, help="The code of the unit that gets all of it.")
@_day()
@reason_option
def merge(codes: tuple[str, ...], into: str, day: datetime | None, reason: str) -> None:
    """Let the units CODES end, and another have their subjects and the units below them.

    Figures of the days before stay under the old units. Roles of users for them must be given anew.
    """
    site = opened()
    with reading(site.engine) as session:
        heir = unit_named(session, into).id
        ending = [unit_named(session, code).id for code in codes]
    for unit_id in ending:
        _succeed(site, unit_id, Heirs(rest=heir), _on(day), reason)


@unit.command()
@click.argument("code")
@click.option(
    "--by",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with a head: subject (its id) or child (a unit's code), and unit (the code of its heir).",
)
@click.option("--rest", default="", help="Who gets what the file does not name; CODE: it stays.")
@_day()
@reason_option
def split(code: str, file: Path | None, rest: str, day: datetime | None, reason: str) -> None:
    """Divide the subjects of the unit CODE, and the units below it, among others.

    The unit ends, unless it is named as an heir itself. Figures of the days before stay under it.
    """
    site = opened()
    rows = _rows(file) if file else []
    with reading(site.engine) as session:
        ids = {c: unit_named(session, c).id for c in _codes(rows, code, rest)}
    heirs = Heirs(
        subjects={row["subject"]: ids[row["unit"]] for row in rows if row.get("subject")},
        units={ids[row["child"]]: ids[row["unit"]] for row in rows if row.get("child")},
        rest=ids[rest] if rest else None,
    )
    if not heirs.all():
        raise OperatorError(_("Name heirs by --by or --rest."))
    _succeed(site, ids[code], heirs, _on(day), reason)


def _succeed(site: Site, unit_id: int, heirs: Heirs, day: date, reason: str) -> None:
    done = succeed(site.engine, unit_id, heirs, day, reason=reason)
    details = {"into": sorted(heirs.all()), "on": str(day), "subjects": done.subjects}
    with writing(site.engine) as session:
        _note(session, "unit.succeed", unit_id, details)
        code = units.get(session, unit_id).code
    click.echo(f"{code}: {_said(done)}")


def _said(done: Moved) -> str:
    subjects = ngettext("%(n)s subject", "%(n)s subjects", done.subjects)
    below = ngettext("%(n)s unit below", "%(n)s units below", done.units)
    return _("%(subjects)s and %(units)s were moved.", subjects=subjects, units=below)


def _note(session: Session, action: str, unit_id: int, details: Mapping[str, Any]) -> None:
    audit.log(session, action, "unit", unit_id, actor=None, unit_id=unit_id, details=details)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if any(not row.get("unit") or not (row.get("subject") or row.get("child")) for row in rows):
        raise OperatorError(_("%(file)s: each line needs unit, and subject or child.", file=file))
    return rows


def _codes(rows: Iterable[Mapping[str, str]], *more: str) -> set[str]:
    named = {row["unit"] for row in rows} | {row.get("child") or "" for row in rows}
    return {code for code in named | set(more) if code}


def _tree(
    session: Session, start: int | None, day: date, depth: int = 0
) -> Iterable[tuple[int, Unit]]:
    if start is not None and depth == 0:
        yield 0, session.scalars(select(Unit).where(Unit.id == start)).one()
        depth = 1
    for each in units.children(session, start, day):
        yield depth, each
        yield from _tree(session, each.id, day, depth + 1)


def _on(day: datetime | None) -> date:
    return day.date() if day else clock.today()
