"""Checks of what a form says of itself for the catalogue: until when it is asked, what filling it takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from runtime import clock
from runtime.definitions.codes import problem
from runtime.definitions.view import View
from runtime.errors import Problem
from runtime.language import gettext as _

SOON = 60
"""Days before the end from which on it is told."""


def card(view: View) -> Iterator[Problem]:
    """A form that has expired or will soon."""
    said = view.document.get("expires")
    try:
        last = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return  # the meta-schema says so
    if last is None:
        return
    left = (last - clock.today()).days
    if left < 0:
        text = _(
            "The form expired on %(day)s: nothing new is begun with it. Renew it, or retire it.",
            day=last,
        )
        yield problem("form-expired", text, view.address, "/expires")
    elif left <= SOON:
        text = _("The form expires on %(day)s; decide whether it is still needed.", day=last)
        yield problem("form-expires", text, view.address, "/expires")
