"""All definitions that ship, the departments' as well."""

from functools import cache
from pathlib import Path

from runtime.definitions.load import Library

_TOP = Path(__file__).parents[2]


@cache
def library() -> Library:
    return Library.read([_TOP / "form_defs", *sorted(_TOP.glob("plugins/*/form_defs"))])


def shipped_forms() -> list[str]:
    return list(library().addresses("form"))
