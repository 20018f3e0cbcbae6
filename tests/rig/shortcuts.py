"""What tests need not do over and over for each application.

Costly password hashes, templates and addresses compiled anew, and the definitions that shipped read anew.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from runtime.accounts import passwords
from runtime.definitions.load import Library

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "build" / "templates"
SHIPPED = (ROOT / "form_defs", ROOT / "plugins")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A third of a second cheaper for each sign-in. What the product takes is told by tests/accounts."""


@pytest.fixture(scope="session", autouse=True)
def take_shortcuts() -> Iterator[None]:
    """Cheap hashes, and what is compiled or read kept between tests, which all else is tested with."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP)
        cache = FileSystemBytecodeCache(str(TEMPLATES))
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": cache})
        patch.setattr(Library, "read", staticmethod(_reading_once(Library.read)))
        patch.setattr(Rule, "_compile_builder", _compiling_once(Rule._compile_builder))
        passwords._nobodys.cache_clear()
        yield


def _reading_once(read: Callable[[Iterable[Any]], Library]) -> Callable[[Iterable[Any]], Library]:
    """The folders of this checkout read once (a library never changes), all others as ever."""

    @cache
    def kept(roots: tuple[str, ...]) -> Library:
        return read(roots)

    def reading(roots: Iterable[Any]) -> Library:
        named = tuple(map(str, roots := list(roots)))
        return kept(named) if all(map(_ships, named)) else read(roots)

    return reading


def _ships(root: str) -> bool:
    return any(Path(root).is_relative_to(folder) for folder in SHIPPED)


def _compiling_once(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """Compiling how addresses are built is most of making an application; what comes out hangs on the key alone."""
    kept: dict[Any, Any] = {}

    def compiling(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    return compiling
