"""The dictionary made here goes out as files and is the same when it is loaded again: as a tree, at another site."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from builder.dictionary.files import bring, made_here_as_files, packed
from builder.exchange.bundles import File
from runtime.api import BASE, Library, OperatorError, check
from tests.builder.dictionary.test_joined import _done
from tests.builder.dictionary.test_pages import _changed
from tests.builder.dictionary.test_registers import _begun
from tests.cli.conftest import Shell, shell_after
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
PHONE = "/builder/dictionary/registers/resident/phone"
HYDRANT = {
    "$schema": f"{BASE}schemas/register.json",
    "title": "Hydrants",
    "type": "object",
    "identity": [["number"]],
    "label": ["number"],
    "properties": {
        "number": {
            "title": "Number",
            "type": "string",
            "minLength": 1,
            "maxLength": 60,
            "steward": "civil-affairs",
            "sensitivity": "internal",
            "translations": {"zh-CN": {"title": "编号"}},
        }
    },
    "translations": {"zh-CN": {"title": "消火栓"}},
}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """`yibiao` in a folder where `yibiao init` was run."""
    return shell_after(tmp_path, "init")


def _made(city: City) -> dict[str, str]:
    """Something made, changed, renamed (with forms that follow) and merged."""
    _begun(city)
    steward = city.client("hejun")
    assert _changed(steward, PHONE, title="Contact number").status_code == 302
    path = "/builder/dictionary/indicators/elderly/living_alone/rename"
    assert _done(city, path, name="alone").status_code == 302
    return made_here_as_files(city.site)


def test_the_tree_over_what_shipped_is_what_this_site_says(city: City, tmp_path: Path) -> None:
    files = _made(city)
    assert "dictionary/hydrant.json" in files
    assert "dictionary/resident.json" in files
    assert "indicators/elderly.json" in files
    shipped = {a: city.site.files.source(a) for a in city.site.files.addresses()}
    for name, text in files.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    again = {f"{BASE}{name}": json.loads((tmp_path / name).read_text("utf-8")) for name in files}
    loaded = Library.of({**shipped, **again})
    assert set(loaded.addresses()) == set(city.site.library.addresses())
    assert all(
        loaded.source(a) == city.site.library.source(a) for a in city.site.library.addresses()
    )
    assert [p for p in check(loaded) if p.severity == "error"] == []
    own = Library.read([str(tmp_path)])
    assert {a.removeprefix(BASE) for a in own.addresses()} == set(files)
    assert packed(files) == packed(files)


def test_it_goes_out_and_comes_in_at_another_site(shell: Shell, tmp_path: Path) -> None:
    assert "the one that shipped" in shell.good("dictionary", "export")
    shell.write("hydrant.json", json.dumps(HYDRANT, ensure_ascii=False))
    assert "new: dictionary/hydrant.json" in shell.good("dictionary", "import", "hydrant.json")
    told = shell.good("dictionary", "export").splitlines()
    assert told == ["dictionary/hydrant.json", "1 file is written: dictionary.zip"]
    with zipfile.ZipFile(shell.folder / "dictionary.zip") as made:
        text = made.read("dictionary/hydrant.json").decode()
    assert list(json.loads(text)) == list(HYDRANT)
    assert json.loads(text) == HYDRANT
    other = shell_after(tmp_path / "other", "init")
    (other.folder / "in.zip").write_bytes((shell.folder / "dictionary.zip").read_bytes())
    assert "new: dictionary/hydrant.json" in other.good("dictionary", "import", "in.zip")
    assert "All of it is here already." in other.good("dictionary", "import", "in.zip")
    other.good("dictionary", "export", "tree")
    assert (other.folder / "tree/dictionary/hydrant.json").read_text("utf-8") == text
    assert "All of it is here already." in other.good("dictionary", "import", "tree")
    assert (
        other.good("dictionary", "export", "again.zip").splitlines()[0] == "dictionary/hydrant.json"
    )
    assert (other.folder / "again.zip").read_bytes() == (
        shell.folder / "dictionary.zip"
    ).read_bytes()


def test_what_is_wrong_is_told_and_nothing_is_kept(shell: Shell) -> None:
    shell.write("a.json", json.dumps({**HYDRANT, "label": ["nobody"]}))
    done = shell("dictionary", "import", "a.json")
    assert done.returncode != 0
    assert "nobody" in done.stderr
    shell.write("b.json", json.dumps({"type": "object"}))
    assert "is no register" in shell("dictionary", "import", "b.json").stderr
    shell.write("c.json", "{ half")
    assert "c.json" in shell("dictionary", "import", "c.json").stderr
    shell.write("d.json", "[]")
    assert "no JSON object" in shell("dictionary", "import", "d.json").stderr
    assert "the one that shipped" in shell.good("dictionary", "export")


def _without(city: City, path: str, take_out: Callable[[Any], object]) -> File:
    """The definition at a path, with something taken out, as a file."""
    document = json.loads(json.dumps(city.site.library.source(BASE + path), default=float))
    take_out(document)
    return File(PurePosixPath(path), json.dumps(document).encode())


@pytest.mark.parametrize(
    ("path", "take_out", "says"),
    [
        (
            "dictionary/resident.json",
            lambda it: it["properties"].pop("phone"),
            "does not have phone",
        ),
        ("code-lists/sex.json", lambda it: it["oneOf"].pop(0), "does not have 1"),
        (
            "dictionary/resident.json",
            lambda it: it.update(identity=[["sex"]]),
            "identity: .* would be taken for one another",
        ),
    ],
    ids=["field", "code", "identity"],
)
def test_a_file_takes_away_nothing_that_is_known(
    city: City, path: str, take_out: Callable[[Any], object], says: str
) -> None:
    with pytest.raises(OperatorError, match=says):
        bring(city.site, [_without(city, path, take_out)])
