"""An old workbook (.xls, .et) made an .xlsx by LibreOffice, in a process of its own with limits. Not for reading it.

The process has its own profile and folder, so much of processor time, memory and disk, no network where the system
can take it away, and is ended by its own number when its time is over.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from runtime.api import EntryError
from runtime.api import gettext as _

SECONDS = 60
PROCESSOR_SECONDS = 40
MEMORY = 3 * 1024**3
LARGEST_OUT = 64 * 1024**2

_OLD = b"\xd0\xcf\x11\xe0"
_ENDINGS = (".xls", ".et", ".xlt", ".ett")
_LIMITED = (
    "import os, resource, sys\n"
    "cpu, memory, size = map(int, sys.argv[1:4])\n"
    "for what, most in ((resource.RLIMIT_CPU, cpu), (resource.RLIMIT_AS, memory),\n"
    "                   (resource.RLIMIT_FSIZE, size), (resource.RLIMIT_CORE, 0)):\n"
    "    resource.setrlimit(what, (most, most))\n"
    "os.execvp(sys.argv[4], sys.argv[4:])\n"
)


def there() -> bool:
    """Whether this site can convert old workbooks."""
    return _office() is not None


def _office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def is_old(name: str, content: bytes) -> bool:
    """Whether it is a workbook of before 2007, or of WPS: such a file says so in its first bytes."""
    return content.startswith(_OLD) and Path(name).suffix.casefold() in _ENDINGS


def converted(content: bytes) -> bytes:
    """The same workbook as .xlsx. Raises `EntryError` with the way out where that cannot be done here."""
    office = _office()
    if office is None:
        raise EntryError(
            _(
                "A workbook in the old format (.xls, .et) cannot be converted on this site. Open it in Excel or WPS,"
                " choose “Save as”, “Excel workbook (.xlsx)”, and upload that."
            )
        )
    with tempfile.TemporaryDirectory(prefix="yibiao-convert-") as folder:
        place = Path(folder)
        (place / "in.xls").write_bytes(content)
        _run(office, place)
        made = place / "out" / "in.xlsx"
        if not made.is_file():
            raise _refused()
        return made.read_bytes()


def _run(office: str, place: Path) -> None:
    limits = [str(PROCESSOR_SECONDS), str(MEMORY), str(LARGEST_OUT)]
    command = [
        *_without_network(), sys.executable, "-I", "-c", _LIMITED, *limits, office, "--headless", "--norestore",
        "--nologo", "--nodefault", "--nolockcheck", f"-env:UserInstallation={(place / 'profile').as_uri()}",
        "--infilter=MS Excel 97", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(place / "out"),
        str(place / "in.xls"),
    ]  # fmt: skip
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(place),
        "LC_ALL": "C.UTF-8",
    }
    process = subprocess.Popen(  # noqa: S603 - fixed words, and paths of our own
        command,
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise _refused() from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started, which are one group under its own number."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@lru_cache(maxsize=1)
def _without_network() -> tuple[str, ...]:
    """The words before a command that take the network away from it; none where the system does not let us."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    words = (unshare, "--user", "--map-root-user", "--net")
    done = subprocess.run(  # noqa: S603 - fixed words
        [*words, "true"], capture_output=True, check=False, timeout=10
    )
    return words if done.returncode == 0 else ()


def _refused() -> EntryError:
    return EntryError(
        _(
            "The workbook could not be converted: it is damaged, locked with a password, or far too large. Open it"
            " in Excel or WPS, save it as .xlsx without a password, and upload that."
        )
    )
