"""A form made of its sheet again: what was changed in the draft since is named first, and comes back by undo."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.orm import Session

from builder.excel import making, pages
from runtime.storage import engine
from runtime.storage.engine import reading, writing
from runtime.storage.tables import DraftStep, FormDraft
from tests.builder.excel.test_pages import make, upload
from tests.builder.studio.people import add_designer
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
FORM = "/builder/forms/disabled-persons/holders-test"
TYPED = {"name": "holders-test", "title": "残疾人基本情况统计表", "about": "period", "frequency": "monthly",
         "level": ["community"], "due": "5"}  # fmt: skip


def _draft(city: City) -> FormDraft:
    with reading(city.site.engine) as session:
        return session.query(FormDraft).one()


def draft_of(city: City) -> dict[str, Any]:
    """The form as its draft has it."""
    found: dict[str, Any] = json.loads(_draft(city).source)
    return found


def _steps(city: City) -> int:
    with reading(city.site.engine) as session:
        return session.query(DraftStep).filter(DraftStep.taken_back.is_(False)).count()


def changed(client: Any, about: str, city: City) -> None:
    """The form with another description, typed in the JSON tab."""
    form = {**draft_of(city), "description": about}
    client.post(
        f"{FORM}/json",
        data={"_do": "keep", "text": json.dumps(form), "_revision": _draft(city).revision},
    )
    assert draft_of(city)["description"] == about


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def test_what_was_changed_is_named_before_it_is_replaced(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    changed(client, "What I thought of", city)
    answer = make(client, place, title="Another title")
    assert answer.status_code == 409
    assert "Replace the draft?" in answer.text
    assert "What I thought of" in answer.text
    assert 'name="title" value="Another title"' in answer.text
    assert draft_of(city)["description"] == "What I thought of"


def test_replaced_it_comes_back_by_undo(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    changed(client, "What I thought of", city)
    before = draft_of(city)
    seen = _seen(make(client, place, title="Another title").text)
    answer = make(client, place, title="Another title", seen=seen, _do="replace")
    assert answer.location == f"{place}/made"
    after = draft_of(city)
    assert "description" not in after
    assert after["title"] == "Another title"
    assert _steps(city) == 2
    client.post(f"{FORM}/steps", data={"do": "undo"})
    assert draft_of(city) == before


def test_kept_the_draft_stays_and_what_was_typed_too(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    changed(client, "What I thought of", city)
    seen = _seen(make(client, place, title="Another title").text)
    answer = make(client, place, title="Another title", seen=seen, _do="keep")
    assert answer.status_code == 200
    assert "The draft stays." in answer.text
    assert 'value="Another title"' in answer.text
    assert draft_of(city)["description"] == "What I thought of"


def test_what_was_changed_after_it_was_shown_is_shown_anew(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    changed(client, "What I thought of", city)
    seen = _seen(make(client, place).text)
    changed(city.client(add_designer(city)), "What Li Na thought of", city)
    answer = make(client, place, seen=seen, _do="replace")
    assert answer.status_code == 409
    assert "changed once more since you looked" in answer.text
    assert "What Li Na thought of" in answer.text
    assert draft_of(city)["description"] == "What Li Na thought of"


def test_what_was_replaced_is_asked_of_only_once(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    changed(client, "What I thought of", city)
    make(client, place, seen=_seen(make(client, place).text), _do="replace")
    assert make(client, place, title="A third title").status_code == 303
    changed(client, "A later thought", city)
    answer = make(client, place)
    assert answer.status_code == 409
    assert "A later thought" in answer.text
    assert "What I thought of" not in answer.text


def test_an_unfinished_text_is_told_and_stays(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    revision = _draft(city).revision
    client.post(f"{FORM}/json", data={"_do": "keep", "text": "{half", "_revision": revision})
    assert "{half" in _draft(city).unfinished
    answer = make(client, place)
    assert answer.status_code == 409
    assert "waits in the JSON tab" in answer.text
    assert make(client, place, title="B", seen=_seen(answer.text), _do="replace").status_code == 303
    draft = _draft(city)
    assert "{half" in draft.unfinished
    assert json.loads(draft.source)["title"] == "B"


def test_a_cell_decided_meanwhile_is_not_lost(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = city.client("sunli")
    place = upload(client).location
    ready = making.ready

    def slow(*given: Any) -> Any:
        found = ready(*given)
        city.client("sunli").post(f"{place}/decide", data={"_do": "none", "cell": "0.6.2"})
        return found

    monkeypatch.setattr(pages, "ready", slow)
    answer = make(client, place)
    assert answer.status_code == 409
    assert "Somebody has decided something of this sheet meanwhile" in answer.text
    with reading(city.site.engine) as session:
        assert session.query(FormDraft).count() == 0


def test_the_workbook_is_made_outside_of_the_write(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = city.client("sunli")
    place = upload(client).location
    open_writes: list[int] = []

    @contextmanager
    def told(bind: Any) -> Iterator[Session]:
        with writing(bind) as session:
            open_writes.append(1)
            yield session
            open_writes.pop()

    monkeypatch.setattr("runtime.web.asking.writing", told)
    assert engine.writing is writing
    template_of = making.template.template_of

    def apart(*given: Any) -> Any:
        assert open_writes == []
        return template_of(*given)

    monkeypatch.setattr(making.template, "template_of", apart)
    assert make(client, place).status_code == 303


def test_in_chinese_it_asks_in_chinese(city: City) -> None:
    client = city.client("sunli", "zh-CN")
    place = upload(client).location
    make(client, place)
    changed(client, "想到的", city)
    page = make(client, place).text
    assert "要替换草稿吗？" in page
    assert "保留草稿" in page
