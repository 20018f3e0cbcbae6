"""Checks of references: that they lead somewhere, and what may stand beside one. Not of what they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from runtime.definitions.address import SCHEMAS, resolve
from runtime.definitions.codes import problem
from runtime.definitions.expand import members_of
from runtime.definitions.view import INNERMOST, Target, View, as_map, brief, nearest, strings
from runtime.errors import Problem
from runtime.language import gettext as _

BESIDE = frozenset(
    {"$ref", "$comment", "title", "description", "help", "width", "readOnly", "translations", "whenHidden"}
)  # fmt: skip
"""What a form may say of a cell without changing what the dictionary says of it."""

_LOWER = ("minimum", "exclusiveMinimum")
_UPPER = ("maximum", "exclusiveMaximum")
LIMITS = frozenset({*_LOWER, *_UPPER, "minLength", "maxLength", "enum", "multipleOf"})


def references(view: View) -> Iterator[Problem]:
    """References that lead nowhere or in a circle, and in forms what may not stand beside one."""
    for place, schema in view.schemas:
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            continue
        target = view.target(reference)
        if target is None:
            if view.written(place, "$ref"):
                yield _broken(view, place + "/$ref", reference)
        elif len(view.chain(schema)) >= INNERMOST:
            text = _("The reference leads in a circle and never to a field; correct it.")
            yield problem("ref-cycle", text, view.address, place + "/$ref")
        elif view.kind == "form" and target.kind in ("register", "indicators"):
            yield from _beside(view, place, schema, target)


def _broken(view: View, place: str, reference: str) -> Problem:
    address, fragment = resolve(view.address, reference)
    if address in view.library or address.startswith(SCHEMAS):
        text = _("%(address)s has no part %(part)s.", address=brief(address), part=fragment)
        text += nearest(fragment, _parts(view, address))
        return problem("ref-pointer", text, view.address, place)
    text = _("There is no definition at %(address)s.", address=brief(address))
    text += nearest(brief(address), [brief(known) for known in view.library.addresses()])
    return problem("ref-unknown", text, view.address, place)


def _parts(view: View, address: str) -> list[str]:
    document = view.library.document(address) if address in view.library else {}
    groups = ("properties", "derive", "$defs")
    return [f"/{group}/{name}" for group in groups for name in as_map(document.get(group))]


def _beside(view: View, place: str, schema: dict[str, Any], target: Target) -> Iterator[Problem]:
    chain = [part for part, _t in view.chain(target.schema, target.address)]
    for key, value in schema.items():
        if key in BESIDE or not view.written(place, key):
            continue
        here = f"{place}/{key}"
        if key == "fill" and target.kind == "indicators" and not any("fill" in c for c in chain):
            continue  # a figure that no register knows may be filled by the form
        if key not in LIMITS:
            text = _(
                "`%(key)s` may not stand beside a reference to %(target)s: its type and meaning are its own. "
                "Take it out, or ask the steward to change the definition.",
                key=key,
                target=brief(target.address),
            )
            yield problem("ref-beside", text, view.address, here)
        else:
            why = looser(key, value, chain)
            if why:
                yield problem("ref-looser", why, view.address, here)


def looser(key: str, value: Any, chain: list[dict[str, Any]]) -> str:
    """Why the limit `key: value` is not provably tighter than those of `chain`; empty when it is.

    `chain` is the referred schema, what that refers to, and so on. All of them bind at once, so the tightest
    limit in it is the field's own.
    """
    flat: dict[str, Any] = {}
    for part in reversed(chain):
        flat.update(part)
    kind = flat.get("type")
    if key == "enum":
        return _looser_codes(value, chain, kind)
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        return ""  # the meta-schema says so
    fitting = ("string",) if key in ("minLength", "maxLength") else ("integer", "number")
    if kind not in fitting:
        return _(
            "`%(key)s` limits nothing here, because the field is not of that type; take it out.",
            key=key,
        )
    if key == "multipleOf":
        return _looser_step(value, chain)
    return _looser_bound(key, value, chain)


def _looser_bound(key: str, value: Any, chain: list[dict[str, Any]]) -> str:
    lower = key in _LOWER or key == "minLength"
    family = _LOWER if key in _LOWER else _UPPER if key in _UPPER else (key,)
    for part in chain:
        for other in family:
            own = part.get(other)
            if not isinstance(own, (int, float, Decimal)) or isinstance(own, bool):
                continue
            closer = value < own if lower else value > own
            excluded = (
                value == own and other.startswith("exclusive") and not key.startswith("exclusive")
            )
            if closer or excluded:
                return _(
                    "`%(key)s` %(value)s is looser than the field's own limit %(own)s; a form may only be stricter.",
                    key=key,
                    value=value,
                    own=own,
                )
    return ""


def _looser_step(value: Any, chain: list[dict[str, Any]]) -> str:
    for part in chain:
        own = part.get("multipleOf")
        if not isinstance(own, (int, float, Decimal)) or isinstance(own, bool) or own == 0:
            continue
        if Decimal(str(value)) % Decimal(str(own)):
            return _(
                "`multipleOf` %(value)s is not a multiple of the field's own %(own)s.",
                value=value,
                own=own,
            )
    return ""


def _looser_codes(value: Any, chain: list[dict[str, Any]], kind: Any) -> str:
    if not isinstance(value, list):
        return ""
    if kind == "string" and len(strings(value)) < len(value):
        return _("`enum` names something that is not a text, which the field never is.")
    for part in chain:
        codes = [member["const"] for member in members_of(part)]
        foreign = [code for code in strings(value) if codes and code not in codes]
        if foreign:
            return _(
                "`enum` names %(code)s, which is not in the field's code list.",
                code=f"“{foreign[0]}”",
            ) + nearest(foreign[0], codes)
    return ""
