"""Conditions and rules of indicators in sentences, in the language in force. Not for composing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from builder.rules.fields import Field, fields_of_register
from builder.rules.figures import figures_in, figures_said
from builder.rules.joined import both, either, names
from builder.rules.reading import read
from builder.rules.rows import Group, Path, Row, Where
from runtime.api import Library, NotFound, dumps, register_of, say, texts_of
from runtime.api import gettext as _

_Known = Mapping[Path, Field]


def condition(where: Where, fields: Iterable[Field]) -> str:
    """What a `where` says: “age is at least 60 and lives alone is yes”; empty where everybody matches."""
    group = read(where)
    if group is None:
        return _("a condition that is written as JSON holds")
    return _group(group, {one.path: one for one in fields})


def rule(schema: Mapping[str, Any], library: Library, home: str = "") -> str:
    """How an indicator's figure or the rows of a list are found: “count residents where …, by sex”; empty for typed.

    `home` is the address of what the references in it are relative to.
    """
    fill = schema.get("fill")
    if not isinstance(fill, Mapping):
        return ""
    register = register_of(fill)
    return (
        _of_subjects(schema, fill, register, library)
        if register
        else _otherwise(fill, library, home)
    )


def title(field: Field | None, path: Path) -> str:
    """What a field is called in the midst of a sentence."""
    text = say(field.title) if field else "/".join(path)
    is_name = text[1:2].isupper() or not text[1:2].isalpha()
    return text if is_name else text[:1].lower() + text[1:]


def value(one: Any, field: Field | None) -> str:
    """A value as people say it: a code by its title, a number with its unit."""
    for code, texts in field.codes if field else ():
        if code == one and isinstance(code, bool) == isinstance(one, bool):
            return say(texts)
    if isinstance(one, bool):
        return _("yes") if one else _("no")
    text = one if isinstance(one, str) else dumps(one)
    unit = say(field.unit) if field and field.unit else ""
    return _("%(number)s %(unit)s", number=text, unit=unit) if unit else text


def _of_subjects(
    schema: Mapping[str, Any], fill: Mapping[str, Any], register: str, library: Library
) -> str:
    try:
        fields = {one.path: one for one in fields_of_register(library, register)}
        who = _lower(say(texts_of(library.register(register))) or register)
    except NotFound:
        fields, who = {}, register
    what = _head(fill, who, fields)
    if isinstance(fill.get("on"), str):
        what = _(
            "%(what)s whose %(date)s lies in the period", what=what, date=_named(fill["on"], fields)
        )
    said = condition(fill["where"], fields.values()) if "where" in fill else ""
    if said:
        what = _("%(what)s where %(condition)s", what=what, condition=said)
    by = schema.get("by")
    breakdowns = [
        _named(b.get("field") if isinstance(b, Mapping) else b, fields)
        for b in (by if isinstance(by, list) else ())
    ]
    if not breakdowns:
        return what
    return _("%(what)s, by %(fields)s", what=what, fields=names(breakdowns))


def _head(fill: Mapping[str, Any], who: str, fields: _Known) -> str:
    field = _named(fill.get("field"), fields)
    if "sum" in fill:
        return _("add up %(field)s of %(who)s", field=field, who=who)
    if "average" in fill:
        return _("average %(field)s of %(who)s", field=field, who=who)
    if "min" in fill:
        return _("find the least %(field)s of %(who)s", field=field, who=who)
    if "max" in fill:
        return _("find the greatest %(field)s of %(who)s", field=field, who=who)
    if "distinct" in fill:
        return _("count the different values of %(field)s of %(who)s", field=field, who=who)
    if "list" in fill:
        return _("list %(who)s", who=who)
    return _("count %(who)s", who=who)


def _otherwise(fill: Mapping[str, Any], library: Library, home: str) -> str:
    figures = figures_in(fill, home)
    if figures is not None:
        return figures_said(figures, library)
    if "carry" in fill:
        return _("carried over from the period before")
    if "unit" in fill:
        return _("taken from what is known of the unit")
    if "below" in fill:
        return _("taken from the reports of the units below")
    if "source" in fill:
        return _("asked of the source %(name)s", name=fill["source"])
    return _("filled by a rule that is written as JSON")


def _group(group: Group, fields: _Known) -> str:
    said = [_part(part, fields) for part in group.parts]
    if group.mode == "none":
        return _("it does not hold that %(conditions)s", conditions=either(said))
    return either(said) if group.mode == "any" else both(said)


def _part(part: Row | Group, fields: _Known) -> str:
    if isinstance(part, Row):
        return _row(part, fields.get(part.path))
    inner = _group(part, fields)
    return _("(%(conditions)s)", conditions=inner) if len(part.parts) > 1 else inner


def _row(row: Row, field: Field | None) -> str:
    name = title(field, row.path)
    values = [value(one, field) for one in row.values]
    said = _compared(row.test, name, values, row.values)
    return _("%(test)s (or not known)", test=said) if row.loose else said


def _compared(test: str, name: str, values: list[str], raw: tuple[Any, ...]) -> str:
    match test:
        case "known":
            return _("%(field)s is known", field=name)
        case "unknown":
            return _("%(field)s is not known", field=name)
        case "is":
            return _("%(field)s is %(value)s", field=name, value=values[0])
        case "one-of":
            return _("%(field)s is %(value)s", field=name, value=either(values))
        case "is-not" | "none-of":
            return _("%(field)s is not %(value)s", field=name, value=either(values))
        case "at-least":
            return _("%(field)s is at least %(value)s", field=name, value=values[0])
        case "at-most":
            return _("%(field)s is at most %(value)s", field=name, value=values[0])
        case "between":
            least = value(raw[0], None)
            return _(
                "%(field)s is from %(least)s to %(most)s", field=name, least=least, most=values[1]
            )
        case "more":
            return _("%(field)s is more than %(value)s", field=name, value=values[0])
        case "less":
            return _("%(field)s is less than %(value)s", field=name, value=values[0])
        case "longer":
            return _("%(field)s has at least %(n)s characters", field=name, n=raw[0])
        case _:
            return _("%(field)s has at most %(n)s characters", field=name, n=raw[0])


def _named(name: Any, fields: _Known) -> str:
    path = (str(name),)
    return title(fields.get(path), path)


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
