"""What a text typed as JSON is worth: a form or none, and its problems. Never raises; keeps nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from builder.edits.spots import Document
from builder.places import Spot, spot_at, spot_of, spots
from builder.studio.canvas import tree, walk
from builder.studio.shapes import Shapes
from builder.studio.whole import whole_of
from runtime.api import Judged, Library, NotJson, Problem, dumps, judge, loads, render
from runtime.api import gettext as _

log = logging.getLogger(__name__)
MOST = 1_000_000
"""Bytes of a text that are taken: a form of some thousand cells."""
SHOWN = 100
"""Problems that are listed."""
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A problem and where it stands: line and column from 1, and letters as a browser counts them."""

    problem: Problem
    line: int
    column: int
    start: int
    end: int


class Typed:
    """One text as the definition at an address."""

    def __init__(self, library: Library, address: str, text: str) -> None:
        self.text = text
        self._library, self._address = library, address
        self.document: Document | None = None
        """The form; None where the text is none that could be worked on."""
        self._where: Spot | None = None
        self.judged = self._judge()

    @property
    def is_too_large(self) -> bool:
        """Whether it is longer than what is kept."""
        return too_large(self.text)

    @cached_property
    def preview(self) -> Markup | None:
        """The form as staff see it; None while it cannot be drawn."""
        try:
            return render(self.judged.plan, {}) if self.judged.plan else None
        except Exception:
            log.exception("a draft of %s cannot be drawn", self._address)
            return None

    @cached_property
    def found(self) -> list[Found]:
        """The problems with their places, errors first; `SHOWN` at most."""
        known = spots(self.text) if self._where is None else {}
        rows = [(p, self._where or spot_of(self.text, p.pointer, known)) for p in self._problems()]
        rows.sort(key=lambda row: (row[0].severity != "error", row[1].start))
        return _counted(self.text, rows[:SHOWN])

    @property
    def errors(self) -> int:
        """How many problems keep it from being published."""
        return sum(1 for p in self._problems() if p.severity == "error")

    @property
    def count(self) -> int:
        """How many problems there are in all."""
        return len(self._problems())

    def _problems(self) -> Sequence[Problem]:
        return self.judged.problems

    def _judge(self) -> Judged:
        if self.is_too_large:
            return self._refused("too-large", too_large_words(self.text))
        try:
            document = loads(self.text)
        except NotJson as error:
            self._where = spot_at(self.text, error.line, error.column)
            return judge(self._library, self._address, self.text)
        if not isinstance(document, dict):
            self._where = spot_at(self.text, 1, 1)
            words = _("A form is a JSON object: it begins with { and ends with }.")
            return self._refused("not-an-object", words)
        if (odd := _no_letter(self.text, document)) is not None:
            self._where = odd
            return self._refused(
                "not-a-letter", _("This stands for no letter: half of one, or none at all.")
            )
        return self._as_form(document)

    def _as_form(self, document: Document) -> Judged:
        """Judged, and opened as the other tabs do; a text that any of it stumbles over is no form."""
        try:
            judged = judge(self._library, self._address, self.text)
            shapes = Shapes(self._library, self._address)
            whole = whole_of(self._library, self._address, document)
            for part in walk(tree(whole, shapes.whole, self._library, self._address)):
                shapes.title(part.own)
        except Exception:
            log.exception("a draft of %s cannot be judged", self._address)
            words = _("This text cannot be judged: something in it is read by nobody. It is kept.")
            return self._refused("not-judged", words)
        self.document = document
        return judged

    def _refused(self, code: str, words: str) -> Judged:
        self._where = self._where or Spot(0, min(1, len(self.text)), 1, 1)
        return Judged((Problem(code, words, "", self._address),), None)


def too_large(text: str) -> bool:
    """Whether a text is longer than what is kept."""
    return len(text) > MOST or len(text.encode("utf-8", "replace")) > MOST


def too_large_words(text: str) -> str:
    """That a text is too large, and how large it may be."""
    return _(
        "This text has %(now)s kB; a form has %(most)s kB at most. It stays on this page and is not saved.",
        now=f"{len(text.encode('utf-8', 'replace')) / 1000:,.0f}",
        most=f"{MOST / 1000:,.0f}",
    )


def _no_letter(text: str, document: Document) -> Spot | None:
    """Where an escape stands for half a letter, or for the sign that ends texts; None where all are letters."""
    try:
        written = dumps(document).encode()
    except UnicodeEncodeError:
        written = b"\\u0000"
    if b"\\u0000" not in written:
        return None
    high: re.Match[str] | None = None
    for one in _ESCAPED.finditer(text):
        code = int(one[1], 16) if one[1] else -1
        if high is not None and not (0xDC00 <= code < 0xE000 and one.start() == high.end()):
            return _spot(text, high)
        high = one if 0xD800 <= code < 0xDC00 else None
        follows = (
            0xDC00 <= code < 0xE000 and text[max(0, one.start() - 6) : one.start() - 4] == "\\u"
        )
        if code == 0 or (0xDC00 <= code < 0xE000 and not follows):
            return _spot(text, one)
    return _spot(text, high) if high is not None else None


def _spot(text: str, found: re.Match[str]) -> Spot:
    start = found.start()
    line_start = text.rfind("\n", 0, start)
    return Spot(start, found.end(), text.count("\n", 0, start) + 1, start - line_start)


def _counted(text: str, rows: Sequence[tuple[Problem, Spot]]) -> list[Found]:
    """The places as a browser counts letters: one beyond the first 65,536 is two."""
    marks = sorted({n for _p, spot in rows for n in (spot.start, spot.end)})
    counted, last, so_far = {}, 0, 0
    for n in marks:
        so_far += len(text[last:n].encode("utf-16-le", "surrogatepass")) // 2
        counted[n], last = so_far, n
    return [Found(p, s.line, s.column, counted[s.start], counted[s.end]) for p, s in rows]
