"""Keeping a filled value though another is known now, with the reason. Not for values that are typed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from runtime.entry import audit
from runtime.entry.differences import Difference, Differences
from runtime.entry.hold import locked, require_open
from runtime.entry.life import by, put
from runtime.entry.provenance import By
from runtime.errors import Conflict
from runtime.fields.base import MISSING
from runtime.fill.provenance import Provenance
from runtime.language import gettext as _
from runtime.storage.tables import Entry


def keep(
    session: Session,
    entry: Entry,
    found: Differences,
    reasons: Mapping[str, str],
    actor: int | None,
) -> Entry:
    """Mark the cells that have a reason as overridden: what is known now is kept beside the value that stays.

    Without any nothing is written. Raises `Conflict` where others have saved since the differences were found,
    `EntryError` when the entry is submitted.
    """
    held = locked(session, entry.id)
    require_open(held)
    if found.revision != held.revision:
        raise Conflict(_("Somebody has changed this entry meanwhile. Try again."))
    who = by(session, actor)
    told = {
        d.pointer: _overridden(d, held.provenance.get(d.pointer), why, who)
        for d in found.items
        if not d.is_list and (why := reasons.get(d.pointer, "").strip())
    }
    if not told:
        return held
    put(session, held, held.data, held.choices, {**held.provenance, **told}, actor)
    details = {"revision": held.revision, "cells": list(told)}
    audit.log(
        session,
        "entry.keep",
        "entry",
        held.id,
        actor=actor,
        unit_id=held.unit_id,
        details=details,
    )
    return held


def _overridden(one: Difference, was: Provenance | None, reason: str, who: By) -> Provenance:
    known = {} if one.now is MISSING else {"value": one.now}
    return {
        "kind": "overridden",
        "reason": reason,
        "by": who.actor,
        "actor": who.name,
        "at": who.at.isoformat(timespec="seconds"),
        **known,
        "was": one.told or was or {},
    }
