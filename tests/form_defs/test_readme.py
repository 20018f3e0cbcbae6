"""The excerpts in the README are those of the files."""

import json
import re

from tests.form_defs.conftest import ROOT

README = (ROOT / "form_defs/README.md").read_text("utf-8")
BLOCKS = re.findall(r"```json\n(.*?)```", README, re.DOTALL)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_the_extending_form_is_shown_whole():
    file = (
        ROOT / "plugins/fire_emergency/form_defs/forms/fire-emergency/rented-homes-quarterly.json"
    )
    assert file.read_text("utf-8") in BLOCKS


def test_a_field_is_shown_as_it_is():
    (shown,) = (block for block in BLOCKS if block.startswith('"living_alone"'))
    file = json.loads((ROOT / "form_defs/dictionary/resident.json").read_text("utf-8"))
    assert json.loads(f"{{{shown}}}")["living_alone"] == file["properties"]["living_alone"]


def test_what_is_shown_in_part_is_in_the_files():
    """Up to each `…`, which stands for what was left out."""
    files = ("indicators/disability.json", "forms/disabled-persons/residents-monthly.json")
    known = squeezed("".join((ROOT / "form_defs" / f).read_text("utf-8") for f in files))
    for block in BLOCKS:
        if "…" in block and not block.startswith('"age"'):
            for part in block.split("…"):
                lines = [line for line in map(squeezed, part.splitlines()) if line.strip("},")]
                assert [line for line in lines if line.rstrip("},") not in known] == []
