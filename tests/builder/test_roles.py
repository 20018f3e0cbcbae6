"""Every route of the builder as every role: who may not is refused, and only own departments' forms are changed."""

from __future__ import annotations

import pytest
from werkzeug.routing import Rule

from runtime.storage.engine import reading
from runtime.storage.tables import FormDraft, FormVersion
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
ROLES = {"": 302, "chenwei": 403, "linna": 403, "zhouming": 403, "admin": 403}
"""Those who have nothing to do here, and what they are answered."""
FOR_ALL = "catalogue."
"""What anybody who is signed in may look at."""
OTHERS = {"department": "civil-affairs", "name": "low-income-monthly"}
POSTED = {
    "text": '{"title": "taken over"}',
    "department": "civil-affairs",
    "copy_of": "",
    "_do": "keep",
    "_revision": "0",
    "file_name": "taken.json",
    "content": "eJyrrgUAAXUA+Q==",
    "form": "civil-affairs/low-income-monthly",
}


def _rules(city: City) -> list[Rule]:
    rules = city.app.url_map.iter_rules()
    return [r for r in rules if r.rule.startswith("/builder") and "static" not in r.endpoint]


def _address(city: City, rule: Rule) -> str:
    known = {
        **OTHERS,
        "short": "civil-affairs/low-income-monthly",
        "folder": "registers",
        "home": "resident",
    }
    values = {name: known.get(name, "1") for name in rule.arguments}
    with city.app.test_request_context():
        _host, path = rule.build(values, append_unknown=False) or ("", "")
    return path


def _state(city: City) -> tuple[list[tuple[str, str]], list[tuple[str, int]]]:
    with reading(city.site.engine) as session:
        kept = [tuple(row) for row in session.query(FormDraft.address, FormDraft.source)]
        versions = [tuple(row) for row in session.query(FormVersion.address, FormVersion.number)]
    return sorted(kept), sorted(versions)


def test_there_are_routes_to_walk(city: City) -> None:
    assert len(_rules(city)) >= 10


@pytest.mark.parametrize("name", ROLES)
def test_who_has_nothing_to_do_here_is_refused_everywhere(city: City, name: str) -> None:
    before = _state(city)
    client = city.client(name)
    for rule in _rules(city):
        if name and rule.endpoint.startswith(FOR_ALL):
            continue
        path = _address(city, rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(path, method=method, data=POSTED if method == "POST" else None)
            assert answer.status_code == ROLES[name], (method, path)
    assert _state(city) == before


@pytest.mark.parametrize("name", ["sunli", "hejun"])
def test_nobody_changes_a_form_of_another_department(city: City, name: str) -> None:
    """`sunli` designs for the federation, `hejun` is a steward: neither owns a form of civil affairs."""
    before = _state(city)
    client = city.client(name)
    for rule in _rules(city):
        if "POST" not in (rule.methods or set()):
            continue
        path = _address(city, rule)
        answer = client.post(path, data=POSTED)
        assert answer.status_code < 500, path
    assert _state(city) == before


def test_every_post_needs_its_token(city: City) -> None:
    client = city.app.test_client()
    for rule in _rules(city):
        if "POST" in (rule.methods or set()):
            answer = client.post(_address(city, rule), data=POSTED)
            assert answer.status_code == 400, rule.rule
            assert "Send again" in answer.text


def test_a_steward_reads_and_changes_nothing(city: City) -> None:
    client = city.client("hejun")
    for rule in _rules(city):
        if rule.endpoint in ("builder.begin", "exchange.look", "exchange.take", "builder.change"):
            answer = client.post(_address(city, rule), data=POSTED)
            assert answer.status_code == 403, rule.rule
    assert client.get("/builder/import").status_code == 403
    assert client.post("/builder/export", data=POSTED).status_code == 200
