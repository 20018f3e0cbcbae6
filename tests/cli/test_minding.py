"""`yibiao serve` and its one worker: started together, stopped together, started again after a death."""

import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(240)


def children(pid):
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


def is_worker(pid):
    try:
        return b"--minded" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(what, seconds=100):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.05)
    return found


@pytest.fixture
def serving(city):
    """`serving(*options)`: the site served by a process of its own, once it answers."""
    started = []

    def start(*options):
        running = subprocess.Popen(
            [*city.command, "serve", "--port", "0", *options],
            cwd=city.folder,
            env={**city.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(running)
        address = running.stdout.readline().split()[1]
        with urllib.request.urlopen(f"{address}/sign-in", timeout=30) as answer:
            assert answer.status == 200
        return running

    yield start
    for running in started:
        running.kill()
        running.communicate()


def worker_of(running, other_than=0):
    def one():
        return [p for p in children(running.pid) if p != other_than and is_worker(p)]

    return until(one)[0]


def test_a_worker_that_dies_is_started_again_and_leaves_with_the_server(serving):
    running = serving()
    first = worker_of(running)
    os.kill(first, signal.SIGKILL)
    second = worker_of(running, other_than=first)
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=40)
    assert running.returncode == 0
    assert out == "Stopped.\n"
    assert err == "yibiao: the worker ended with status -9 and is started again\n"
    assert not lives(first)
    assert not lives(second)


def test_when_the_server_is_killed_its_worker_leaves_by_itself(serving):
    running = serving()
    worker = worker_of(running)
    running.kill()
    running.wait()
    until(lambda: not is_worker(worker))


def test_without_a_worker_where_that_is_asked(serving):
    running = serving("--no-worker")
    assert children(running.pid) == []
    running.send_signal(signal.SIGINT)
    assert running.communicate(timeout=40) == ("Stopped.\n", "")
