"""Every page of the builder in every width, language and theme: axe finds nothing, nothing is cut off."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.builder.excel.test_journey import BY_NAME
from tests.journeys.conftest import FULL
from tests.journeys.test_pages import fits
from tests.rig.city import City, sit_down

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.timeout(900)]
FORM = "/builder/forms/disabled-persons/residents-monthly"
SURVEY = "/builder/forms/disabled-persons/needs-survey"
WORDS = "/builder/dictionary"
PAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "lists": {
        "builder.forms": ("/builder/", "/builder/?q=nothing-is-called-so"),
        "builder.source": (f"{FORM}/json",),
        "catalogue.show": ("/builder/catalogue/",),
        "exchange.upload": ("/builder/import",),
        "exchange.export": (f"{FORM}/export",),
        "builder.excel.index": ("/builder/excel/",),
        "builder.excel.show": ("SHEET",),
    },
    "studio": {
        "studio.build": (
            FORM,
            f"{FORM}?at=services",
            f"{SURVEY}?at=living",
            f"{SURVEY}?at=nowhere",
        ),
        "builder.form": (SURVEY,),
        "studio.rules": (f"{FORM}/rules", f"{SURVEY}/rules?kind=shown"),
        "studio.translations": (f"{FORM}/translations",),
        "studio.history": (f"{FORM}/history",),
        "studio.preview": (
            f"{FORM}/preview",
            f"{FORM}/preview?show=phone&role=reviewer",
            f"{FORM}/preview?show=pdf&data=worst",
            f"{FORM}/preview?show=xlsx&data=real",
        ),
        "studio.preview_screen": (f"{FORM}/preview/screen",),
        "publishing.show": (f"{FORM}/publish",),
        "publishing.preview": (f"{FORM}/publish/preview",),
    },
    "dictionary": {
        "dictionary.index": (WORDS, f"{WORDS}?q=grade"),
        "dictionary.show": (
            f"{WORDS}/registers/resident",
            f"{WORDS}/registers/resident/birth_date",
            f"{WORDS}/codes/sex",
            f"{WORDS}/indicators/disabled-persons",
        ),
        "dictionary.begin": tuple(
            f"{WORDS}/begin/{it}" for it in ("registers", "indicators", "codes")
        ),
        "dictionary.overview": (f"{WORDS}/changes",),
        "dictionary.alike": (f"{WORDS}/alike",),
        "dictionary.new": (f"{WORDS}/registers/resident/-new",),
        "dictionary.edit": (f"{WORDS}/registers/resident/birth_date/edit",),
        "dictionary.merge": (f"{WORDS}/registers/resident/birth_date/merge",),
        "dictionary.merge_codes": (f"{WORDS}/codes/sex/-merge",),
        "dictionary.rename": (f"{WORDS}/registers/resident/birth_date/rename",),
    },
}
"""The addresses of each page, by the endpoint that answers them; `SHEET` stands for an uploaded sheet."""
NO_PAGES = {
    "builder.static",
    "catalogue.download",
    "builder.excel.sampled",
    "builder.excel.search",
    "builder.excel.made",  # by its own journey: it is there once a form was made
    "dictionary.fresh",
    "dictionary.left_under_old",
    "publishing.paper",
    "radar.look",
    *(f"studio.{part}" for part in ("copy", "fresh", "here", "palette", "part", "problems")),
    *(f"studio.preview_{part}" for part in ("drawn", "page", "paper")),
    "studio.texts_download",
}
"""What gives a file or a piece of a page."""
EVERY = list(product((1280, 768), ("en", "zh-CN"), ("light", "dark")))


def test_none_is_left_out(city: City) -> None:
    rules = [rule for rule in city.app.url_map.iter_rules() if rule.rule.startswith("/builder")]
    asked = {rule.endpoint for rule in rules if "GET" in (rule.methods or set())}
    assert asked == NO_PAGES.union(*PAGES.values())


def _sheet(page: Any, folder: Path) -> str:
    file = folder / "sheet.xlsx"
    file.write_bytes(BY_NAME["one resident"].content())
    page.goto("/builder/excel/")
    page.locator("#file").set_input_files(file)
    page.locator("main button.first").click()
    page.wait_for_selector("#work")
    return str(page.url)


@pytest.mark.browser
@pytest.mark.parametrize(("turn", "group"), list(enumerate(PAGES)), ids=list(PAGES))
def test_they_look_right(
    city: City,
    serve: Any,
    new_page: Any,
    axe: Any,
    page_watch: Any,
    tmp_path: Path,
    turn: int,
    group: str,
) -> None:
    address = serve(city.app)
    for width, language, theme in EVERY if FULL else [EVERY[3 * turn + 1]]:
        page = sit_down(
            new_page,
            address,
            "hejun" if group == "dictionary" else "sunli",
            width=width,
            language=language,
            theme=theme,
        )
        sheet = _sheet(page, tmp_path) if group == "lists" else ""
        for path in (path for paths in PAGES[group].values() for path in paths):
            page.goto(path.replace("SHEET", sheet))
            assert page.locator("main").count() == 1, path
            if "preview" in path:
                page.wait_for_load_state("networkidle")  # the paper comes after the page
            fits(page)
            assert axe(page) == [], path
