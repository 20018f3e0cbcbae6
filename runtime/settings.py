"""What an operator may set, read from the environment once. Not for what a site's users decide."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import OperatorError
from runtime.language import gettext as _

_YES = {"1", "yes", "true"}


@dataclass(frozen=True, slots=True)
class Settings:
    """One site's settings; see `ENVIRONMENT` for the variable behind each."""

    home: Path
    database_url: str
    secret_key: str = ""
    plugin_folders: tuple[Path, ...] = ()
    leave_out: tuple[str, ...] = ()
    entry_points: bool = True
    secure_cookies: bool = False
    proxies: int = 0
    broker_url: str = ""
    """Empty: jobs are handed over by files in the home folder."""
    admission: bool = True
    """Whether a steward must admit what designers publish."""


ENVIRONMENT: dict[str, str] = {
    "YIBIAO_HOME": "folder of the site's own files (database, secret); default `instance`",
    "YIBIAO_DATABASE_URL": "SQLAlchemy URL; default SQLite in the home folder",
    "YIBIAO_SECRET_KEY": "signs the sessions; default: made once and kept in the home folder",
    "YIBIAO_PLUGINS": "more folders that hold department folders, separated as in PATH",
    "YIBIAO_LEAVE_OUT": "names of plugins to leave out, separated by commas",
    "YIBIAO_SECURE_COOKIES": "1 where the site is served by HTTPS: cookies travel by it only",
    "YIBIAO_PROXIES": "how many reverse proxies stand in front and may be believed; default 0",
    "YIBIAO_BROKER_URL": "redis://… that hands jobs to workers on any machine; default files in the home folder",
    "YIBIAO_ADMISSION": "0 where designers publish without a steward who admits it; default 1",
    "YIBIAO_DEBUG": "1 to see the traceback of a fault in a command instead of one line",
}


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the environment; raises `OperatorError` for a value that means nothing."""
    home = Path(environ.get("YIBIAO_HOME") or "instance").absolute()
    return Settings(
        home=home,
        database_url=environ.get("YIBIAO_DATABASE_URL") or f"sqlite:///{home / 'yibiao.sqlite3'}",
        secret_key=environ.get("YIBIAO_SECRET_KEY", ""),
        plugin_folders=tuple(map(Path, _parts(environ.get("YIBIAO_PLUGINS", ""), os.pathsep))),
        leave_out=_parts(environ.get("YIBIAO_LEAVE_OUT", ""), ","),
        secure_cookies=environ.get("YIBIAO_SECURE_COOKIES", "") in _YES,
        proxies=_number("YIBIAO_PROXIES", environ.get("YIBIAO_PROXIES") or "0"),
        broker_url=environ.get("YIBIAO_BROKER_URL", ""),
        admission=environ.get("YIBIAO_ADMISSION", "1") in _YES,
    )


def wants_tracebacks(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a fault in a command is to be told with its traceback; of the process, not of a site."""
    return environ.get("YIBIAO_DEBUG", "") in _YES


def secret_key(settings: Settings) -> str:
    """The key that signs sessions: the setting, else the one kept in the home folder (made if missing)."""
    if settings.secret_key:
        return settings.secret_key
    file = settings.home / "secret_key"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        return file.read_text() if file.exists() else _made(file)
    except OSError as error:
        raise OperatorError(
            _(
                "The home folder %(folder)s cannot be written: %(why)s.",
                folder=settings.home,
                why=error,
            )
        ) from error


def _made(file: Path) -> str:
    key = secrets.token_urlsafe(48)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of this site was first
        return file.read_text()
    with os.fdopen(handle, "w") as out:
        out.write(key)
    return key


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise OperatorError(
            _("%(name)s must be a whole number, not “%(text)s”.", name=name, text=text)
        )
    return int(text)
