"""What an operator sets, and what happens where nothing or nonsense is set."""

import re
from pathlib import Path

import pytest

from runtime import settings
from runtime.errors import OperatorError
from runtime.settings import ENVIRONMENT, from_environment, secret_key

ROOT = Path(__file__).resolve().parents[1]


def test_without_anything_set_the_site_lives_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = from_environment({})
    assert found.home == tmp_path / "instance"
    assert found.database_url == f"sqlite:///{tmp_path / 'instance' / 'yibiao.sqlite3'}"
    assert not found.secure_cookies
    assert found.proxies == 0


def test_all_that_can_be_set():
    found = from_environment(
        {
            "YIBIAO_HOME": "/srv/yibiao",
            "YIBIAO_DATABASE_URL": "postgresql://yibiao@db/city",
            "YIBIAO_SECRET_KEY": "s3cret",
            "YIBIAO_PLUGINS": "/srv/a:/srv/b",
            "YIBIAO_LEAVE_OUT": "builder, fire-emergency",
            "YIBIAO_SECURE_COOKIES": "1",
            "YIBIAO_PROXIES": "2",
            "YIBIAO_BROKER_URL": "redis://queue/0",
        }
    )
    assert found.home == Path("/srv/yibiao")
    assert found.database_url == "postgresql://yibiao@db/city"
    assert found.plugin_folders == (Path("/srv/a"), Path("/srv/b"))
    assert found.leave_out == ("builder", "fire-emergency")
    assert found.secure_cookies
    assert found.proxies == 2
    assert found.broker_url == "redis://queue/0"
    assert secret_key(found) == "s3cret"


def test_a_number_that_is_none_is_told():
    with pytest.raises(OperatorError, match="YIBIAO_PROXIES must be a whole number, not “many”"):
        from_environment({"YIBIAO_PROXIES": "many"})


def test_the_secret_is_made_once_and_for_the_owner_only(tmp_path):
    found = from_environment({"YIBIAO_HOME": str(tmp_path / "home")})
    first = secret_key(found)
    assert len(first) >= 48
    assert secret_key(found) == first
    assert (tmp_path / "home" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    found = from_environment({"YIBIAO_HOME": str(tmp_path / "file" / "home")})
    with pytest.raises(OperatorError, match="home folder"):
        secret_key(found)


def test_every_variable_is_told_and_read():
    code = Path(settings.__file__).read_text("utf-8")
    read = set(re.findall(r'environ\.get\("(YIBIAO_[A-Z_]+)"', code))
    assert read == set(ENVIRONMENT)
    assert all(ENVIRONMENT.values())
