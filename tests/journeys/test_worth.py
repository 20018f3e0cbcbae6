"""What filling spares, as it looks: the chart in both widths, languages and themes."""

import pytest

from runtime.replay import keep
from tests.journeys.test_pages import check
from tests.web.test_worth import FORM, REPLAYED, month

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]

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
        page = sit_down("admin", width=width, language=language, theme=theme)
        page.goto("/worth")
        check(page, axe)
        chart = page.locator(".chart svg").bounding_box()
        assert chart["width"] <= width
        assert page.locator(".chart rect").count() == 3 * len(months)
