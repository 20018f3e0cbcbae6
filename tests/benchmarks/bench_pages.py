"""The filling page of 500 cells beside rjsf, the weight of 60 cells, and the check of one cell among 500."""

import gzip
import re
from collections.abc import Iterator

from tests.benchmarks.measuring import Measure, milliseconds, percentile, rjsf_milliseconds
from tests.benchmarks.town import Desk, data, desk, form


def measure() -> Iterator[Measure]:
    with desk(500) as at:
        page = milliseconds(lambda: shown(at), times=40)
        yield Measure(
            "page.cells500",
            percentile(page, 0.5),
            "ms",
            "ratio ≤ 0.5",
            "react-jsonschema-form, renderToString",
            rjsf_milliseconds(form(500), data(500)),
        )
        token, revision = at.token(), at.revision()
        cell = milliseconds(lambda: checked(at, token, revision), times=200)
        # What stands beside these two in the budgets was measured elsewhere, so there is no ratio here.
        yield Measure("cell.check.ms", percentile(cell, 0.95), "ms", "≤ 5")
    with desk(60) as at:
        yield Measure("page.wire60.kb", wire(at) / 1_000, "kB", "≤ 60")


def shown(at: Desk) -> str:
    answer = at.browser.get(at.entry)
    assert answer.status_code == 200
    assert answer.text.count('name="/part') >= 500
    return answer.text


def checked(at: Desk, token: str, revision: str) -> None:
    """One cell as htmx posts it: that cell, the revision, and the token; the answer says what it changes."""
    answer = at.browser.post(
        f"{at.entry}/check",
        data={"/part0/cell0": "-5", "_revision": revision},
        headers={"HX-Request": "true", "X-CSRFToken": token},
    )
    assert answer.status_code == 200, answer.text
    assert "must be 0 or more" in answer.text


def wire(at: Desk) -> int:
    """Bytes of the page and of all that it loads, as they travel to a browser that takes gzip."""
    page = at.browser.get(at.entry).text
    linked = re.findall(r'<link[^>]+href="([^"]+\.css[^"]*)"|<script[^>]+src="([^"]+)"', page)
    assert linked
    return sum(
        travelling(at, address) for address in [at.entry, *(css or js for css, js in linked)]
    )


def travelling(at: Desk, address: str) -> int:
    answer = at.browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    body = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        assert gzip.decompress(body)
    return len(body)
