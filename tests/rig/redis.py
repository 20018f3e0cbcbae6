"""A Redis of a test's own: loopback, nothing on disk, gone with the process that runs the tests."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty Redis; each test that asks starts one."""
    program = shutil.which("redis-server")
    if not program:
        raise FileNotFoundError("Redis is not installed: run `.ci/setup test`.")
    port = _free_port()
    # It dies with this process, however that ends.
    bound = ["setpriv", "--pdeathsig", "KILL", program, "--bind", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "redis.log").open("wb") as log:
        options = ["--save", "", "--dir", str(tmp_path)]
        server = subprocess.Popen(
            [*bound, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait_for(port, server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < end:
        with closing(socket.socket()) as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("redis-server does not answer")
