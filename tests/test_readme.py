"""What the READMEs promise, tried: the first form, the commands, the settings, the links."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from runtime.cli.command import COMMANDS
from runtime.definitions.check import check
from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library
from runtime.definitions.place import cells, place
from runtime.settings import ENVIRONMENT

TOP = Path(__file__).parent.parent
FIRST = "https://yibiao.example/defs/forms/civil-affairs/older-people-monthly.json"
READMES = ["README.md", "README.zh-CN.md"]


def _readmes() -> list[Path]:
    """Our own: at the top, and in the folders that are ours."""
    folders = [TOP / name for name in ("builder", "form_defs", "plugins", "runtime", "tests")]
    found = [f for folder in folders for f in folder.rglob("README*.md")]
    return [*TOP.glob("README*.md"), *sorted(f for f in found if "node_modules" not in f.parts)]


@pytest.mark.parametrize("readme", READMES)
def test_the_first_form_passes_the_checks_and_is_filled_from_its_indicator(readme: str) -> None:
    library = Library.read([TOP / "form_defs"]).with_document(FIRST, _first_form(readme))
    assert list(check(library, [FIRST])) == []
    drawn = list(cells(place(compile_form(FIRST, library=library), {})))
    assert sum(cell.node.fill is not None for cell in drawn) > 4
    assert drawn[-1].pointer == "/remarks"


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_named(readme: str) -> None:
    text = (TOP / readme).read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"yibiao {name}" not in text] == []


def test_every_setting_is_told() -> None:
    text = (TOP / "runtime" / "README.md").read_text(encoding="utf-8")
    assert [name for name in ENVIRONMENT if f"`{name}`" not in text] == []


@pytest.mark.parametrize("file", _readmes(), ids=lambda f: str(f.relative_to(TOP)))
def test_links_lead_somewhere(file: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


def _first_form(readme: str) -> dict[str, object]:
    text = (TOP / readme).read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert found
    form: dict[str, object] = json.loads(found.group(1))
    return form
