"""What a newcomer does first with an installed Yibiao, from an empty folder."""

import pytest

from tests.wheel import parks
from tests.wheel.conftest import department_wheel

# On the same worker as test_wheel.py, which shares the installation.
pytestmark = [pytest.mark.wheel, pytest.mark.timeout(300), pytest.mark.xdist_group("wheel")]

REPORT = ("--unit", "9901010010001", "--period", "202610")


@pytest.fixture(scope="module")
def demo(installed):
    """The sample city, loaded once."""
    return installed.yibiao(
        "demo", "--residents", "300", "--out", "demo", "--password", "a-lake-at-dawn"
    )


def test_the_definitions_that_came_with_it_pass_their_check(installed):
    installed.yibiao("check")


def test_the_sample_city_fills_a_report_in_every_form(installed, demo):
    written = {file.suffix: file.read_bytes() for file in (installed.work / "demo").iterdir()}
    assert written[".html"].lstrip().lower().startswith(b"<!doctype html")
    assert written[".pdf"].startswith(b"%PDF-")
    assert written[".xlsx"].startswith(b"PK")
    assert written[".json"].lstrip().startswith((b"{", b"["))
    assert "a-lake-at-dawn" in demo.stdout
    for name in ("chenwei", "linna", "zhouming", "sunli", "hejun", "admin"):
        assert name in demo.stdout


@pytest.mark.full  # that it is found, and goes with it: test_wheel
def test_a_department_comes_as_a_wheel_and_its_entries_outlive_it(installed, demo, tmp_path):
    """Its form extends one of ours in a few lines, and no template is copied."""
    assert len(parks.FORM.splitlines()) <= 30
    form = "parks/barrier-free-monthly"
    built = department_wheel(tmp_path, "parks", parks.FILES)
    installed.pip("install", "--no-deps", "--no-index", str(built))
    try:
        assert f"Published: {form}" in installed.yibiao("init").stdout
        installed.yibiao("check")
        told = installed.yibiao("fill", form, *REPORT, "--out", "parks.html").stdout
        assert "cells filled" in told
        assert installed.python(parks.SHOWN) == "200 True True"
    finally:
        installed.pip("uninstall", "--yes", "parks")
    assert installed.python(parks.SHOWN) == "200 True True"
    assert form in installed.yibiao("init").stdout
    assert installed.python(parks.SHOWN) == "200 True True"
    installed.yibiao("fill", form, *REPORT, "--out", "parks.xlsx")
    assert (installed.work / "parks.xlsx").read_bytes().startswith(b"PK")
    page = (installed.work / "parks.html").read_text("utf-8")
    assert "Gates without a step" in page
    assert "Lakeside Community" in page


def test_a_mistake_is_told_in_one_line(installed):
    done = installed.yibiao("render", "missing.json", status=None)
    assert done.returncode != 0
    assert "missing.json" in done.stderr
    assert "Traceback" not in done.stderr
