"""Killed at any point, an autosave or a submit leaves all of itself or none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.entry.town import post

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("operation", ["save", "submit"])
def test_killed_at_any_point_it_is_all_there_or_not_at_all(engine, report, people, operation):
    if operation == "submit":
        post(engine, report, people["chen"], {"/lent": "3", "/many": "4"})
    address = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    run = subprocess.run(
        [sys.executable, "-m", "tests.entry.killed", address, operation],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr
    points = [json.loads(line) for line in run.stdout.splitlines()]
    *killed, last = points
    assert len(killed) > 10
    assert all(point["killed"] for point in killed)
    assert all(point["after"] == point["before"] for point in killed)
    assert not last["killed"]
    assert last["after"][5] == [*last["before"][5], f"entry.{operation}"]
    assert last["after"][1] == last["after"][3] == last["before"][1] + 1
    assert last["after"][4] == (operation == "submit")
