"""What is uploaded for an import: for which register and department, of which day. Not for what becomes of it."""

from __future__ import annotations

from datetime import date

from flask import request
from sqlalchemy import select

from runtime import clock
from runtime.accounts import access
from runtime.definitions.address import register_address
from runtime.errors import EntryError, NotAllowed, NotFound
from runtime.facts import units
from runtime.imports import batches, columns
from runtime.imports.fields import FieldsOf, fields_of
from runtime.imports.read import open_file
from runtime.imports.work import ACTION
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.tables import Unit
from runtime.web.asking import db, let_go, site, user
from runtime.web.posting import LARGEST_SHEET


def taken() -> str:
    """Read and keep what was uploaded; the import's id. Raises `EntryError`."""
    register, department = request.form.get("register", ""), request.form.get("department", "")
    if register_address(register) not in site().library:
        raise EntryError(_("Choose the register that the file is for."))
    if department not in dict(departments()):
        raise NotAllowed(_("You have no right to do this here."), "register.import")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise EntryError(_("Choose a file."))
    content = file.stream.read(LARGEST_SHEET + 1)
    unit_id = _unit(request.form.get("unit", ""), department)
    known = columns.remembered(db(), department, register)
    let_go()
    opened = open_file(file.filename, content, fields_for(register), known)
    made = batches.Upload(
        register=register,
        department=department,
        name=file.filename,
        content=content,
        as_of=_day(request.form.get("as_of", "")) or opened.as_of,
        unit_id=unit_id,
        actor=user().id,
    )
    return batches.begin(site().engine, made, opened.columns())


def _unit(code: str, department: str) -> int | None:
    if not code.strip():
        return None
    try:
        unit = units.by_code(db(), code.strip())
    except NotFound as error:
        raise EntryError(str(error)) from error
    access.require(db(), user(), ACTION, unit.id, department)
    return unit.id


def units_to_choose() -> list[tuple[str, str]]:
    """The units in which whoever is signed in may import, by code: code and name with it."""
    allowed = access.units_where(db(), user(), ACTION)
    query = select(Unit.id, Unit.code, Unit.title).order_by(Unit.code)
    return [(u.code, f"{say(u.title)} ({u.code})") for u in db().execute(query) if u.id in allowed]


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise EntryError(_("“%(text)s” is not a day, such as 2026-10-31.", text=text)) from error
    if day < units.FIRST_DAY:
        raise EntryError(_("Nothing can be dated before %(day)s.", day=units.FIRST_DAY))
    if day > clock.today():
        raise EntryError(_("A file cannot speak of a day to come."))
    return day


def registers() -> list[str]:
    """The names of all registers."""
    return site().library.registers()


def departments() -> list[tuple[str, str]]:
    """The departments for which whoever is signed in may import: code and title."""
    allowed = access.departments(db(), user(), ACTION)
    known = site().library.departments()
    return sorted((d, say(t) or d) for d, t in known.items() if allowed is None or d in allowed)


def department(code: str) -> str:
    """The department's title."""
    return say(site().library.departments().get(code, {})) or code


def fields_for(register: str) -> FieldsOf:
    """The fields of the register, as an import reads them."""
    return fields_of(site().library, site().field_types, register)
