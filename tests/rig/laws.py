"""How long a law is tried in the whole matrix, and how many examples that came to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.rig.profiles import PROFILE

LONGEST = float(os.environ.get("YIBIAO_LAW_SECONDS", "60"))
SECONDS = {True: LONGEST, False: 3 * LONGEST}
"""For a law on a database, and for one without (5,000 examples are most often done long before)."""
FIRST, MORE = 25, 4
"""Examples of the first round, and how many times as many the next one has while there is time enough for it."""
_TOLD = "examples"


class Rounds:
    """A law tried in rounds until it had all its examples, there are no further ones, or its time is over.

    A round that has begun is tried to its end: what a law draws while it runs must not depend on the time.
    """

    def __init__(self, law: Callable[..., Any], seconds: float) -> None:
        self.law: Any = law
        self.seconds = seconds
        self.most: int = self.law._hypothesis_internal_use_settings.max_examples
        self.tried = self.asked = 0
        self.took = 0.0

    @property
    def is_over(self) -> bool:
        """Whether time has run out before all examples were tried."""
        return self.asked < self.most and self.took >= self.seconds

    def run(self, arguments: Mapping[str, Any]) -> None:
        """Try the law with these fixtures; raises what it raises."""
        own, body = self.law._hypothesis_internal_use_settings, self.law.hypothesis.inner_test

        @wraps(body)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.tried += 1
            return body(*args, **kwargs)

        self.law.hypothesis.inner_test = counted
        try:
            self._rounds(own, arguments)
        finally:
            self.law.hypothesis.inner_test = body
            self.law._hypothesis_internal_use_settings = own

    def _rounds(self, own: settings, arguments: Mapping[str, Any]) -> None:
        size = FIRST
        while self.asked < self.most and self.took < self.seconds:
            size = min(size, self.most - self.asked)
            self.law._hypothesis_internal_use_settings = settings(own, max_examples=size)
            before, began = self.tried, time.monotonic()
            try:
                self.law(**arguments)
            finally:
                took = time.monotonic() - began
                self.took += took
            self.asked += size
            if self.tried - before < size // 2:  # there are no more than these
                self.asked = self.most
            if took * MORE < self.seconds - self.took:
                size *= MORE


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Try a law in rounds in the whole matrix; a quick run tries its few examples at once."""
    if PROFILE != "full" or not is_hypothesis_test(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    rounds = Rounds(pyfuncitem.obj, SECONDS[_on_a_database(pyfuncitem)])
    try:
        rounds.run({name: pyfuncitem.funcargs[name] for name in names})
    finally:
        told = rounds.tried, rounds.is_over, round(rounds.took)
        pyfuncitem.user_properties.append((_TOLD, told))
    return True


def _on_a_database(item: pytest.Function) -> bool:
    return bool({"database_kind", "sqlite_url"} & set(item.fixturenames))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say of each law how many examples were tried, those first whose time was over."""
    laws = [
        (report.nodeid, *dict(report.user_properties)[_TOLD])
        for reports in terminalreporter.stats.values()
        for report in reports
        if _TOLD in dict(getattr(report, "user_properties", ())) and report.when == "call"
    ]
    if laws:
        terminalreporter.section("laws: examples tried")
    for name, tried, is_over, seconds in sorted(laws, key=lambda law: (not law[2], law[0])):
        why = ", then its time was over" if is_over else ""
        terminalreporter.write_line(f"{tried:6} in {seconds:4} s  {name}{why}")
