"""The frame of a cell: its HTML but for the value and the message, made once by the template and kept.

Most of a screen is the same in every entry, so the template's macros are called with a mark in place of what
differs. They stay the only place where HTML is written; here pieces of it are joined with escaped texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from secrets import token_hex
from typing import Any

from markupsafe import Markup, escape

from runtime.entry.drawn import Drawn, Sheet
from runtime.entry.face import CellFace

Macro = Callable[..., Markup]
Macros = tuple[Macro, Macro, Macro]
"""The link to why a cell has its value, the button that takes the value of now, and what was reported before."""
_MARK = Markup(f"={token_hex(12)}=")  # noqa: S704 - random, so that no definition holds it
_MOST = 200
"""Frames kept for one cell of a plan: it has one for each row, state and choice that it was drawn with."""
_EXPLAINED = ("known", "check")
_FEW = 30
"""Choices of a control that is kept with each of them picked; longer lists are drawn anew."""


def drawn_cells(
    children: Sequence[Drawn], sheet: Sheet, cell: Macro, part: Macro, more: Macros
) -> Markup:
    """Parts that share a grid: the cells by `cell`, the others by `part`."""
    found = [
        _framed(d, sheet, cell, _words(d, sheet, more), "–") if d.kind == "cell" else part(d)
        for d in children
    ]
    return Markup("".join(found))  # noqa: S704 - the template's own, with what is escaped below


def drawn_line(
    line: Sequence[Drawn | None],
    sheet: Sheet,
    cell: Macro,
    more: Macros,
    titles: Sequence[str] = (),
) -> Markup:
    """A line of a table by `cell`; in rows it is given the column's title too."""
    found = []
    for number, d in enumerate(line):
        title = titles[number] if titles else None
        if d is None:
            found.append(str(cell(d, "", "", title)))
        else:
            found.append(
                _framed(
                    d, sheet, cell, _words(d, sheet, more), "" if d.face.computed else "–", title
                )
            )
    return Markup("".join(found))  # noqa: S704 - as above


def _framed(
    d: Drawn, sheet: Sheet, macro: Macro, words: str, empty: str, *title: str | None
) -> str:
    """One cell; `empty` is what is read where there is no value."""
    face, value, picked = d.face, d.value, None
    reads = sheet.reading or face.read_only
    if reads:
        value = value or empty
    elif not face.plain:
        picked = tuple(d.values)
    if d.locked or (picked is not None and not _few(d)):
        return str(macro(d, Markup(_safe(value)), Markup(words), *title))  # noqa: S704
    key = (d.name, d.label, d.state, d.required, reads, picked, title)
    pieces = face.frames.get(key) or _keep(face, key, macro(d, _MARK, _MARK, *title))
    if len(pieces) == 2:
        return f"{pieces[0]}{words}{pieces[1]}"
    return f"{pieces[0]}{_safe(value)}{pieces[1]}{words}{pieces[2]}"


def _few(d: Drawn) -> bool:
    """Whether the control is one of few, so that each may be kept."""
    return 0 < len(d.face.choices) <= _FEW and d.state != "wrong"


def _keep(face: CellFace, key: Any, made: Markup) -> list[str]:
    if len(face.frames) >= _MOST:
        face.frames.clear()
    pieces = face.frames[key] = str(made).split(_MARK)
    return pieces


def _words(d: Drawn, sheet: Sheet, more: Macros) -> str:
    """All that is said under the box; in a table only what is to be put right or checked."""
    words = _safe(d.error) if d.brief and d.state != "check" else _source(d, sheet, more)
    return f"{words}{_before(d, more)}" if d.was or d.odd else words


def _before(d: Drawn, more: Macros) -> str:
    """What was reported before, and whether that makes the number unusual."""
    frames, key = d.face.frames, ("before", bool(d.odd))
    pieces = frames.get(key) or _keep(d.face, key, more[2](_MARK, _MARK if d.odd else ""))
    odd = f"{_safe(d.odd)}{pieces[2]}" if d.odd else ""
    return f"{pieces[0]}{_safe(d.was)}{pieces[1]}{odd}"


def _source(d: Drawn, sheet: Sheet, more: Macros) -> str:
    """A value's source, and what is to be checked, lead to the page that tells why."""
    if not d.message or d.error or d.state not in _EXPLAINED or not sheet.why:
        return _safe(d.error or d.message)
    frames = d.face.frames
    pieces = frames.get(d.name) or _keep(d.face, d.name, more[0](_MARK, d.name, _MARK))
    words = f"{pieces[0]}{_safe(sheet.why)}{pieces[1]}{_safe(d.message)}{pieces[2]}"
    return f"{words}{more[1](d)}" if d.take else words


def _safe(text: object) -> str:
    """A text as HTML writes it; most values are figures and words that need no change."""
    text = str(text)
    return text if not text or text.isalnum() else _escaped(text)


@lru_cache(maxsize=2_000)
def _escaped(text: str) -> str:
    """Sources and addresses stand beside many cells."""
    return str(escape(text))
