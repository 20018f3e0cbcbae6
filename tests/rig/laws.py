"""How long a law is tried in the whole matrix, and how many examples that came to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from functools import wraps
from typing import Any

import pytest
from hypothesis import is_hypothesis_test
from hypothesis.errors import HypothesisException

from tests.rig.profiles import PROFILE

LONGEST = float(os.environ.get("YIBIAO_LAW_SECONDS", "60"))
SECONDS = {True: LONGEST, False: 3 * LONGEST}
"""For a law on a database, and for one without (5,000 examples are most often done long before)."""
_TOLD = "examples"


class Bounded:
    """A law's body that counts, and says nothing more once its time is over, unless it has found something."""

    def __init__(self, body: Callable[..., Any], seconds: float) -> None:
        self.body, self.seconds = body, seconds
        self.tried = self.left_out = 0
        self.began: float | None = None
        self.found = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.began = self.began or time.monotonic()
        # What has failed is made smaller and told of, however long that takes.
        if not self.found and time.monotonic() - self.began > self.seconds:
            self.left_out += 1
            return None
        try:
            answer = self.body(*args, **kwargs)
        except Exception as error:
            self.found |= not isinstance(error, HypothesisException)
            raise
        self.tried += 1
        return answer


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Bound a law in the whole matrix; a quick run tries its few examples to the end."""
    if PROFILE != "full" or not is_hypothesis_test(pyfuncitem.obj):
        return (yield)
    handle = pyfuncitem.obj.hypothesis
    body = handle.inner_test
    bounded = Bounded(body, SECONDS[_on_a_database(pyfuncitem)])

    @wraps(body)
    def counted(*args: Any, **kwargs: Any) -> Any:
        return bounded(*args, **kwargs)

    handle.inner_test = counted
    try:
        return (yield)
    finally:
        handle.inner_test = body
        told = bounded.tried, bounded.left_out, round(time.monotonic() - (bounded.began or 0))
        pyfuncitem.user_properties.append((_TOLD, told))


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
    for name, tried, left_out, seconds in sorted(laws, key=lambda law: (not law[2], law[0])):
        why = f", then its time was over ({left_out} more were drawn)" if left_out else ""
        terminalreporter.write_line(f"{tried:6} in {seconds:4} s  {name}{why}")
