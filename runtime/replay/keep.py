"""The last replay and the last count of a period's burden, as files of the site, for the page. Not for making them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

REPLAY, BURDEN = "replay.json", "burden.json"


def keep(home: Path, name: str, told: dict[str, Any]) -> None:
    """Keep it in the site's home folder, in place of the one before: whole, or not at all."""
    home.mkdir(parents=True, exist_ok=True)
    write(home / name, told)


def write(file: Path, told: dict[str, Any]) -> None:
    """Write it to a file, whole or not at all."""
    made = file.with_name(f".{file.name}.{os.getpid()}")
    made.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    made.replace(file)


def kept(home: Path, name: str) -> dict[str, Any] | None:
    """What was kept last; None where nothing was, or what is there cannot be read."""
    try:
        found = json.loads((home / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("months") else None
