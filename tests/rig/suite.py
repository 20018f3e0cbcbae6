"""Where the JSON Schema test suite lies: the pinned one of set-up, or a newer one in `YIBIAO_SUITE`."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def suite_folder() -> Path:
    """The suite's folder, with `tests/`, `remotes/` and `annotations/` in it."""
    folder = Path(os.environ.get("YIBIAO_SUITE") or ROOT / "build" / "suite")
    if not (folder / "tests" / "draft2020-12").is_dir():
        raise FileNotFoundError(
            f"No JSON Schema test suite in {folder}: run `.ci/setup test`, or name one by YIBIAO_SUITE."
        )
    return folder


@pytest.fixture(scope="session")
def json_schema_suite() -> Path:
    """The folder of the JSON Schema test suite; a test that asks for it fails without it."""
    return suite_folder()
