"""Passwords: what is good enough, and how they are kept (argon2id). Not for who signs in."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from runtime.errors import EntryError
from runtime.language import gettext as _

SHORTEST = 10
LONGEST = 200
"""Characters. Longer ones would only cost the server time."""

_hasher = PasswordHasher()


def require_good(password: str, user_name: str) -> None:
    """Raise an `EntryError` that says what a password must be, unless this one is."""
    if len(password) < SHORTEST:
        raise EntryError(_("A password needs at least %(n)s characters.", n=SHORTEST))
    if len(password) > LONGEST:
        raise EntryError(_("A password has at most %(n)s characters.", n=LONGEST))
    if len(set(password)) < 4:
        raise EntryError(_("A password needs at least four different characters."))
    if _folded(user_name) and _folded(user_name) in _folded(password):
        raise EntryError(_("A password must not contain the user name."))


def hashed(password: str) -> str:
    """The hash to keep; the same password is kept differently each time."""
    return _hasher.hash(_normal(password))


def is_right(password: str, kept: str) -> bool:
    """Whether the password is the one kept. With `kept` empty it takes as long, and the answer is no."""
    try:
        _hasher.verify(kept or _nobodys(), _normal(password[: 2 * LONGEST]))
    except (Argon2Error, InvalidHashError):
        return False
    return bool(kept)


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with less effort than is usual now."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _normal(text: str) -> str:
    """One form for characters that keyboards compose differently."""
    return unicodedata.normalize("NFKC", text)


def _folded(text: str) -> str:
    return _normal(text).casefold()
