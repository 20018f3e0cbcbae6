"""How well fields are known, asked of the registers now and then and remembered in the process. Not for figures."""

from __future__ import annotations

import time
from threading import Lock

from builder.dictionary.places import Spot
from runtime.api import Session, Site, looked_over, today

REMEMBERED = 600.0
"""Seconds: it is a hint, and a look reads a thousand subjects."""
_known: dict[tuple[str, str, int], tuple[float, dict[str, looked_over.LookedOver]]] = {}
_lock = Lock()


def of_field(session: Session, site: Site, where: Spot) -> looked_over.LookedOver | None:
    """How well a stored field is known; None for what is no such field."""
    return of_register(session, site, where.home).get(where.name) if where.kind == "field" else None


def of_register(session: Session, site: Site, name: str) -> dict[str, looked_over.LookedOver]:
    """The same of all fields of a register."""
    fields = site.library.register(name).get("properties", {})
    key = (site.settings.database_url, name, id(fields))
    now = time.monotonic()
    with _lock:
        kept = _known.get(key)
    if kept is not None and now - kept[0] < REMEMBERED:
        return kept[1]
    found = looked_over.looked_over(session, name, fields, today())
    with _lock:
        if len(_known) > 200:
            _known.clear()
        _known[key] = (now, found)
    return found
