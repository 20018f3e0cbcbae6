import gzip

import brotli
import pytest

pytestmark = pytest.mark.databases("sqlite")


def test_static_files_are_named_by_their_content_and_kept(staff):
    page = staff.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "?v=" in address
    answer = staff.get(address, headers={"Accept-Encoding": "br"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert b"--brand" in brotli.decompress(answer.data)


def test_pages_are_packed_as_the_browser_likes(staff):
    plain = staff.get("/account/").data
    packed = staff.get("/account/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain)
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")


def test_the_first_view_of_a_report_is_small(staff):
    entry = staff.begin("disabled-persons/residents-monthly")
    packed = {"Accept-Encoding": "br"}
    files = ["yibiao.css", "vendor/htmx.min.js", "page.js", "entry.js", "table.js", "mark.svg"]
    sizes = [len(staff.get(f"/static/{name}", headers=packed).data) for name in files]
    sizes.append(len(staff.get(entry, headers=packed).data))
    assert sum(sizes) <= 60 * 1024, sizes


def test_what_is_not_there_says_so_in_both_languages(staff):
    assert "There is no such page" in staff.get("/nowhere").text
    chinese = {"Accept-Language": "zh-CN"}
    assert "没有这个页面" in staff.client.get("/nowhere", headers=chinese).text


def test_too_much_at_once_is_refused_in_words(staff):
    staff.get("/")
    answer = staff.post("/language", {"language": "x" * (21 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "too large" in answer.text
