"""`yibiao import`: a department's sheet into a register, with the dry run told first."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from runtime import clock
from runtime.cli.context import missing, opened, unit_named
from runtime.definitions.address import register_address
from runtime.errors import OperatorError
from runtime.facts.timeline import UNIT
from runtime.facts.units import FIRST_DAY
from runtime.imports import batches, columns, kept, states
from runtime.imports.apply import apply
from runtime.imports.fields import FieldsOf, fields_of
from runtime.imports.match import Match
from runtime.imports.prepare import dry_run
from runtime.imports.read import open_file
from runtime.imports.returned import reasons_of, returned_sheet
from runtime.imports.spelling import key
from runtime.language import gettext as _
from runtime.site import Site
from runtime.storage.engine import reading

SHOWN = 5
"""Rows of each kind that are told."""


@click.command("import")
@click.argument("register")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--department", default="", help="Which department sends it: its code.")
@click.option("--unit", default="", help="The code of the unit of new subjects that name none.")
@click.option("--as-of", default="", help="The day as of which the file speaks, as 2026-10-31.")
@click.option("--map", "mapped", multiple=True, metavar="HEADER=FIELD", help="FIELD may be empty.")
@click.option("--dry-run", "only_check", is_flag=True, help="Tell what it would do, and stop.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write them here.")
def import_file(
    register: str,
    file: Path,
    department: str,
    unit: str,
    as_of: str,
    mapped: Sequence[str],
    *,
    only_check: bool,
    yes: bool,
    errors: Path | None,
) -> None:
    """Import FILE (.xlsx or .csv) into REGISTER: match columns, weigh each row, then record all of it."""
    site = opened()
    fields = _fields(site, register)
    department = department or _steward(fields)
    if department not in site.library.departments():
        raise missing(_("There is no such department."), department, site.library.departments())
    import_id, matches = _begun(
        site, fields, file, department, unit, as_of, _chosen(fields, mapped)
    )
    _tell_columns(fields, matches)
    counts = dry_run(site, import_id, allowed=None, on_progress=_progress)
    _tell_rows(site, import_id, counts)
    _write_errors(site, import_id, errors)
    if only_check:
        _forget(site, import_id)
        return
    if not yes and not click.confirm(_("Record this?")):
        _forget(site, import_id)
        click.echo(_("Nothing was recorded."))
        return
    applied = apply(site, import_id, actor=None, allowed=None, on_progress=_progress)
    _tell_result(applied)


def _fields(site: Site, register: str) -> FieldsOf:
    known = [a.rpartition("/")[2].removesuffix(".json") for a in site.library.addresses("register")]
    if register_address(register) not in site.library:
        raise missing(_("There is no register “%(name)s”.", name=register), register, known)
    return fields_of(site.library, site.field_types, register)


def _steward(fields: FieldsOf) -> str:
    """Who answers for most of the register: the sender where none is named."""
    stewards = [field.steward for field in fields.fields.values()]
    return max(set(stewards), key=stewards.count)


def _chosen(fields: FieldsOf, mapped: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in mapped:
        header, sign, name = one.rpartition("=")
        if not sign or (name and name != UNIT and name not in fields.fields):
            raise missing(_("“%(one)s” is not HEADER=FIELD.", one=one), name, fields.fields)
        found[key(header)] = name
    return found


def _begun(
    site: Site,
    fields: FieldsOf,
    file: Path,
    department: str,
    unit: str,
    as_of: str,
    chosen: Mapping[str, str],
) -> tuple[str, list[Match]]:
    content = file.read_bytes()
    with reading(site.engine) as session:
        unit_id = unit_named(session, unit).id if unit else None
        known = columns.remembered(session, department, fields.register)
    opened_file = open_file(file.name, content, fields, known, chosen)
    upload = batches.Upload(
        register=fields.register,
        department=department,
        name=file.name,
        content=content,
        as_of=_day(as_of) or opened_file.as_of,
        unit_id=unit_id,
    )
    return batches.begin(site.engine, upload, opened_file.columns()), opened_file.matches


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise OperatorError(_("“%(text)s” is not a day, such as 2026-10-31.", text=text)) from error
    if day < FIRST_DAY:
        raise OperatorError(_("Nothing can be dated before %(day)s.", day=FIRST_DAY))
    if day > clock.today():
        raise OperatorError(_("A file cannot speak of a day to come."))
    return day


def _tell_columns(fields: FieldsOf, matches: Sequence[Match]) -> None:
    click.echo(_("Columns:"))
    for match in matches:
        if match.field:
            click.echo(f"  {match.header} → {fields.title_of(match.field)}")
        elif match.header:
            hint = _(" (perhaps %(field)s)", field=match.offered) if match.offered else ""
            click.echo("  " + _("%(header)s is left out", header=match.header) + hint)


def _tell_rows(site: Site, import_id: str, counts: Mapping[str, int]) -> None:
    with reading(site.engine) as session:
        as_of = batches.load(session, import_id).as_of
    click.echo(_("The file speaks as of %(day)s.", day=as_of))
    click.echo(
        _(
            "%(rows)s rows: %(add)s new, %(change)s changed, %(confirm)s confirmed,"
            " %(conflict)s in conflict, %(error)s wrong",
            rows=counts["rows"],
            add=counts["add"],
            change=counts["change"],
            confirm=counts["confirm"],
            conflict=counts["conflict"],
            error=counts["error"],
        )
    )
    with reading(site.engine) as session:
        headers = [str(c["header"]) for c in batches.load(session, import_id).columns]
        for kind in ("conflict", "error"):
            for row in kept.rows_of(session, import_id, kind, most=SHOWN):
                reasons = "; ".join(reasons_of(row, headers))
                click.echo("  " + _("Row %(n)s: %(why)s", n=row.n, why=reasons))


def _write_errors(site: Site, import_id: str, file: Path | None) -> None:
    if file is None:
        return
    returned = returned_sheet(site, import_id)
    if returned is not None:
        file.write_bytes(returned.content)
        click.echo(_("The sheet with its wrong cells marked: %(file)s", file=file))


def _forget(site: Site, import_id: str) -> None:
    kept.drop_rows(site.engine, import_id)
    kept.drop_file(site.engine, import_id)
    states.to_state(site.engine, import_id, "cancelled", *states.OPEN)


def _tell_result(counts: Mapping[str, int]) -> None:
    click.echo(_("Recorded: %(facts)s facts.", facts=counts["facts"]))
    if counts.get("meanwhile"):
        told = _(
            "Of %(n)s rows not everything was taken: they were changed meanwhile, or belong"
            " elsewhere by now.",
            n=counts["meanwhile"],
        )
        click.echo(told)


def _progress(done: int, rows: int) -> None:
    if sys.stderr.isatty() and done < rows:
        click.echo(f"\r{done:,} / {rows:,}", nl=False, err=True)
