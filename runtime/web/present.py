"""Who else has an entry, or a form in the builder, open now: kept in memory for minutes, never stored, never logged.

It only lets two people talk to each other; that nobody overwrites anybody unseen is the business of saving. Each
process knows of those whom it served, so that with several of them somebody may be missed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from flask import Blueprint, Flask, current_app, render_template

from runtime import clock
from runtime.web.asking import needs, open_entry, user
from runtime.web.filling import OPEN

present = Blueprint("present", __name__, url_prefix="/entries")
EXTENSION = "yibiao-present"
STAYS = timedelta(minutes=2)
"""So long after a page was last heard of, its reader counts as there; an open page asks more often."""

Seen = dict[int, tuple[str, datetime]]


class Presence:
    """Place (an entry's id, a form's address) -> the people there, each with a name to show and a last sign of life."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._swept = clock.now()
        self._lock = Lock()

    def come(self, place: str, user_id: int, name: str) -> list[str]:
        """The user is there; the names of the others who are, in the order of the alphabet."""
        now = clock.now()
        with self._lock:
            if abs(now - self._swept) > STAYS:
                self._sweep(now)
            there = self._seen.setdefault(place, {})
            there[user_id] = name, now
            return sorted(
                other for key, (other, at) in there.items() if key != user_id and now - at <= STAYS
            )

    def count(self) -> int:
        """How many places are remembered."""
        return len(self._seen)

    def _sweep(self, now: datetime) -> None:
        """Forget all who have gone."""
        kept = {
            place: {k: one for k, one in there.items() if abs(now - one[1]) <= STAYS}
            for place, there in self._seen.items()
        }
        self._seen = {place: there for place, there in kept.items() if there}
        self._swept = now


def init_app(app: Flask) -> None:
    """Let the filling page tell who else is there."""
    app.extensions[EXTENSION] = Presence()
    app.jinja_env.globals.update(others_in=others_in)


def others_in(place: str) -> list[str]:
    """Whoever is signed in has this open (an entry's id, a form's address); the names of the others who have."""
    me = user()
    presence: Presence = current_app.extensions[EXTENSION]
    return presence.come(place, me.id, me.full_name)


@present.get("/<entry_id>/present")
@needs("entry.fill")
def show(entry_id: str) -> str | tuple[str, int]:
    """Who else is there, for the foot of an open page; nothing more is to be asked once the entry is closed."""
    entry = open_entry(entry_id, "entry.fill")
    if entry.state not in OPEN:
        return "", 286
    return render_template("present.html", entry_id=entry.id)
