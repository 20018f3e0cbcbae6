"""What the text of a form is worth: its problems, and its plan. Not for where a text is kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from runtime.definitions.check import check
from runtime.definitions.compile import compile_form
from runtime.definitions.json import NotJson, loads
from runtime.definitions.load import Library
from runtime.definitions.plan import Plan
from runtime.errors import DefinitionError, Problem
from runtime.language import current
from runtime.language import gettext as _

_MOST = 16
_judged: OrderedDict[tuple[str, str, str], tuple[Library, Judged]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a draft's text is worth: its problems, and the plan where one can be made of it.

    `line` is where the text stops being JSON (0: it is JSON).
    """

    problems: tuple[Problem, ...]
    plan: Plan | None
    library: Library | None = None
    line: int = 0

    @property
    def may_be_published(self) -> bool:
        """Whether nothing but warnings stands against it."""
        return self.plan is not None and all(p.severity != "error" for p in self.problems)


def judge(library: Library, address: str, text: str) -> Judged:
    """Check and compile a draft's text as the definition at `address`; never raises for what it holds.

    What was judged lately is remembered: a page and its pieces ask for the same text one after the other.
    """
    key = address, text, current()
    with _lock:
        known = _judged.get(key)
        if known is not None and known[0] is library:
            return known[1]
    found = _judge(library, address, text)
    with _lock:
        _judged[key] = library, found
        while len(_judged) > _MOST:
            _judged.popitem(last=False)
    return found


def _judge(library: Library, address: str, text: str) -> Judged:
    try:
        draft = library.with_document(address, loads(text))
    except NotJson as error:
        return Judged(
            (Problem("not-json", _why_not_json(error), "", address),), None, None, error.line
        )
    problems = [p for p in draft.problems if p.address == address]
    if address not in draft:
        return Judged(tuple(problems), None, draft)
    problems += check(draft, [address])
    try:
        return Judged(tuple(problems), compile_form(address, library=draft), draft)
    except DefinitionError as error:
        if not any(p.severity == "error" for p in problems):
            problems += error.problems or (Problem("not-a-form", str(error), "", address),)
        return Judged(tuple(problems), None, draft)


def _why_not_json(error: NotJson) -> str:
    return _(
        "This is not JSON yet: line %(line)s, column %(column)s (%(why)s).",
        line=error.line,
        column=error.column,
        why=error.detail or error.reason,
    )
