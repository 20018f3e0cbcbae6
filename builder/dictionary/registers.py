"""A register's own words chosen on a page: by what its subjects are recognised and called, and where they are.

Another identity is harmless where everybody who is in the register is still recognised, each by itself; else it is
told whom it would hurt, and refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.dictionary.compatible import Finding, word_findings
from builder.rules import Field, fields_of_register
from runtime.api import Library, NotFound, Session, dumps, ngettext, recognised
from runtime.api import gettext as _

MOST_WAYS, MOST_FIELDS = 4, 3
"""Ways to recognise somebody, and fields of one way, that a page offers beside those that are there."""
LISTS = ("label", "place")


@dataclass(frozen=True, slots=True)
class Words:
    """What a page shows: ways to recognise, names of fields; empty texts where another may be chosen."""

    identity: tuple[tuple[str, ...], ...]
    label: tuple[str, ...]
    place: tuple[str, ...]
    fields: tuple[Field, ...]
    """Those that are kept; what follows from others recognises nobody."""


def opened(library: Library, register: str, schema: Mapping[str, Any]) -> Words:
    """The words as the definition has them, with room for more."""
    identity = [[str(name) for name in one] for one in schema.get("identity", ())]
    label, place = ([str(name) for name in schema.get(key, ())] for key in LISTS)
    return _shown(library, register, identity, label, place)


def posted(
    library: Library, register: str, form: MultiDict[str, str], schema: dict[str, Any]
) -> tuple[Words, dict[str, str], dict[str, Any]]:
    """What was chosen, what is wrong by the name of its control, and the definition with it."""
    if "label" not in form:
        return opened(library, register, schema), {}, schema
    ways = range(max(MOST_WAYS, len(schema.get("identity", ())) + 1))
    identity = [_named(form, f"identity.{n}") for n in ways]
    label, place = (_named(form, key) for key in LISTS)
    words = _shown(library, register, [one for one in identity if one], label, place)
    wrong = _problems(words, {"identity": identity, "label": [label], "place": [place]})
    if wrong:
        return words, wrong, schema
    found = dict(schema)
    chosen = {"identity": [one for one in identity if one], "label": label, "place": place}
    for key, value in chosen.items():
        if value and value != found.get(key):
            found[key] = value
        elif not value:
            found.pop(key, None)
    return words, {}, _in_order(found, schema)


def of_register(
    session: Session, register: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Finding]:
    """All that differs, told apart by rule. Goes through the register where its identity differs."""
    found = word_findings(before, after, frozenset({"identity", *LISTS}))
    return [
        _of_identity(session, register, before, after) if one.keyword == "identity" else one
        for one in found
    ]


def _of_identity(
    session: Session, register: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Finding:
    told = recognised(session, register, before, after)
    if told.is_harmless:
        why = ngettext(
            "%(n)s subject is recognised as before",
            "all %(n)s subjects are recognised as before, each by itself",
            told.subjects,
        )
        return Finding("identity", True, why)
    if told.lost:
        why = ngettext(
            "%(n)s subject would be recognised by nothing any more, and be recorded twice",
            "%(n)s subjects would be recognised by nothing any more, and be recorded twice",
            told.lost,
        )
    elif told.shared:
        why = ngettext(
            "%(n)s subject would be taken for another",
            "%(n)s subjects would be taken for one another",
            told.shared,
        )
    else:
        why = _("those who are in the register were written down to be found otherwise")
    return Finding("identity", False, why)


def _shown(
    library: Library, register: str, identity: list[list[str]], label: list[str], place: list[str]
) -> Words:
    ways = [*identity, []] if len(identity) < MOST_WAYS else identity
    return Words(
        tuple(_with_room(one) for one in ways), _with_room(label), _with_room(place), kept_fields(library, register)
    )  # fmt: skip


def _with_room(names: list[str]) -> tuple[str, ...]:
    return (
        *names,
        *[""] * max(1 if len(names) < MOST_FIELDS else 0, min(2, MOST_FIELDS) - len(names)),
    )


def _named(form: MultiDict[str, str], key: str) -> list[str]:
    return list(dict.fromkeys(one for one in form.getlist(key) if one))


def _problems(words: Words, chosen: Mapping[str, list[list[str]]]) -> dict[str, str]:
    known = {one.path[0] for one in words.fields}
    found = {}
    for key, lists in chosen.items():
        unknown = [name for one in lists for name in one if name not in known]
        if unknown:
            found[key] = _("Choose one of the list.")
    if "identity" not in found and not any(chosen["identity"]):
        found["identity"] = _("Choose at least one way by which a subject is recognised.")
    if "label" not in found and not any(chosen["label"]):
        found["label"] = _("Choose what people call a subject by.")
    ways = [dumps(sorted(one)) for one in chosen["identity"] if one]
    if "identity" not in found and len(set(ways)) < len(ways):
        found["identity"] = _("Two ways to recognise a subject are the same; take one out.")
    return found


def kept_fields(library: Library, register: str) -> tuple[Field, ...]:
    """The fields of a register that are kept of each subject, the derived ones left out."""
    try:
        derived = library.register(register).get("derive", {})
        fields = fields_of_register(library, register)
    except NotFound:
        return ()
    return tuple(f for f in fields if len(f.path) == 1 and f.path[0] not in derived)


def _in_order(found: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """New words stand before the fields, where readers look for them; nothing else moves."""
    if list(found) == list(before):
        return found
    first = {k: v for k, v in found.items() if k not in ("properties", "derive", "translations")}
    return {**first, **{k: v for k, v in found.items() if k not in first}}
