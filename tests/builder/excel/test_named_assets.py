"""A kept sheet stays while a version, a draft or a step that undo reaches names it, and goes the night after."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from runtime import drafts
from runtime.definitions.address import form_address
from runtime.outputs import work
from runtime.outputs.assets import keep_asset
from runtime.storage.asset_tables import FormAsset
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FormDraft
from tests.builder.excel.test_pages import make, upload
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite", "postgresql")
FORM = "/builder/forms/disabled-persons/holders-test"
ADDRESS = form_address("disabled-persons/holders-test")


def _night(city: City) -> int:
    run: Any = SimpleNamespace(site=city.site)
    forgotten: int = work.forget_assets(run)["forgotten"]
    return forgotten


def _assets(city: City) -> int:
    with reading(city.site.engine) as session:
        return session.query(FormAsset).count()


def _made(city: City) -> Any:
    client = city.client("sunli")
    make(client, upload(client).location)
    return client


def _draft(city: City) -> FormDraft:
    with reading(city.site.engine) as session:
        return session.query(FormDraft).one()


def test_a_sheet_that_a_draft_names_stays_until_the_draft_is_gone(city: City) -> None:
    client = _made(city)
    assert (_night(city), _assets(city)) == (0, 1)
    client.post(f"{FORM}/discard", data={"_revision": _draft(city).revision})
    assert (_night(city), _assets(city)) == (1, 0)
    assert _night(city) == 0


def test_a_sheet_of_a_version_stays(city: City) -> None:
    _made(city)
    with writing(city.site.engine) as session:
        drafts.publish(session, city.site.library, ADDRESS, _draft(city).revision, None)
    with reading(city.site.engine) as session:
        assert session.query(FormDraft).count() == 0
    assert (_night(city), _assets(city)) == (0, 1)


def test_a_sheet_that_undo_brings_back_stays(city: City) -> None:
    client = _made(city)
    form = json.loads(_draft(city).source)
    del form["outputs"]
    draft = _draft(city)
    typed = {"_do": "keep", "text": json.dumps(form), "_revision": draft.revision}
    client.post(f"{FORM}/json", data=typed)
    assert "sha256:" not in _draft(city).source
    assert (_night(city), _assets(city)) == (0, 1)
    client.post(f"{FORM}/steps", data={"do": "undo"})
    assert "sha256:" in _draft(city).source
    assert client.get(f"{FORM}/preview/paper.xlsx?show=xlsx").status_code == 200


def test_what_is_named_again_while_it_is_looked_for_stays(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(city.site.engine) as session:
        name = keep_asset(session, b"a sheet", None)
    unnamed = work.unnamed

    def slow(session: Any) -> list[str]:
        found = unnamed(session)
        with writing(city.site.engine) as other:
            text = json.dumps({"outputs": {"xlsx": {"template": name}}})
            drafts.keep(other, ADDRESS, text, 0, None)
        return found

    monkeypatch.setattr(work, "unnamed", slow)
    assert (_night(city), _assets(city)) == (0, 1)
