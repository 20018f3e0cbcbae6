"""What tests need not do over and over: costly password hashes, and templates compiled anew for each application."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from runtime.accounts import passwords

TEMPLATES = Path(__file__).resolve().parents[2] / "build" / "templates"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A third of a second cheaper for each sign-in. What the product takes is told by tests/accounts."""


@pytest.fixture(scope="session", autouse=True)
def take_shortcuts() -> Iterator[None]:
    """Cheap hashes and compiled templates kept between tests, which all else is tested with."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP)
        cache = FileSystemBytecodeCache(str(TEMPLATES))
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": cache})
        passwords._nobodys.cache_clear()
        yield
