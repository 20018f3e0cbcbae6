"""Entries of 60 fields checked in bulk, beside python-jsonschema."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft202012Validator

from runtime.definitions.compile import compile_form
from runtime.definitions.verdict import is_valid
from tests.benchmarks.measuring import Measure
from tests.benchmarks.town import data, form

ENTRIES = 2_000


def measure() -> Iterator[Measure]:
    schema = form(60)
    plan = compile_form(schema)
    entries = [_with(data(60), n) for n in range(ENTRIES)]
    peer = Draft202012Validator(schema)
    assert [is_valid(plan, e) for e in entries[:20]] == [peer.is_valid(e) for e in entries[:20]]
    yield Measure(
        "entry.validate.per_s",
        per_second(lambda e: is_valid(plan, e), entries),
        "entries/s",
        "≥ 50,000",
        "python-jsonschema",
        per_second(peer.is_valid, entries[:200]),
    )


def _with(entry: dict[str, Any], n: int) -> dict[str, Any]:
    """No two alike, one in ten wrong."""
    entry["part0"]["cell0"] = -n if n % 10 == 0 else n
    return entry


def per_second(judge: Callable[[Any], object], entries: list[Any]) -> float:
    """The best of five passes over the entries."""
    best = 0.0
    for _ in range(5):
        start = time.perf_counter()
        for entry in entries:
            judge(entry)
        best = max(best, len(entries) / (time.perf_counter() - start))
    return best
