"""What the viewer chose of the preview: which output, with which data, as which role. Not for drawing it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from builder.studio.opened import Opened
from builder.studio.papers import Wish
from builder.studio.shown_data import KINDS, Shown, figures, made, units_of
from runtime.api import (
    LANGUAGES,
    Period,
    Plan,
    current_language,
    say,
    today,
    user,
    using,
    whole_number,
)
from runtime.api import gettext as _

VIEWS = ("screen", "phone", "pdf", "xlsx")
ROLES = ("staff", "reviewer")


class Chosen:
    """What the viewer chose of the preview."""

    def __init__(self, one: Opened, plan: Plan | None) -> None:
        asked = request.args
        self.one, self.plan = one, plan
        self.view = _one_of(asked.get("show", ""), VIEWS)
        self.role = _one_of(asked.get("role", ""), ROLES)
        self.language = _one_of(asked.get("in", current_language()), tuple(LANGUAGES))
        self.on_paper = self.view in ("pdf", "xlsx")
        self.kind = _one_of(asked.get("data", "sample"), KINDS)
        self.units = units_of(one, user(), plan) if plan else []
        if self.kind == "real" and not self.units:
            self.kind = "empty"
        wanted = whole_number(asked.get("unit", ""))
        self.unit = next(
            (u for u in self.units if u.id == wanted), self.units[0] if self.units else None
        )
        self.period = _period(asked.get("period", ""), plan)

    def shown(self) -> Shown:
        """The data. What cannot be made or read is left empty."""
        if self.kind == "real" and self.plan is not None and self.unit is not None:
            return figures(self.one, user(), self.plan, self.unit.id, self.period)
        return made(self.one, self.kind, self.language)

    def address(self, endpoint: str, **more: Any) -> str:
        """The address of a piece of the preview, chosen alike."""
        chosen: dict[str, Any] = {
            "show": self.view,
            "role": self.role,
            "in": self.language,
            "data": self.kind,
            "department": self.one.department,
            "name": self.one.name,
        }
        if self.kind == "real" and self.unit is not None:
            chosen |= {"unit": str(self.unit.id), "period": str(self.period or "")}
        return url_for(endpoint, **chosen, **more)

    def wish(self, ending: str) -> Wish:
        """The paper that is wished for."""
        with using(self.language):
            unit = say(self.unit.title) if self.kind == "real" and self.unit else ""
            period = self.period.title(self.language) if self.period else ""
        return Wish(ending, self.language, self.kind == "empty", unit, period)


def _period(text: str, plan: Plan | None) -> Period | None:
    """The period that was asked for, else the newest that is over; None for a form without periods."""
    if plan is None or not plan.form.frequency:
        return None
    try:
        newest = Period.of(plan.form.frequency, today()).previous()
    except ValueError:  # a draft may say anything
        return None
    try:
        found = Period.parse(text)
    except ValueError:
        return newest
    return found if found.frequency == newest.frequency else newest


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]


def wordings() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, each with what it is called."""
    return {
        "show": [("screen", _("Screen")), ("phone", _("Phone")), ("pdf", "PDF"), ("xlsx", "Excel")],
        "role": [("staff", _("staff who fill it in")), ("reviewer", _("a reviewer who reads it"))],
        "data": [
            ("empty", _("empty")),
            ("sample", _("sample data")),
            ("worst", _("as much as fits")),
        ],
    }
