"""How ids travel: whole files in the home folder, or a broker that can be had."""

import json
from threading import Thread

import pytest

from runtime.errors import OperatorError
from runtime.jobs import queue
from runtime.jobs.queue import FOLDER, TASK, application
from runtime.settings import Settings


def test_a_message_is_whole_as_soon_as_it_is_there(tmp_path):
    app = application(Settings(tmp_path, "sqlite://"))

    def send():
        for n in range(300):
            app.send_task(TASK, (str(n),))

    sender, seen = Thread(target=send), set()
    sender.start()
    while sender.is_alive() or len(seen) < 300:
        for file in (tmp_path / FOLDER).glob("*.msg"):
            if file not in seen:
                assert json.loads(file.read_text())["headers"]["task"] == TASK
                seen.add(file)
    sender.join()
    assert [f.name for f in (tmp_path / FOLDER).glob("*.part")] == []


def test_a_broker_that_cannot_be_had_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "find_spec", lambda name: None)
    with pytest.raises(OperatorError, match="package “redis”"):
        application(Settings(tmp_path, "sqlite://", broker_url="redis://:secret@nowhere/0"))


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match="home folder"):
        application(Settings(tmp_path / "file" / "home", "sqlite://"))
