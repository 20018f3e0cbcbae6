"""Where a run keeps its files: one folder for all its workers, in memory where there is room, gone at the end."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.rig.postgresql import is_abandoned, stop_all

PREFIX = "yibiao-tests-"
MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3
"""Bytes: many times what all workers hold at once, since a test's files go when it has passed."""
_HERE = "YIBIAO_TEST_ROOM"


def take_room() -> None:
    """Give this run a folder for all that is temporary; its workers, which are started later, find it too."""
    if _HERE in os.environ:
        return
    for place in {MEMORY, Path(tempfile.gettempdir())}:
        for folder in place.glob(PREFIX + "*"):
            if is_abandoned(folder):
                _remove(folder)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_place()))
    folder.chmod(0o755)  # PostgreSQL is another user
    (folder / "owner").write_text(str(os.getpid()))
    os.environ[_HERE] = os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None


def room() -> Path:
    """The folder of this run."""
    return Path(os.environ[_HERE])


def owner() -> int:
    """The process that leaves last."""
    return int((room() / "owner").read_text())


def once(name: str, make: Callable[[], str]) -> str:
    """What `make()` returned to the first worker of this run that asked; the others wait for it.

    Where it raises nothing is remembered, and the next one tries.
    """
    file = re.sub(r"\W", "-", name) + ".once"
    with (room() / file).open("a+", encoding="utf-8") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        found = note.read()
        if not found:
            found = make()
            note.write(found)
            note.flush()
        return found


def give_back(keep: bool) -> None:
    """Leave no server behind, and no files but those of tests that failed (`keep`; the next run removes them)."""
    if owner() != os.getpid():
        return
    stop_all(room())
    if not keep:
        _remove(room())
    del os.environ[_HERE]


def _remove(folder: Path) -> None:
    stop_all(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _place() -> Path:
    """Memory, unless somebody named a folder or there is too little."""
    named = os.environ.get("TMPDIR")
    return Path(named) if named else (MEMORY if _has_room() else Path(tempfile.gettempdir()))


def _has_room() -> bool:
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return False
    lines = Path("/proc/meminfo").read_text().splitlines()
    available = next((int(n.split()[1]) * 1024 for n in lines if n.startswith("MemAvailable")), 0)
    return shutil.disk_usage(MEMORY).free >= ENOUGH and available >= 2 * ENOUGH
