"""Why a part of a form is locked, in words, for people who read a report. Not for deciding what is locked."""

from __future__ import annotations

from runtime.definitions.place import Placed
from runtime.definitions.plan import Locked
from runtime.language import gettext as _


def why(part: Placed) -> str:
    """One sentence on why this locked part cannot be edited."""
    reason = part.locked
    told = _sentences().get(reason)
    if told is None:
        return _("“%(keyword)s” is checked, but no control can be drawn from it", keyword=reason)
    if reason == "type" and isinstance(part.node, Locked):
        return _("its types are a mixture that no single control can hold")
    return told


def _sentences() -> dict[str, str]:
    members = _("its members have no names of their own in the schema (%(keyword)s)")
    return {
        "": members % {"keyword": "additionalProperties"},
        "patternProperties": members % {"keyword": "patternProperties"},
        "additionalProperties": members % {"keyword": "additionalProperties"},
        "unevaluatedProperties": members % {"keyword": "unevaluatedProperties"},
        "propertyNames": members % {"keyword": "propertyNames"},
        "any": _("the schema allows any value here, so there is no one control for it"),
        "type": _("what stands here has another type than the schema wants"),
        "value": _("its control could not hold this value and give it back unchanged"),
        "field": _("its field type is not known here: a plugin is missing"),
        "choose": _("which of the alternatives it is was not said yet; choose one to edit it"),
        "false": _("the schema allows nothing here"),
        "not": _("“not” says what is forbidden, not what to type"),
        "prefixItems": _("each place of the list has a schema of its own (prefixItems)"),
        "items": _("the elements of the list may be anything"),
        "contains": _("“contains” says what must be among the elements, not what they are"),
        "oneOf": _("its alternatives cannot be told apart as a choice (oneOf)"),
        "anyOf": _("its alternatives cannot be told apart as a choice (anyOf)"),
        "$ref": _("it contains itself without end"),
        "depth": _("it is nested too deep to be drawn"),
        "$dynamicRef": _("what “$dynamicRef” leads to depends on the data"),
        "$recursiveRef": _("what “$recursiveRef” leads to depends on the data"),
    }
