"""A derived field's rule chosen on a page and said as a sentence: whole years, months or days, or two fields compared.

These are all kinds that there are (`rule` of the dialect). Which fields fit is judged here, the rest by the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.dictionary.registers import kept_fields
from builder.rules import Field
from builder.rules.sentences import title
from runtime.api import Library
from runtime.api import gettext as _

WAYS = ("years", "months", "days", "compare")
ENDS = ("since", "until")
SIGNS = ("<", "<=", "=", "!=", ">=", ">")
_ALIKE = ("number", "date", "codes", "boolean", "text")


@dataclass(frozen=True, slots=True)
class Derived:
    """A rule on a page: `way` years, months, days or compare; empty where nothing is chosen yet."""

    way: str = ""
    end: str = "since"
    field: str = ""
    left: str = ""
    sign: str = ">"
    right: str = ""
    fields: tuple[Field, ...] = ()
    """Those of the register that are kept, the derived ones left out: a rule reads no other."""

    @property
    def dates(self) -> tuple[Field, ...]:
        """The fields that time may be counted from or to."""
        return tuple(one for one in self.fields if one.kind == "date")

    @property
    def sentence(self) -> str:
        """The rule in words; empty while it is not complete."""
        return said(self)


def opened(library: Library, register: str, schema: Mapping[str, Any]) -> Derived:
    """The rule as the definition has it."""
    fields = kept_fields(library, register)
    rule = schema.get("rule")
    if not isinstance(rule, Mapping):
        return Derived(fields=fields)
    compare = rule.get("compare")
    if isinstance(compare, list) and len(compare) == 3:
        left, sign, right = map(str, compare)
        return Derived("compare", left=left, sign=sign, right=right, fields=fields)
    end = next((one for one in ENDS if one in rule), "since")
    return Derived(str(rule.get("whole", "")), end, str(rule.get(end, "")), fields=fields)


def posted(
    library: Library, register: str, form: MultiDict[str, str], schema: dict[str, Any]
) -> tuple[Derived, dict[str, str], dict[str, Any]]:
    """What was chosen, what is wrong by the name of its control, and the definition with the rule."""
    if "rule.way" not in form:
        return opened(library, register, schema), {}, schema
    found = Derived(
        form["rule.way"], form.get("rule.end", "since"), form.get("rule.field", ""), form.get("rule.left", ""),
        form.get("rule.sign", ">"), form.get("rule.right", ""), kept_fields(library, register),
    )  # fmt: skip
    wrong = _problems(found)
    if wrong:
        return found, wrong, schema
    compared = found.way == "compare"
    rule = (
        {"compare": [found.left, found.sign, found.right]}
        if compared
        else {"whole": found.way, found.end: found.field}
    )
    if rule == schema.get("rule"):
        return found, {}, schema
    rest = {k: v for k, v in schema.items() if k not in ("type", "rule", "translations")}
    last = {"translations": schema["translations"]} if "translations" in schema else {}
    return found, {}, {**rest, "type": "boolean" if compared else "integer", "rule": rule, **last}


def said(rule: Derived) -> str:
    """“whole years since date of birth”; “date of grant is later than the decision's due date”."""
    known = {one.path: one for one in rule.fields}

    def name(key: str) -> str:
        return title(known.get((key,)), (key,))

    if rule.way == "compare" and rule.left and rule.right:
        return _compared(rule.sign, name(rule.left), name(rule.right), known.get((rule.left,)))
    if rule.way in WAYS and rule.field:
        return _counted(rule.way, rule.end, name(rule.field))
    return ""


def way_titles() -> dict[str, str]:
    """The kinds of rules, each with what it is called."""
    return {
        "years": _("whole years since or until a date"),
        "months": _("whole months since or until a date"),
        "days": _("whole days since or until a date"),
        "compare": _("yes or no: two fields compared"),
    }


def end_titles() -> dict[str, str]:
    """From or to the date."""
    return {"since": _("since"), "until": _("until")}


def sign_titles() -> dict[str, str]:
    """The comparisons, each with what it is called."""
    return {
        "<": _("less, or earlier, than"),
        "<=": _("at most, or no later than"),
        "=": _("the same as"),
        "!=": _("different from"),
        ">=": _("at least, or no earlier than"),
        ">": _("more, or later, than"),
    }


def _problems(found: Derived) -> dict[str, str]:
    known = {one.path[0]: one for one in found.fields}
    if found.way not in WAYS:
        return {"rule.way": _("Choose how it follows from other fields.")}
    if found.way != "compare":
        chosen = known.get(found.field)
        if found.end not in ENDS or chosen is None or chosen.kind != "date":
            return {"rule.field": _("Choose the date.")}
        return {}
    left, right = known.get(found.left), known.get(found.right)
    if left is None or right is None or found.sign not in SIGNS:
        return {"rule.left": _("Choose the two fields and how they are compared.")}
    if found.left == found.right:
        return {"rule.left": _("Choose two different fields.")}
    if left.kind != right.kind or left.kind not in _ALIKE:
        text = _(
            "These two are of different kinds and cannot be compared; choose two dates, or two numbers."
        )
        return {"rule.left": text}
    return {}


def _counted(way: str, end: str, date: str) -> str:
    if end == "until":
        return {
            "years": _("whole years until %(date)s", date=date),
            "months": _("whole months until %(date)s", date=date),
            "days": _("whole days until %(date)s", date=date),
        }[way]
    return {
        "years": _("whole years since %(date)s", date=date),
        "months": _("whole months since %(date)s", date=date),
        "days": _("whole days since %(date)s", date=date),
    }[way]


def _compared(sign: str, left: str, right: str, field: Field | None) -> str:
    names = {"left": left, "right": right}
    if field is not None and field.kind == "date" and sign not in ("=", "!="):
        return {
            "<": _("%(left)s is earlier than %(right)s", **names),
            "<=": _("%(left)s is no later than %(right)s", **names),
            ">=": _("%(left)s is no earlier than %(right)s", **names),
            ">": _("%(left)s is later than %(right)s", **names),
        }.get(sign, "")
    return {
        "<": _("%(left)s is less than %(right)s", **names),
        "<=": _("%(left)s is at most %(right)s", **names),
        "=": _("%(left)s is the same as %(right)s", **names),
        "!=": _("%(left)s is different from %(right)s", **names),
        ">=": _("%(left)s is at least %(right)s", **names),
        ">": _("%(left)s is more than %(right)s", **names),
    }.get(sign, "")
