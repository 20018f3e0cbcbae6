"""What filling spares, as it looks: the chart in both widths, languages and themes."""

import pytest

from runtime.replay import keep
from tests.journeys.test_pages import check
from tests.web.test_worth import FORM, REPLAYED, month

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]

WORDS = {"en": ("goal", "best published"), "zh-CN": ("目标", "公开报道最好成绩")}
LOOKS = ((1280, "en", "light"), (360, "zh-CN", "dark"))


def test_the_chart_on_a_desk_and_on_a_phone(sit_down, axe, tmp_path):
    months = [month(f"2026{n:02}", 20 + 7 * n, 10, 70 - 7 * n) for n in range(1, 11)]
    keep.keep(tmp_path, keep.REPLAY, {**REPLAYED, "months": months})
    keep.keep(
        tmp_path,
        keep.BURDEN,
        {
            "months": [month("202610", 10, 0, 5)],
            "forms": [FORM],
            "countedAt": "2026-11-02T08:00:00",
        },
    )
    for width, language, theme in LOOKS:
        said = WORDS[language]
        page = sit_down("admin", width=width, language=language, theme=theme)
        page.goto("/worth")
        check(page, axe)
        chart = page.locator(".chart svg").bounding_box()
        assert chart["width"] <= width
        assert page.locator(".chart .goal").all_text_contents() == [
            f"95 {said[0]}",
            f"80 {said[1]}",
        ]
        for words in page.locator(".chart .goal").all():
            box = words.bounding_box()
            assert box["x"] + box["width"] <= chart["x"] + chart["width"]
        told = page.locator("td.long").first
        assert told.bounding_box()["width"] >= 240
        assert told.locator("br").count() == 0
        assert page.locator(".chart rect").count() == 3 * len(months)
