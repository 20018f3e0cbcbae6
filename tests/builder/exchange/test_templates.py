"""A form's Excel template goes along in a set, comes back with it, and is refused where an upload would be."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from builder.excel import reading as bounds
from runtime.app import create_app
from runtime.outputs.xlsx import XlsxOutput
from runtime.site import open_site
from runtime.storage.asset_tables import FormAsset
from runtime.storage.engine import reading, writing
from tests.builder.excel.test_hostile import with_part
from tests.builder.excel.test_pages import make, upload
from tests.builder.exchange.test_pages import _carried, _drafts, _upload
from tests.cli.conftest import Shell, shell_after
from tests.rig.city import City, prepare, settings

pytestmark = pytest.mark.databases("sqlite")
OWN = "disabled-persons"
FORM = f"forms/{OWN}/holders-test.json"
SHEET = f"templates/{OWN}/holders-test.xlsx"
PAPER = f"/builder/forms/{OWN}/holders-test/preview/paper.xlsx?show=xlsx"


@pytest.fixture
def elsewhere(
    prepared_database: Callable[[str, Callable[[str], object]], str],
    fixed_now: object,
    tmp_path: Path,
) -> Iterator[City]:
    """Another site."""
    home = tmp_path / "elsewhere"
    site = open_site(settings(prepared_database("city", prepare), home))
    yield City(create_app(site=site), site)
    site.close()


def _set(city: City) -> dict[str, bytes]:
    """The files of a set with a form that was made of a sheet."""
    client = city.client("sunli")
    place = upload(client).location
    client.post(f"{place}/decide", data={"_do": "all"})
    make(client, place)
    answer = client.post("/builder/export", data={"form": [f"{OWN}/holders-test"]})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as made:
        return {name: made.read(name) for name in made.namelist()}


def _zip(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, one in files.items():
            made.writestr(name, one)
    return content.getvalue()


def _looked(city: City, files: Mapping[str, bytes]) -> Any:
    return _upload(city.client("sunli"), "forms.zip", _zip(files), department="")


def _kept(city: City, page: Any) -> None:
    city.client("sunli").post("/builder/import/keep", data=_carried(page.text))


def _assets(city: City) -> list[bytes]:
    with reading(city.site.engine) as session:
        return [one.content for one in session.query(FormAsset)]


def test_a_set_takes_the_sheet_along_and_the_other_site_fills_it(
    city: City, elsewhere: City
) -> None:
    files = _set(city)
    assert next(iter(files)) == FORM
    assert files[SHEET] == _assets(city)[0]
    page = _looked(elsewhere, files)
    assert f"Excel template: {SHEET}" in page.text
    assert _assets(elsewhere) == []
    _kept(elsewhere, page)
    assert _assets(elsewhere) == [files[SHEET]]
    assert _drafts(elsewhere) == {f"{OWN}/holders-test": files[FORM].decode()}
    sheet = load_workbook(
        io.BytesIO(elsewhere.client("sunli").get(PAPER).data), data_only=True
    ).worksheets[0]
    assert sheet["A1"].value == "残疾人基本情况统计表"
    assert isinstance(sheet["B6"].value, int)


def test_a_set_without_the_sheet_says_so(city: City, elsewhere: City) -> None:
    files = _set(city)
    del files[SHEET]
    assert "its Excel template is neither in the file nor here" in _looked(elsewhere, files).text
    assert "its Excel template is here already" in _looked(city, files).text
    single = _upload(elsewhere.client("sunli"), "holders-test.json", files[FORM])
    assert "its Excel template is neither in the file nor here" in single.text


def test_the_page_of_export_says_whether_it_goes_along(city: City) -> None:
    _set(city)
    client = city.client("sunli")
    place = f"/builder/forms/{OWN}/holders-test/export"
    assert "Its Excel template goes along." in client.get(place).text
    _forget(city)
    assert "Its Excel template is not here, so it goes out without." in client.get(place).text
    with zipfile.ZipFile(io.BytesIO(client.get(f"{place}?as=zip").data)) as made:
        assert SHEET not in made.namelist()


def _forget(city: City) -> None:
    with writing(city.site.engine) as session:
        session.query(FormAsset).delete()


def test_a_sheet_that_was_changed_is_the_forms_own_from_then_on(
    city: City, elsewhere: City
) -> None:
    files = _set(city)
    book = load_workbook(io.BytesIO(files[SHEET]))
    book.worksheets[0]["A1"] = "改过的标题"
    book.worksheets[0]["J1"] = '=WEBSERVICE("http://x")'
    out = io.BytesIO()
    book.save(out)
    page = _looked(elsewhere, {**files, SHEET: out.getvalue()})
    assert "it is another sheet than the one that the form named" in page.text
    assert "Formulas that ask more than the sheet itself are not kept: " in page.text
    _kept(elsewhere, page)
    (text,) = _drafts(elsewhere).values()
    assert re.sub("sha256:[0-9a-f]{64}", "", text) == re.sub(
        "sha256:[0-9a-f]{64}", "", files[FORM].decode()
    )
    sheet = load_workbook(io.BytesIO(elsewhere.client("sunli").get(PAPER).data)).worksheets[0]
    assert sheet["A1"].value == "改过的标题"
    assert sheet["J1"].value is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no workbook", "damaged"),
        (b"PK\x03\x04 broken", "damaged"),
        (with_part("xl/worksheets/sheet1.xml", b"<!DOCTYPE x><worksheet/>"), "no Excel writes"),
        (with_part("xl/media/big.bin", b"0" * 70_000_000), "unpacks to far more"),
        (b"PK" + b"x" * (bounds.LARGEST + 1), "larger than 5 MB"),
    ],
    ids=["text", "broken", "entity", "bomb", "large"],
)
def test_a_hostile_sheet_is_refused_by_its_name(
    city: City, elsewhere: City, content: bytes, says: str
) -> None:
    answer = _looked(elsewhere, {**_set(city), SHEET: content})
    assert answer.status_code == 422
    assert f"{SHEET}: " in answer.text
    assert says in answer.text
    assert "Take it out of the set" in answer.text
    assert _assets(elsewhere) == []


def test_the_sheets_of_a_set_hold_no_more_than_one_may(
    city: City, elsewhere: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _set(city)
    other = json.loads(files[FORM])
    other["outputs"]["xlsx"]["template"] = "sha256:" + "0" * 64
    book = load_workbook(io.BytesIO(files[SHEET]))
    book.worksheets[0]["A1"] = "另一张"
    out = io.BytesIO()
    book.save(out)
    more = {
        f"forms/{OWN}/b.json": json.dumps(other).encode(),
        f"templates/{OWN}/b.xlsx": out.getvalue(),
    }
    assert _looked(elsewhere, {**files, **more}).status_code == 200
    monkeypatch.setattr(bounds, "MOST_HELD", 150)
    answer = _looked(elsewhere, {**files, **more})
    assert "The sheets of the set are too large together" in answer.text


def test_a_sheet_that_no_form_fills_is_told(city: City, elsewhere: City) -> None:
    files = _set(city)
    stray = {**files, f"templates/{OWN}/stray.xlsx": b"never read"}
    page = _looked(elsewhere, stray)
    assert page.status_code == 200
    assert "No form of the set fills this sheet." in page.text
    _kept(elsewhere, page)
    assert len(_assets(elsewhere)) == 1


def test_a_sheet_of_a_departments_folder_goes_along_too(
    city: City, elsewhere: City, tmp_path: Path
) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "部门自己的表"
    book.save(tmp_path / "own.xlsx")
    output = city.site.outputs["xlsx"]
    assert isinstance(output, XlsxOutput)
    output.folders[OWN] = tmp_path
    form = json.loads(_set(city)[FORM])
    form["outputs"]["xlsx"]["template"] = f"{OWN}/own.xlsx"
    client = city.client("sunli")
    page = _upload(client, "folder.json", json.dumps(form).encode())
    client.post("/builder/import/keep", data={**_carried(page.text), "department": OWN})
    answer = client.post("/builder/export", data={"form": [f"{OWN}/folder"]})
    page = _upload(elsewhere.client("sunli"), "forms.zip", answer.data, department="")
    assert f"Excel template: templates/{OWN}/own.xlsx" in page.text
    _kept(elsewhere, page)
    (text,) = _drafts(elsewhere).values()
    assert json.loads(text)["outputs"]["xlsx"]["template"].startswith("sha256:")
    (content,) = _assets(elsewhere)
    assert load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value == "部门自己的表"


def test_the_limits_stand_beside_the_file_before_it_is_sent(city: City) -> None:
    page = city.client("sunli").get("/builder/import").text
    assert "At most 8 MB. A ZIP: at most 2,000 files and 20 MB unpacked" in page
    assert 'aria-describedby="file-help"' in page
    answer = _upload(city.client("sunli"), "big.zip", b"x" * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "big.zip is too large: a file has at most 8 MB; divide the set." in answer.text
    answer.request.environ["wsgi.input"].close()  # the test client's own copy of what it sent


@pytest.mark.parametrize(("name", "status"), [("", 413), ("chenwei", 413), ("sunli", 400)])
def test_only_who_may_design_may_post_so_much(city: City, name: str, status: int) -> None:
    client = city.client(name)
    city.app.config["WTF_CSRF_ENABLED"] = True  # the check of the token reads what was posted
    answer = client.post(
        "/builder/import/keep",
        data={"content": "x" * 3_000_000},
        content_type="multipart/form-data",
    )
    assert answer.status_code == status
    answer.request.environ["wsgi.input"].close()  # the test client's own copy of what it sent


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """`yibiao` in a folder where `yibiao init` was run."""
    return shell_after(tmp_path, "init")


def test_the_command_takes_the_sheet_along_too(city: City, shell: Shell) -> None:
    files = _set(city)
    (shell.folder / "set.zip").write_bytes(_zip(files))
    told = shell.good("form", "import", "set.zip")
    assert f"mapped  /outputs/xlsx/template: Excel template: {SHEET}" in told
    form = f"{OWN}/holders-test@draft"
    assert shell.good("form", "export", form, "--out", "again.zip") == ""
    with zipfile.ZipFile(shell.folder / "again.zip") as made:
        assert made.read(SHEET) == files[SHEET]
        assert made.read(FORM) == files[FORM]
    told = shell.good("form", "export", form, "--out", "one.json")
    assert "goes along only in a set (.zip)" in told


def test_the_command_says_which_sheet_is_missing(city: City, shell: Shell) -> None:
    files = _set(city)
    (shell.folder / "bad.zip").write_bytes(_zip({**files, SHEET: b"no workbook"}))
    assert f"{SHEET}: The file is damaged" in shell.wrong("form", "import", "bad.zip")
    del files[SHEET]
    (shell.folder / "set.zip").write_bytes(_zip(files))
    told = shell.good("form", "import", "set.zip")
    assert "its Excel template is neither in the file nor here" in told
    told = shell.good("form", "export", f"{OWN}/holders-test@draft", "--out", "again.zip")
    assert told == f"{OWN}/holders-test: its Excel template is not here, so the set is without.\n"
