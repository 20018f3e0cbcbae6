"""The one worker that `yibiao serve` minds: started with it, started again when it dies, stopped with it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import runtime

LEAVE_SECONDS = 10
"""How long a worker may take to let go of its job; after that it is killed, and the job goes on at the next start."""

_REST_SECONDS = (1, 2, 5, 10, 30)
"""How long to wait before the next start, when it dies again and again."""

_COMMAND = (
    sys.executable,
    "-P",
    "-c",
    "from runtime.cli import main; main()",
    "worker",
    "--minded",
)

log = logging.getLogger(__name__)


@contextmanager
def minded_worker() -> Iterator[None]:
    """Keep one worker running beside the block."""
    mind = _Mind()
    thread = threading.Thread(target=mind.keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        mind.stop()
        thread.join()


class _Mind:
    def __init__(self) -> None:
        self._over = threading.Event()
        self._starting = threading.Lock()
        self._process = _start()

    def keep(self) -> None:
        """Start the worker again whenever it ends, until `stop`."""
        deaths = 0
        while True:
            status = self._process.wait()
            if self._over.is_set():
                return
            log.warning("the worker ended with status %s and is started again", status)
            self._process.communicate()  # closes its pipe
            self._over.wait(_REST_SECONDS[min(deaths, len(_REST_SECONDS) - 1)])
            deaths += 1
            with self._starting:
                if self._over.is_set():
                    return
                self._process = _start()

    def stop(self) -> None:
        """End the worker, in good order if it will; there is none afterwards."""
        with self._starting:
            self._over.set()
        process = self._process
        process.terminate()
        try:
            process.communicate(timeout=LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _start() -> subprocess.Popen[bytes]:
    """A worker of this very code, which leaves when our end of its standard input closes, however we end."""
    root = str(Path(runtime.__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603 - this very program
        _COMMAND,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C at a terminal is for us; the worker hears of it by `stop`
    )
