"""What takes long is done before the database is locked: no difference, merge or sentence is made in a write."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event

import builder.history
import builder.studio.kept_text
import builder.studio.stepping
import builder.studio.steps
from runtime.storage import turns
from tests.builder.studio.test_build import HTMX, PLACE, _do, _form
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
SLOW = [
    (builder.studio.steps, "difference"),
    (builder.studio.steps, "sentences"),
    (builder.studio.kept_text, "difference"),
    (builder.history, "merged"),
    (builder.history, "sentences"),
]


@pytest.fixture
def in_writes(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was done of the slow things while the database was locked."""
    found: list[str] = []
    locked: list[bool] = []

    def watched(name: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def doing(*given: Any, **named: Any) -> Any:
            found.extend([name] if locked else [])
            return done(*given, **named)

        return doing

    def free(_connection: Connection) -> None:
        locked.clear()

    begin = turns.begin_to_write

    def begun(connection: Connection) -> None:
        begin(connection)
        locked.append(True)

    monkeypatch.setattr(turns, "begin_to_write", begun)
    for module, name in SLOW:
        monkeypatch.setattr(module, name, watched(name, getattr(module, name)))
    event.listen(city.site.engine, "commit", free)
    event.listen(city.site.engine, "rollback", free)
    yield found
    event.remove(city.site.engine, "commit", free)
    event.remove(city.site.engine, "rollback", free)


def test_steps_texts_and_translations_are_worked_out_before_the_write(
    city: City, in_writes: list[str]
) -> None:
    client = city.client("sunli")
    base = _form(client)
    _do(client, do="label", at="services", text="Help given")
    _do(client, do="undo")
    _do(client, do="redo")
    mine = {**base, "number": "DPF-77"}
    sent = {"_do": "keep", "text": json.dumps(mine), "_base": json.dumps(base)}
    answer = client.post(f"{PLACE}/json", data=sent, headers=HTMX)
    assert "Somebody else meanwhile" in answer.text
    table = client.get(f"{PLACE}/translations/download.csv").data.replace(b"Help given", b"Help")
    file = {"file": (io.BytesIO(table), "texts.csv")}
    client.post(f"{PLACE}/translations/upload", data=file, content_type="multipart/form-data")
    form = _form(client)
    assert (form["number"], form["layout"][1]["title"]) == ("DPF-77", "Help")
    assert in_writes == []


def test_what_was_worked_out_on_another_form_is_done_anew(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else keeps a step between the working out and the write."""
    client, other = city.client("sunli"), city.client("sunli")
    real = builder.studio.steps.worked_out

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(builder.studio.stepping, "worked_out", real)
        found = real(*given)
        _do(other, do="label", at="remarks", text="Notes")
        return found

    monkeypatch.setattr(builder.studio.stepping, "worked_out", overtaken)
    assert _do(client, do="label", at="services", text="Help given").status_code == 200
    form = _form(client)
    assert form["layout"][1]["title"] == "Help given"
    assert form["properties"]["remarks"]["title"] == "Notes"
