"""Locks by name, for what has no row to lock yet. Not for rows: those are selected `FOR UPDATE`."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import BigInteger, BindParameter, bindparam, func, select
from sqlalchemy.orm import Session


def take(session: Session, *names: str) -> None:
    """Hold these locks until the transaction ends; others who want one of them wait.

    They are taken in one order, so that two who want the same ones do not wait for each other. On SQLite a
    writing transaction has the whole database to itself already.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for key in sorted(_key(name) for name in names):
        session.execute(select(func.pg_advisory_xact_lock(key)))


def share(session: Session, name: str) -> None:
    """Hold this lock together with all others who share it; who takes it waits for them, and they for it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_SHARED, {"key": _key(name)})


# Made once: putting such statements together takes as long as the database does to answer them.
_KEY: BindParameter[int] = bindparam("key", type_=BigInteger)
_SHARED = select(func.pg_advisory_xact_lock_shared(_KEY))


def _key(name: str) -> int:
    digest = blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
