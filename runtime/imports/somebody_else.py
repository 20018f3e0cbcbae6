"""Whether a row found by a number calls its subject wholly otherwise than the register does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.facts.timeline import Timeline
from runtime.imports.decide import Sender
from runtime.imports.fields import FieldsOf
from runtime.imports.spelling import key_of_value


def somebody_else(
    fields: FieldsOf, sender: Sender, told: Mapping[str, Any], timeline: Timeline
) -> dict[str, Any]:
    """The names (field -> what is known) with which those of the row have no character in common.

    A name is a `label` field that is part of a key too: who is the head of a household may change, and is none. The
    name's steward is believed.
    """
    asked = [
        name
        for name in _names(fields)
        if told.get(name) is not None and sender.steward_of.get(name) != sender.department
    ]
    known: dict[str, Any] = {}
    for _day, patch in timeline if asked else ():
        known |= {name: patch[name] for name in asked if name in patch}
    return {
        name: value
        for name, value in known.items()
        if value is not None and _unlike(told[name], value)
    }


def _names(fields: FieldsOf) -> list[str]:
    """The fields that both call a subject and tell it from others, if not by themselves."""
    within = {name for names in fields.identity if len(names) > 1 for name in names}
    return [name for name in fields.label if name in within]


def _unlike(one: object, other: object) -> bool:
    return not set(key_of_value(str(one))) & set(key_of_value(str(other)))
