"""The site behind a real socket, and people who sit before a real browser."""

from itertools import product

import pytest

from runtime.app import create_app
from runtime.site import open_site
from tests.rig.city import prepare, settings
from tests.rig.city import sit_down as signed_in
from tests.rig.profiles import FULL_MATRIX as FULL

WIDTHS, LANGUAGES, THEMES = (1280, 360), ("en", "zh-CN"), ("light", "dark")
EVERY = list(product(WIDTHS, LANGUAGES, THEMES))


def looks(turn):
    """The widths, languages and themes that a test runs in: all of them, or one in rotation."""
    return EVERY if FULL else [EVERY[(3 * turn) % len(EVERY)]]


@pytest.fixture
def address(prepared_database, fixed_now, tmp_path, serve):
    site = open_site(settings(prepared_database("city", prepare), tmp_path))
    return serve(create_app(site=site), site.close)


@pytest.fixture
def sit_down(new_page, address):
    """`sit_down(name, **options)`: a page on which that user has signed in."""

    def make(name="chenwei", **options):
        return signed_in(new_page, address, name, **options)

    return make


@pytest.fixture
def open_report():
    """`open_report(page, form)`: from the inbox into the report of that form (the end of its address)."""

    def go(page, form):
        page.goto("/")
        row = page.locator(f"form:has(input[value$='/{form}.json'])")
        row.locator("button").click()
        page.wait_for_selector("#entry")
        page.wait_for_load_state("load")  # scripts are there by then
        return page.url

    return go
