"""The paper's own tables on a desk and on a phone: whole, aligned, and as wide as their figures ask."""

import pytest

from runtime.app import create_app
from runtime.site import open_site
from tests.journeys.test_pages import check
from tests.rig.city import prepare, settings
from tests.web.learning import regrade

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180), pytest.mark.databases("sqlite")]
GRADES = "disabled-persons/residents-monthly"
CHILDREN = "civil-affairs/children-in-difficulty-list"
WIDTHS = """row => [...row.cells].filter(c => c.tagName == 'TD').map(c => c.offsetWidth)"""
HEIGHTS = """row => [...row.querySelectorAll('td :is(input, output)')].map(c => c.getBoundingClientRect().top)"""
WORDS = """t => [...t.querySelectorAll("thead th.total")].map(h => h.firstChild).map(words => {
  const r = document.createRange(); r.selectNodeContents(words); return r.getClientRects().length })"""
LINES = """t => [...t.querySelectorAll('.was')].map(w => w.getClientRects().length + (w.offsetHeight > 20))"""


@pytest.fixture
def site(prepared_database, fixed_now, tmp_path):
    return open_site(settings(prepared_database("city", prepare), tmp_path))


@pytest.fixture
def address(site, serve):
    return serve(create_app(site=site), site.close)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_table_of_fifteen_columns_is_whole_on_a_desk(sit_down, open_report, language):
    page = sit_down(language=language)
    open_report(page, CHILDREN)
    room = page.locator(".scroll").first.evaluate("s => s.scrollWidth - s.clientWidth")
    assert room == 0


def test_a_heading_of_one_word_is_one_line_on_a_phone(sit_down, open_report):
    page = sit_down(width=360, language="zh-CN")
    open_report(page, CHILDREN)
    assert set(page.locator(".cross").first.evaluate(WORDS)) == {1}


def test_a_table_that_goes_on_fades_out_where_it_does(sit_down, open_report):
    page = sit_down(width=360)
    open_report(page, CHILDREN)
    after = "s => getComputedStyle(s).getPropertyValue('--after')"
    table = page.locator(".scroll").first
    assert table.evaluate(after) != "0px"
    table.evaluate("s => s.scrollTo({left: s.scrollWidth, behavior: 'instant'})")
    page.wait_for_timeout(100)
    assert table.evaluate(after) == "0px"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_changed_figure_makes_its_column_no_wider(sit_down, open_report, site, width, axe):
    page = sit_down(width=width)
    where = open_report(page, GRADES)
    regrade(site)
    page.goto(where)
    page.wait_for_selector("td.check button")
    for row in page.locator(".cross tbody tr").all():
        tops = row.evaluate(HEIGHTS)
        assert max(tops) - min(tops) <= 1, "the figures of a row stand at one height"
    widths = sorted(row.evaluate(WIDTHS))
    assert widths[-1] <= 1.4 * widths[-3]
    assert set(page.locator(".cross").first.evaluate(LINES)) <= {1}
    assert page.locator(".cross td.known .says a").count() == 0, "a source stands beside the table"
    for more in ("/now", "/review"):
        page.goto(where + more)
        check(page, axe)
