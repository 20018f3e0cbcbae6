"""Whether a cell is known, to type, to check or wrong, and the few words beside it that say why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from runtime.entry.count import Shown
from runtime.entry.drawn import Drawn, Sheet
from runtime.entry.face import CellFace
from runtime.entry.progress import wants_reason
from runtime.errors import Problem
from runtime.fields.base import MISSING
from runtime.fill.sources import sources
from runtime.language import current
from runtime.language import gettext as _

KNOWN, ASK, CHECK, WRONG = "known", "ask", "check", "wrong"


State = tuple[str, str, str]
"""State, what is said under the box, and the error's text."""
_NOTHING: State = ("", "", "")
Speaks = Literal["", "known", "proposed"]
"""What is typed says nothing of a subject; becomes known of it; goes to the field's steward first."""


def state_of(
    drawn: Drawn, value: Any, problem: Problem | None, sheet: Sheet, *, speaks: Speaks = ""
) -> State:
    """The state of a cell that holds `value`, and the words that go with it.

    `speaks` says what becomes of what is typed here of a subject once the entry is submitted, and that is told.
    """
    face: CellFace = drawn.face
    if problem and problem.severity == "error" and problem.code != "required":
        return WRONG, "", without_title(problem.message, face.title)
    if face.computed or drawn.locked:
        return _NOTHING
    if sheet.now and (differs := sheet.now.get(drawn.name)) is not None:
        return CHECK, _("now %(now)s", now=shown_now(face, differs.now)), ""
    if value is MISSING or value is None or value == "":
        if drawn.required or problem or (face.filled and not face.read_only):
            told = sheet.provenance.get(drawn.name)
            text = _("not known yet") if face.filled or face.fact else _("to type")
            text = failure_words(told) if told and told.get("failed") else text
            return ASK, text, without_title(problem.message, face.title) if problem else ""
        return _NOTHING
    if problem:
        return CHECK, without_title(problem.message, face.title), ""
    if told := sheet.provenance.get(drawn.name):
        return _known(told, drawn, sheet, speaks=speaks)
    if sheet.draft and not face.read_only:
        return CHECK, _("proposed: is it right?"), ""  # a default that nobody has touched
    return _NOTHING


def _known(told: Mapping[str, Any], drawn: Drawn, sheet: Sheet, *, speaks: Speaks) -> State:
    """State and words of a value by where it came from."""
    kind = told.get("kind", "")
    if (unsound := _unsound(told, sheet.seen.get(drawn.name), brief=drawn.brief)) is not None:
        return unsound
    if kind == "overridden":
        was = drawn.face.display(told.get("value", MISSING)) or "–"
        if why := told.get("reason"):
            words = _("%(was)s was filled; changed: %(why)s", was=was, why=why)
            return (
                "",
                _("%(words)s; %(then)s", words=words, then=_then(speaks)) if speaks else words,
                "",
            )
        if not wants_reason(told):
            words = _("%(was)s was known", was=was)
            return (
                "",
                _("%(words)s; %(then)s", words=words, then=_then(speaks)) if speaks else words,
                "",
            )
        return CHECK, _("%(was)s was filled: say why you changed it", was=was), ""
    if kind == "typed" and speaks:
        return "", _then(speaks), ""
    if kind == "typed":
        return "", _("typed") if drawn.face.filled else "", ""
    register = sheet.registers.get(str(told.get("register", "")), "")
    if kind == "source":
        register = sources.title(str(told.get("source", "")))
    as_of, said = str(told.get("asOf", "")), str(told.get("since", ""))
    return KNOWN, source_words(kind, register, as_of, said), ""


def _unsound(told: Mapping[str, Any], seen: Shown | None, *, brief: bool) -> State | None:
    """State and words of a value that rests on what is old, disputed or not whole; None where it is sound.

    By what was `seen` of it as things stand, else by what was told when it was filled.
    """
    state = seen.state if seen else "stale" if told.get("stale") else told.get("state", "")
    if state == "stale":
        return CHECK, _old_words(told, seen), ""
    if state == "conflict":
        return CHECK, _("sources disagree"), ""
    if seen is not None and state == "incomplete":
        return CHECK, _perhaps_more(seen) if brief else outside_words(seen), ""
    if seen is not None and state == "missing":
        return ASK, _("nobody has sent it yet"), ""
    return None


def _old_words(told: Mapping[str, Any], seen: Shown | None) -> str:
    if seen is not None and seen.before is not None:
        day = _day_with_year(seen.before.isoformat(), str(told.get("asOf", "")))
        return _("%(n)s of %(all)s said before %(day)s", n=seen.old, all=seen.subjects, day=day)
    if told.get("since"):
        return _("said %(day)s: still right?", day=_day_with_year(str(told["since"])))
    return _("said long ago: still right?")


def outside_words(seen: Shown) -> str:
    """How many subjects a figure should count that stand in no row."""
    return _("%(n)s in no row", n=seen.concerned)


def _perhaps_more(seen: Shown) -> str:
    """The same where all cells of a table say it: each may lack so many."""
    return _("+%(n)s?", n=seen.concerned)


def _then(speaks: Speaks) -> str:
    """What becomes of a typed fact once the entry is submitted."""
    if speaks == "proposed":
        return _("goes to its steward on submission")
    return _("known from submission on")


def failure_words(told: Mapping[str, Any]) -> str:
    """Why a program has filled nothing in."""
    name, words = sources.title(str(told.get("source", ""))), str(told.get("note", ""))
    match told.get("failed"):
        case "refused":
            return _("%(source)s does not tell it: %(words)s", source=name, words=words)
        case "wrong":
            return _("%(source)s gave what does not fit: %(words)s", source=name, words=words)
        case "absent":
            return _("%(source)s is not installed here", source=name)
        case _:
            return _("%(source)s does not answer", source=name)


def shown_now(face: CellFace, now: Any) -> str:
    """The value that a cell would be filled with now, as a reader sees it."""
    return "–" if now is MISSING else face.display(now) or "–"


def _day_with_year(iso: str, beside: str = "") -> str:
    """The day of what was said so long ago that the year matters: not where it is that of the day `beside`."""
    language = current()
    year = iso[:4]
    if year == beside[:4]:
        return _day_words(iso, language)
    return (
        f"{year}年{_day_words(iso, language)}"
        if language == "zh-CN"
        else f"{_day_words(iso, language)} {year}"
    )


@lru_cache(maxsize=2000)
def _day_words(iso: str, language: str) -> str:
    day = date.fromisoformat(iso)
    if language == "zh-CN":
        return f"{day.month}月{day.day}日"
    return f"{day.day} {day:%b}"


def source_words(kind: str, register: str, as_of: str, said: str = "") -> str:
    """Where a filled value came from, in few words: “Residents, 31 Oct”.

    The day is the one of which it tells; of a subject's fact the one on which it was `said`.
    """
    name = register or {
        "carried": _("carried over"),
        "formula": _("worked out"),
        "department": _("department data"),
        "source": _("department data"),
    }.get(kind, _("register"))
    if not as_of:
        return name
    return _("%(source)s, %(day)s", source=name, day=_day_with_year(said or as_of, as_of))


def without_title(message: str, label: str) -> str:
    """A message beside its cell, where the cell's title need not be said again."""
    title = label.rpartition(_(", "))[2]
    for name in (label, title):
        for sign in (": ", "："):
            if name and message.startswith(name + sign):
                return message[len(name + sign) :]
    return message
