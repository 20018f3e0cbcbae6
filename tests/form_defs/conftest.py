from pathlib import Path

import pytest

from runtime.definitions.load import Library

ROOT = Path(__file__).resolve().parents[2]
TREES = [ROOT / "form_defs", *sorted(ROOT.glob("plugins/*/form_defs"))]


def files(*kinds):
    """The files of all shipped trees in the folders `kinds` (all but the meta-schemas)."""
    wanted = kinds or ("dictionary", "code-lists", "indicators", "forms")
    return sorted(f for tree in TREES for kind in wanted for f in (tree / kind).rglob("*.json"))


def name_of(file):
    return str(file.relative_to(ROOT))


@pytest.fixture(scope="session")
def library():
    return Library.read(TREES)
