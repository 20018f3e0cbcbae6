"""Which changes of a field keep every value that was valid, told by rule. Not for what people make of it.

A change is compatible where no value that was valid stops being so and no figure means something else. What the rules
do not know is taken for incompatible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.api import MISSING, dumps
from runtime.api import gettext as _

Schema = Mapping[str, Any]
ANNOTATIONS = frozenset(
    {
        "title", "description", "definition", "help", "synonyms", "translations", "purpose", "legalBasis",
        "retention", "maxAge", "steward", "sensitivity", "source", "width", "readOnly", "deprecated",
        "replacedBy", "writeBack", "fromNumber", "whenHidden", "default", "examples", "propertyOrder",
        "$comment", "$schema", "$id",
    }
)  # fmt: skip
"""What says nothing of which values are valid, nor of what they mean."""
MEANING = frozenset({"unit", "currency", "kind", "by", "fill", "rule", "totalOf"})
"""What leaves values valid but makes them mean something else."""
_LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems"})
_MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems"})
_WHOLE = frozenset({"pattern", "format", "latest", "const", "not", "uniqueItems"})
"""What only ever narrows: taken away it is wider, else it is another condition."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One keyword that differs; `is_compatible` by rule, `why` in words."""

    keyword: str
    is_compatible: bool
    why: str


def findings(before: Schema, after: Schema) -> list[Finding]:
    """All that differs between two schemas of a field, its code list written out in both (`flat`)."""
    keywords = [*before, *(key for key in after if key not in before)]
    return [
        _finding(key, before.get(key, MISSING), after.get(key, MISSING))
        for key in keywords
        if not _same(before.get(key, MISSING), after.get(key, MISSING))
    ]


def word_findings(before: Schema, after: Schema, words: frozenset[str]) -> list[Finding]:
    """The same of a register: its `words` say nothing of values; what else differs is told as of any schema."""
    told = [one.keyword for one in findings(before, after)]
    rest = findings(
        {k: v for k, v in before.items() if k not in words},
        {k: v for k, v in after.items() if k not in words},
    )
    said = [
        Finding(k, True, _("says nothing of which values are valid")) for k in told if k in words
    ]
    return [*said, *rest]


def is_compatible(before: Schema, after: Schema) -> bool:
    """Whether every value that was valid is valid still, and means the same."""
    return all(finding.is_compatible for finding in findings(before, after))


def _finding(key: str, old: Any, new: Any) -> Finding:
    if key in ANNOTATIONS:
        return Finding(key, True, _("says nothing of which values are valid"))
    if key in MEANING:
        return Finding(key, False, _("what is counted or measured is another thing from then on"))
    rule = _RULES.get(key)
    if rule is None:
        return Finding(key, False, _("no rule says that values stay valid"))
    if new is MISSING:
        return Finding(key, True, _("one limit fewer"))
    if old is MISSING:
        return Finding(key, False, _("one limit more: values may be invalid from then on"))
    try:
        wider = rule(old, new)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError):
        wider = False
    if wider:
        return Finding(key, True, _("wider: all that was valid stays so"))
    return Finding(key, False, _narrowed(key, old, new))


def _narrowed(key: str, old: Any, new: Any) -> str:
    if key in ("oneOf", "enum"):
        gone = [code for code in _values(key, old) if code not in _values(key, new)]
        if gone:
            return _("codes that are no longer there: %(codes)s", codes=", ".join(gone[:8]))
    if key == "type":
        return _("another type: values of the old one are not valid")
    return _("narrower: values may be invalid from then on")


def _type(old: Any, new: Any) -> bool:
    before, after = ({one} if isinstance(one, str) else set(one) for one in (old, new))
    return all(one in after or (one == "integer" and "number" in after) for one in before)


def _codes(old: Any, new: Any) -> bool:
    """A labelled list: each code is there still, once, as long as it was, and every part is a code alone."""
    before, after = _members(old), _members(new)
    if len(after) != len(new) or len(before) != len(old):
        return False
    return all(code in after and _ends(after[code]) >= _ends(before[code]) for code in before)


def _members(codes: Any) -> dict[str, Schema]:
    return {dumps(one["const"]): one for one in codes if "const" in one and not _has_more(one)}


def _has_more(one: Schema) -> bool:
    return bool(
        one.keys() - ANNOTATIONS - {"const", "validFrom", "validTo", "minimum", "maximum"}
    ) or (isinstance(one["const"], (int, float)) and bool(one.keys() & {"minimum", "maximum"}))


def _ends(one: Schema) -> str:
    return str(one.get("validTo", "9999"))


def _values(key: str, codes: Any) -> list[str]:
    found = [one["const"] for one in codes] if key == "oneOf" else codes
    return [code if isinstance(code, str) else dumps(code) for code in found]


def _enum(old: Any, new: Any) -> bool:
    return {dumps(one) for one in old} <= {dumps(one) for one in new}


def _lower(old: Any, new: Any) -> bool:
    return bool(new <= old)


def _higher(old: Any, new: Any) -> bool:
    return bool(new >= old)


def _divides(old: Any, new: Any) -> bool:
    return isinstance(old, int) and isinstance(new, int) and old % new == 0


def _never(_old: Any, _new: Any) -> bool:
    return False


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "type": _type,
    "oneOf": _codes,
    "enum": _enum,
    "multipleOf": _divides,
    "digits": _higher,
    **dict.fromkeys(_LEAST, _lower),
    **dict.fromkeys(_MOST, _higher),
    **dict.fromkeys(_WHOLE, _never),
}


def _same(one: Any, other: Any) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    return one is other or dumps(one) == dumps(other)
