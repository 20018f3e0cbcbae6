"""Whose turn it is to write on SQLite. Not for how long a turn takes: `pace`.

SQLite's own waiting looks for the lock less and less often, at last every 0.1 s, and so misses the gaps between the
transactions of a long work. Looked for often, the lock is had in the next gap, and those gaps may be short.
"""

from __future__ import annotations

import time
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import Connection

BUSY_SECONDS = 15
"""How long a writer waits for others before it gives up: they take turns by chance, not in order."""
LOOK_SECONDS = 0.002
"""How often it looks; a look costs some 0.02 ms."""

_BEGIN = "BEGIN IMMEDIATE"


def begin_to_write(connection: Connection) -> None:
    """Begin a transaction that holds the one write lock; raises `OperationalError` where it stays taken."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, SQLiteConnection)
    be_patient(driver, 0)
    try:
        if not _begun(driver, time.monotonic() + BUSY_SECONDS):
            connection.exec_driver_sql(
                _BEGIN
            )  # once more, for an error that says where it comes from
    finally:
        be_patient(driver, BUSY_SECONDS)


def be_patient(driver: SQLiteConnection, seconds: float) -> None:
    """How long SQLite itself waits where something is locked."""
    driver.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _begun(driver: SQLiteConnection, end: float) -> bool:
    while True:
        try:
            driver.execute(_BEGIN)
        except OperationalError as error:
            if error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise
        else:
            return True
        if time.monotonic() >= end:
            return False
        time.sleep(LOOK_SECONDS)
