"""Changes that are to be recorded, checked against their register before anything is locked. Not for recording them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from runtime import clock
from runtime.errors import EntryError
from runtime.facts.erased import ERASE
from runtime.facts.registers import Register
from runtime.facts.units import FIRST_DAY
from runtime.fields.dates import in_words
from runtime.language import gettext as _
from runtime.storage.tables import new_id

KINDS = ("set", "confirm", "clear")
"""What can be recorded; `erase` is a kind too, and has a door of its own: `erasing`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change to be recorded; `change_id` is made by the client, so that a repeated request is the same."""

    subject_id: str
    values: Mapping[str, Any]
    effective: date
    kind: str = "set"
    change_id: str = field(default_factory=new_id)
    actor: int | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)
    based_on: str | None = None
    reason: str = ""
    recorded_at: datetime | None = None
    """When it became known here; None: now."""


def told_of(register: Register, step: Step) -> dict[str, Any]:
    """What the step says, checked; raises `EntryError`. A `clear` or `erase` says None of each of its fields."""
    if step.kind not in (*KINDS, ERASE):
        raise EntryError(_("“%(kind)s” is not a kind of change.", kind=step.kind))
    if not step.values and step.kind != ERASE:
        raise EntryError(_("A change must name at least one field."))
    if not FIRST_DAY <= step.effective <= clock.today():
        raise EntryError(
            _(
                "The day %(day)s is not between %(first)s and today.",
                day=in_words(step.effective),
                first=in_words(FIRST_DAY),
            )
        )
    if step.kind in ("clear", ERASE):
        register.require_known(step.values)
        return dict.fromkeys(step.values)
    register.require_valid(step.values)
    return dict(step.values)


def ledger_row(step: Step, told: dict[str, Any]) -> dict[str, Any]:
    """The change as a row of the ledger, without its place in it."""
    return {
        "id": step.change_id,
        "subject_id": step.subject_id,
        "kind": step.kind,
        "values": told,
        "effective": step.effective,
        "recorded_at": step.recorded_at or clock.now(),
        "actor_id": step.actor,
        "provenance": dict(step.provenance),
        "based_on": step.based_on,
        "reason": step.reason,
    }
