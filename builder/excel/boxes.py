"""What “make the form” asks, and what stands in its boxes: typed, made before, or suggested. Not for what it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.excel.forming import register_of_list
from builder.excel.making import FREQUENCIES, LEVELS
from builder.excel.texts import Names
from builder.excel.view import Work
from runtime.api import Library, say, texts_of
from runtime.api import gettext as _


@dataclass(frozen=True)
class Rows:
    """A list of the sheet whose rows may be the subjects of a register."""

    block: int
    title: str
    register: str


def lists(shown: Work, library: Library) -> list[Rows]:
    """The lists of a sheet of which all fields are of one register."""
    found = []
    for part in shown.kept.read.parts:
        cells = [c for c in shown.choices if c.slot.block == part.block]
        register = register_of_list(cells) if part.kind == "list" else ""
        if register:
            said = say(texts_of(library.register(register))) or register
            found.append(Rows(part.block, part.caption or shown.kept.read.titles[part.sheet], said))
    return found


def registers(library: Library) -> list[tuple[str, str]]:
    """Name and title of each register."""
    return [(name, say(texts_of(library.register(name))) or name) for name in library.registers()]


def form_values(shown: Work, posted: MultiDict[str, str]) -> dict[str, Any]:
    """What stands in the boxes of “make the form”: what was typed, else what was made before, else a suggestion."""
    if posted.get("name") is not None:
        chosen = {"level": posted.getlist("level"), "filled": posted.getlist("filled")}
        return {**posted.to_dict(), **chosen, **_offered()}
    before = shown.sheet.found.get("wanted")
    if isinstance(before, Mapping):
        about = "subject" if before.get("subject") else "period"
        chosen = {
            "level": list(before.get("levels", ())),
            "filled": [str(n) for n in before.get("filled", ())],
        }
        return {**before, "about": about, **chosen, **_offered()}
    title = shown.kept.read.title
    register = shown.kept.register.rpartition("/")[2].removesuffix(".json")
    return {
        "name": Names().id(title, "from-excel"),
        "title": title,
        "number": "",
        "about": "subject" if register else "period",
        "subject": register or "resident",
        "frequency": _frequency(title),
        "level": ["community"],
        "due": 5,
        "filled": [],
        **_offered(),
    }


def _offered() -> dict[str, Any]:
    frequencies = {
        "monthly": _("monthly"), "quarterly": _("quarterly"), "halfYearly": _("half-yearly"), "yearly": _("yearly"),
        "tenDays": _("every ten days"), "weekly": _("weekly"), "daily": _("daily"),
    }  # fmt: skip
    levels = {
        "community": _("Community"), "street": _("Street"), "district": _("District"), "city": _("City"),
        "grid": _("Grid"),
    }  # fmt: skip
    return {
        "frequencies": [(one, frequencies[one]) for one in FREQUENCIES],
        "levels_": [(one, levels[one]) for one in LEVELS],
    }


def _frequency(title: str) -> str:
    words = {
        "半年": "halfYearly", "月": "monthly", "季": "quarterly", "年报": "yearly", "年度": "yearly",
        "周报": "weekly", "日报": "daily", "旬": "tenDays",
    }  # fmt: skip
    return next((frequency for word, frequency in words.items() if word in title), "monthly")
