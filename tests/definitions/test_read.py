"""Definition files, good and bad, from folders and from archives."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.definitions.address import BASE
from runtime.definitions.load import Library
from runtime.definitions.read import LARGEST
from runtime.language import using
from tests.definitions.library import DATA, good


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "defs", tmp_path / "defs")
    return tmp_path / "defs"


BAD: dict[str, Callable[[Path], object]] = {
    "json": lambda p: p.write_text('{"title": "x",\n  "type": }', "utf-8"),
    "json repeated": lambda p: p.write_text('{"title": "x", "title": "y"}', "utf-8"),
    "json deep": lambda p: p.write_text("[" * 5000, "utf-8"),
    "json empty": lambda p: p.write_text("", "utf-8"),
    "json surrogate": lambda p: p.write_text('{"title": "\\ud800"}', "utf-8"),
    "encoding": lambda p: p.write_bytes('{"title": "居民"}'.encode("gbk")),
    "not-object": lambda p: p.write_text("[1]", "utf-8"),
    "too-large": lambda p: p.write_text('"' + "x" * LARGEST + '"', "utf-8"),
    "address": lambda p: p.write_text('{"$id": "https://elsewhere.example/x.json"}', "utf-8"),
    "address number": lambda p: p.write_text('{"$id": 3}', "utf-8"),
    "address schemas": lambda p: p.write_text(f'{{"$id": "{BASE}schemas/form.json"}}', "utf-8"),
    "duplicate": lambda p: p.write_text(f'{{"$id": "{BASE}dictionary/person.json"}}', "utf-8"),
    "unreadable": lambda p: p.symlink_to(p.parent / "nowhere.json"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_a_problem_and_the_rest_is_read(tree: Path, what: str) -> None:
    BAD[what](tree / "dictionary" / "bad.json")
    library = Library.read([tree])
    (found,) = library.problems
    assert found.code == what.split(maxsplit=1)[0]
    assert found.severity == "error"
    assert library.addresses() == good().addresses()
    with using("zh-CN"):
        assert library.problems[0].message != found.message


def test_a_syntax_error_says_line_and_column(tree: Path) -> None:
    BAD["json"](tree / "forms" / "welfare" / "bad.json")
    (found,) = Library.read([tree]).problems
    assert found.address == BASE + "forms/welfare/bad.json"
    assert "Line 2, column 11" in found.message


@pytest.mark.parametrize(
    "path",
    [
        "dictionary/deeper/x.json",
        "forms/x.json",
        "forms/a/b/c.json",
        "dictionary/Big.json",
        "code-lists/a b.json",
        "code-lists/居民.json",
    ],
)
def test_a_file_in_the_wrong_place_is_outside_the_tree(tree: Path, path: str) -> None:
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text("{}", "utf-8")
    (found,) = Library.read([tree]).problems
    assert found.code == "address"


def test_other_files_are_left_alone(tree: Path) -> None:
    (tree / "README.md").write_text("x", "utf-8")
    (tree / "dictionary" / ".hidden.json").write_text("x", "utf-8")
    (tree / "dictionary" / "notes.txt").write_text("x", "utf-8")
    (tree / "__pycache__").mkdir()
    assert Library.read([tree]).problems == ()


def test_links_that_lead_in_a_circle(tree: Path) -> None:
    (tree / "forms" / "welfare" / "again").symlink_to(tree / "forms")
    (tree / "dictionary" / "self").symlink_to(tree / "dictionary" / "self")
    library = Library.read([tree])
    assert library.addresses() == good().addresses()
    assert {p.code for p in library.problems} <= {"loop", "address", "unreadable"}
    assert any(p.code == "loop" for p in library.problems)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (found,) = Library.read([tmp_path / "none"]).problems
    assert found.code == "no-folder"


def test_a_byte_order_mark_is_no_harm(tree: Path) -> None:
    file = tree / "code-lists" / "sex.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert Library.read([tree]).problems == ()


def test_definitions_in_an_archive(tree: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "defs.zip", "w") as archive:
        for file in sorted(tree.rglob("*.json")):
            archive.write(file, file.relative_to(tree))
    library = Library.read([zipfile.Path(tmp_path / "defs.zip")])
    assert library.problems == ()
    assert library.addresses() == good().addresses()


def test_two_roots_make_one_tree(tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "dictionary"
    other.mkdir(parents=True)
    (other / "pond.json").write_text(json.dumps({"type": "object"}), "utf-8")
    (other / "house.json").write_text(json.dumps({"type": "object"}), "utf-8")
    library = Library.read([tree, tmp_path / "other"])
    assert BASE + "dictionary/pond.json" in library.addresses("register")
    assert [p.code for p in library.problems] == ["duplicate"]
    assert library.source("dictionary/house.json")["title"] == "Houses"


@pytest.mark.skipif(sys.platform == "win32", reason="rights work otherwise there")
def test_a_path_may_be_given_as_text(tree: Path) -> None:
    assert Library.read([str(tree)]).addresses() == good().addresses()
