"""Programs that fill cells (`yibiao_sources`), each asked in a thread of its own for a limited time. Not for placing.

A source never blocks a form: one that takes longer than `limit` is abandoned, with its thread, and one that has
failed `MOST_FAILURES` times is not asked again before the process starts anew. Each failure is a short code that
is kept as the cell's provenance: `slow`, `broken`, `refused`, `off`, `absent`, or `wrong` (no value for the cell).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

from runtime.definitions import sources as names
from runtime.hooks import Asked, Source, SourceRefused, Supplied
from runtime.language import say

LIMIT = 2.0
"""Seconds that a source has."""
MOST_FAILURES = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source supplied by pointer, or the code of why nothing came, with words about it.

    Only of one that `refused` are they its own, meant for people; else they are for the log.
    """

    supplied: Mapping[str, Supplied] = field(default_factory=dict)
    failed: str = ""
    words: str = ""


class Sources:
    """The sources that are there, by name, and how often each has failed."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self._there: dict[str, Source] = {}
        self._failures: dict[str, int] = {}
        self._lock = threading.Lock()

    def include(self, source: Source) -> None:
        """Take a source in; another one of that name takes its place and has not failed yet."""
        names.NAMES.add(source.name)
        with self._lock:
            if self._there.get(source.name) is not source:
                self._there[source.name] = source
                self._failures[source.name] = 0

    def title(self, name: str) -> str:
        """What people call it."""
        found = self._there.get(name)
        return (say(found.title) if found else "") or name

    def ask(self, name: str, asked: Asked) -> Answer:
        """What the source says of these cells; never raises, and takes no longer than `limit`."""
        source = self._there.get(name)
        if source is None:
            return Answer(failed="absent")
        if self._failures[name] >= MOST_FAILURES:
            return Answer(failed="off")
        answer = _answer(source, asked, self.limit)
        if answer.failed in ("slow", "broken"):
            self._count(name, answer)
        return answer

    def _count(self, name: str, answer: Answer) -> None:
        with self._lock:
            self._failures[name] += 1
            count = self._failures[name]
        off = " and is not asked again" if count >= MOST_FAILURES else ""
        log.error("source %s failed (%s, %s)%s", name, answer.failed, answer.words, off)


def _answer(source: Source, asked: Asked, limit: float) -> Answer:
    found: list[Answer] = []
    context = copy_context()
    thread = threading.Thread(
        target=lambda: found.append(context.run(_supplied, source, asked)),
        name=f"yibiao-source-{source.name}",
        daemon=True,
    )
    thread.start()
    thread.join(limit)
    return found[0] if found else Answer(failed="slow", words=f"{limit:g} s")


def _supplied(source: Source, asked: Asked) -> Answer:
    try:
        supplied: dict[str, Any] = dict(source.supply(asked))
        wrong = [p for p, one in supplied.items() if not isinstance(one, Supplied)]
        return Answer(failed="broken", words="not Supplied") if wrong else Answer(supplied)
    except SourceRefused as refusal:
        return Answer(failed="refused", words=str(refusal))
    except BaseException as error:  # whatever a plugin raises, the form goes on
        return Answer(failed="broken", words=f"{type(error).__name__}: {error}")


sources = Sources()
"""The sources of all sites that this process has opened."""
