"""The rows of one sheet: what the register knows, what the department knows better, slips, repetitions, newcomers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from stdnum.cn import ric

from runtime.demo.numbers import REGION
from runtime.demo.sheets.kinds import Kind
from runtime.demo.sheets.spell import spelled
from runtime.imports.fields import FieldsOf

CHANGED, SLIPS, TWICE, NEW = 0.08, 0.02, 0.02, 0.03
"""Shares of the rows."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row to be: its values as spelled, and the community's name."""

    values: list[Any]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A subject of the city: its document and the name of its community."""

    document: Mapping[str, Any]
    unit: str


def lines_of(rng: Random, kind: Kind, fields: FieldsOf, sources: Sequence[Source]) -> list[Line]:
    """The rows of the sheet, in the order of their communities."""
    found: list[Line] = []
    for n, source in enumerate(sources):
        document = _told(rng, kind, fields, source.document, n)
        made = Line(_spelled(rng, kind, fields, document), source.unit)
        if rng.random() < SLIPS or n == 3:
            _slip(rng, kind, fields, made.values)
        found.append(made)
        if rng.random() < TWICE:
            found.append(Line(list(made.values), made.unit))
    if kind.register == "resident" and sources:
        fresh = range(max(1, round(len(sources) * NEW)))
        found += [_newcomer(rng, kind, fields, sources, n) for n in fresh]
    return sorted(found, key=lambda line: line.unit)


def _told(
    rng: Random, kind: Kind, fields: FieldsOf, document: Mapping[str, Any], n: int
) -> dict[str, Any]:
    """What the department says: mostly what is known, here and there something newer."""
    told = dict(document)
    if kind.register == "equipment":
        told = {
            "user_name": document.get("name"),
            "user_uscc": document.get("uscc"),
            "address": document.get("address"),
        }
    told |= {name: make(n) for name, make in (kind.made_up or {}).items()}
    for name in kind.changing:
        if name in told and rng.random() < CHANGED:
            told[name] = _other(rng, fields, name, told[name])
    return told


def _other(rng: Random, fields: FieldsOf, name: str, value: Any) -> Any:
    """Another value that the field may have."""
    field = fields.fields[name]
    if isinstance(value, bool):
        return not value
    if field.spellings:
        return rng.choice([c["const"] for c in field.schema["oneOf"] if c["const"] != value])
    if field.type.name == "date":
        return (date.fromisoformat(value) + timedelta(days=365)).isoformat()
    if field.type.name == "phone":
        return f"1710000{rng.randrange(10_000):04}"
    return value + rng.randint(1, 20) * (10 if name in ("amount", "monthly_rent") else 1)


def _spelled(rng: Random, kind: Kind, fields: FieldsOf, document: Mapping[str, Any]) -> list[Any]:
    return [
        spelled(rng, fields.fields[c.field], document.get(c.field), c.spelling) if c.field else ""
        for c in kind.columns
    ]


def _slip(rng: Random, kind: Kind, fields: FieldsOf, values: list[Any]) -> None:
    """Something that no field can have: a number short of a digit, 31 June, a word where a code should be."""
    wrong = list(_slips(kind, fields))
    column, make = rng.choice(wrong)
    values[column] = make(str(values[column]))


def _slips(kind: Kind, fields: FieldsOf) -> Iterator[tuple[int, Any]]:
    for n, column in enumerate(kind.columns):
        if not column.field:
            continue
        field = fields.fields[column.field]
        if field.type.name == "identifier":
            yield n, lambda text: text[:-2]
        elif field.type.name == "date":
            yield n, lambda _text: "2026.6.31"
        elif field.spellings:
            yield n, lambda _text: "待核实"


def _newcomer(rng: Random, kind: Kind, fields: FieldsOf, sources: Sequence[Source], n: int) -> Line:
    """Somebody of whom the city does not know: invented, with a number that nobody has."""
    like = rng.choice(sources)
    sex = rng.choice("12")
    born = date.fromisoformat(str(like.document.get("birth_date", "1980-01-01")))
    order = 901 + 2 * (len(kind.name) * 3 + n) % 96 + (0 if sex == "1" else 1)
    body = f"{REGION}{born:%Y%m%d}{order:03}"
    document = {
        **like.document,
        "name": rng.choice("冯陈褚卫蒋沈韩杨") + rng.choice(("新民", "小晨", "国安", "念慈")),
        "identity_number": body + ric.calc_check_digit(body + "0"),
        "sex": sex,
    }
    if "disability_certificate" in document:
        document["disability_certificate"] = (
            document["identity_number"] + str(like.document["disability_certificate"])[18:]
        )
    told = _told(rng, kind, fields, document, 5_000 + n)
    return Line(_spelled(rng, kind, fields, told), like.unit)
