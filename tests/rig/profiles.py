"""How much a run tries: `YIBIAO_PROFILE` is quick (`make test`) or full (`make test-all`)."""

import os
from pathlib import Path

import hypothesis
import hypothesis.configuration
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROFILE = os.environ.get("YIBIAO_PROFILE", "quick")
FULL_MATRIX = os.environ.get("YIBIAO_MATRIX") == "full"

# quick is the same on every run, so that nobody's push fails by another's luck; full looks further.
# A deadline per example says more about a shared machine than about the code.
hypothesis.settings.register_profile(
    "quick", max_examples=50, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile(
    "full",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)


def examples(quick: int) -> int:
    """How many of a law whose examples cost much: these in a quick run; in a full one its time is bounded (`laws`)."""
    return quick if PROFILE == "quick" else 5_000


def choose_profile() -> None:
    hypothesis.configuration.set_hypothesis_home_dir(ROOT / "build" / "hypothesis")
    hypothesis.settings.load_profile(PROFILE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what belongs to the whole matrix out of a quick run, unless it was named with -m.

    What one worker must do alone comes first: at the end the others would wait for it.
    """
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
    if FULL_MATRIX or config.option.markexpr:
        return
    later = {"full", "libreoffice"}
    left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in later)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
