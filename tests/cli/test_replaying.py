"""`yibiao replay` and `yibiao burden`, as people run them."""

import json

import pytest

pytestmark = pytest.mark.timeout(240)


def test_replay_writes_its_file_and_keeps_it_for_the_page(shell):
    options = ("--residents", "60", "--units", "1", "--until", "202601", "--out", "out.json")
    told = shell.good("replay", *options)
    written = json.loads((shell.folder / "out.json").read_text("utf-8"))
    assert written == json.loads((shell.folder / "instance" / "replay.json").read_text("utf-8"))
    (month,) = written["months"]
    assert f"202601   {month['reports']:>7} {month['cells']:>7} {month['filled']:>7}" in told
    assert not list((shell.folder / "instance").glob("*.sqlite3")), (
        "the site's own database is left alone"
    )


def test_months_that_the_city_does_not_live(shell):
    assert "202610" in shell.wrong("replay", "--until", "202611", "--out", "out.json")


def test_burden_in_words_and_as_json(city):
    words = city.good("burden", "--period", "202610")
    told = json.loads(city.good("burden", "--period", "202610", "--json"))
    (month,) = told["months"]
    assert month["period"] == "202610"
    assert month["cells"] == month["filled"] + month["typed"] + month["confirmed"]
    assert month["begun"] >= 1
    for form in told["forms"]:
        assert form["number"] in words
    assert sum(f["months"][0]["cells"] for f in told["forms"]) == month["cells"]
    kept = json.loads((city.folder / "instance" / "burden.json").read_text("utf-8"))
    assert kept["months"] == told["months"]


def test_burden_of_no_period(city):
    assert "202613" in city.wrong("burden", "--period", "202613")
