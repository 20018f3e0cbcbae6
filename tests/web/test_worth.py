"""What filling spares, as a page: with and without a replay, in both languages, and for whom."""

import re

import pytest
from sqlalchemy import select

from runtime.jobs.run import perform
from runtime.replay import keep, work
from runtime.storage.engine import reading
from runtime.storage.job_tables import Job

pytestmark = pytest.mark.databases("sqlite")


def month(period, filled, confirmed, typed):
    cells = filled + confirmed + typed
    return {
        "period": period,
        "reports": 3,
        "cells": cells,
        "filled": filled,
        "typed": typed,
        "confirmed": confirmed,
        "per100": 100 * filled / cells,
        "minutes": 60,
        "minutesByHand": 300,
        "comparedWithTruth": {"right": filled - 2, "wrong": 2},
    }


FORM = {
    "form": "https://yibiao.example/defs/forms/civil-affairs/low-income-monthly.json",
    "number": "DPF-07",
    "title": {"en": "Residents with disabilities", "zh-CN": "残疾人月报"},
    "months": [month("202610", 90, 4, 6)],
    "unfilled": [
        {
            "cell": "indicators/disability.json#/properties/devices_lent",
            "state": "missing",
            "times": 5,
        },
        {"cell": "/cases/late_reason", "state": "missing", "times": 1},
        {"cell": "/no/such", "state": "missing", "times": 1},
    ],
}
REPLAYED = {
    "months": [month("202609", 50, 25, 25), month("202610", 90, 4, 6)],
    "forms": [FORM],
    "unfilled": [*FORM["unfilled"], {"cell": "/work/<b>", "state": "stale", "times": 1}],
    "goal": 95,
    "bestPublished": 80,
    "residents": 3000,
    "seconds": {"typed": 15, "confirmed": 5, "corrected": 20, "reviewed": 1},
}


def kept(app, name, told):
    keep.keep(app.extensions["yibiao"].settings.home, name, told)


def test_before_anything_was_replayed_it_says_how(visitor):
    text = visitor("admin").get("/worth").text
    assert "yibiao replay --out" in text
    assert "Nothing has been counted yet" in text
    assert "<svg" not in text


def test_the_chart_and_its_table_say_the_same(app, visitor):
    kept(app, keep.REPLAY, REPLAYED)
    text = visitor("admin").get("/worth").text
    heights = {
        kind: [float(h) for h in re.findall(rf'<rect class="{kind}"[^>]* height="([0-9.]+)"', text)]
        for kind in ("known", "check", "ask")
    }
    whole = [sum(parts) for parts in zip(*heights.values(), strict=True)]
    assert [round(k / w, 2) for k, w in zip(heights["known"], whole, strict=True)] == [0.5, 0.9]
    assert '<td class="num">90.0</td>' in text
    assert "the goal is 95, the best published figure 80" in text
    assert "devices_lent" not in text, "the indicator is called by its title"
    assert "/cases/late_reason ×" not in re.sub(r"<[^>]+>", "", text), "so is the form's own cell"
    assert "/no/such" in text
    assert "/work/&lt;b&gt;" in text


def test_in_chinese(app, visitor):
    kept(app, keep.REPLAY, REPLAYED)
    somebody = visitor("admin")
    somebody.post("/language", {"language": "zh-CN", "next": "/worth"})
    text = somebody.get("/worth").text
    assert "减负成效" in text
    assert "残疾人月报" in text
    assert "9月" in text


def test_what_was_counted_here_stands_below(app, visitor):
    kept(app, keep.BURDEN, {"months": [month("202610", 10, 0, 5)], "forms": [FORM],
                            "countedAt": "2026-11-02T08:00:00+00:00"})  # fmt: skip
    text = visitor("zhouming").get("/worth").text
    assert "2 Nov 2026" in text
    assert "DPF-07" in text


@pytest.mark.parametrize("broken", ["", "{", "[]", "{}"])
def test_a_file_that_cannot_be_read_is_none(app, visitor, broken):
    home = app.extensions["yibiao"].settings.home
    (home / keep.REPLAY).write_text(broken)
    answer = visitor("sunli").get("/worth")
    assert answer.status_code == 200
    assert "yibiao replay --out" in answer.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("chenwei", 403), ("hejun", 403), ("sunli", 200), ("zhouming", 200), ("admin", 200)],
)
def test_who_may_see_it(visitor, name, status):
    somebody = visitor(name)
    assert somebody.get("/worth").status_code == status
    assert ('href="/worth"' in somebody.get("/account/").text) == (status == 200)


def test_a_month_is_counted_from_the_page(app, visitor):
    somebody = visitor("zhouming")
    page = somebody.get("/worth").text
    (first,) = re.findall(r'<select name="period"><option value="(\d{6})"', page)
    answer = somebody.post("/worth/count", {"period": first}, follow=True)
    assert "is being counted" in answer.text
    site = app.extensions["yibiao"]
    with reading(site.engine) as session:
        (job_id,) = session.scalars(select(Job.id).where(Job.kind == work.KIND))
    assert perform(site, job_id)
    told = keep.kept(site.settings.home, keep.BURDEN)
    assert [one["period"] for one in told["months"]] == [first]
    assert "As counted on" in somebody.get("/worth").text


def test_a_month_that_is_being_counted_is_not_counted_beside_that(app, visitor):
    """Whoever else asks sees the page; the job is not theirs to see."""
    somebody, other = visitor("zhouming"), visitor("sunli")
    first, second = re.findall(r'<option value="(\d{6})"', somebody.get("/worth").text)[:2]
    other.get("/worth")
    there = somebody.post("/worth/count", {"period": first}).location
    assert somebody.post("/worth/count", {"period": first}).location == there
    assert "is being counted" in other.post("/worth/count", {"period": first}, follow=True).text
    assert somebody.post("/worth/count", {"period": second}).location != there
    site = app.extensions["yibiao"]
    with reading(site.engine) as session:
        held = session.scalars(select(Job.id).where(Job.kind == work.KIND)).all()
    assert len(held) == 2
    for job_id in held:
        assert perform(site, job_id).state == "done"
    assert somebody.post("/worth/count", {"period": first}).location != there


@pytest.mark.parametrize("period", ["", "209901", "2026W40", "x"])
def test_no_other_month_is_counted(app, visitor, period):
    answer = visitor("admin").post("/worth/count", {"period": period})
    assert answer.status_code == 400
    assert "Choose one of the months" in answer.text


def test_who_may_not_see_it_may_not_have_it_counted(visitor):
    assert visitor("chenwei").post("/worth/count", {"period": "202609"}).status_code == 403
