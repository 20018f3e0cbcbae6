"""A unit of measurement as it is said after a number. Not for what units there are: definitions name them."""

from __future__ import annotations

import re

from runtime.language import SOURCE, current

_PLURAL = re.compile(r"(?:(?P<y>[a-z]+)ies|(?P<es>[a-z]*(?:ss|x|ch|sh))es|(?P<s>[a-z]*[^s\W])s)")


def unit_after(shown: str, unit: str) -> str:
    """The unit after what is shown of a number: definitions name it in the plural, and English says 1 person."""
    found = _PLURAL.fullmatch(unit) if shown == "1" and current() == SOURCE else None
    if found is None:
        return unit
    return f"{found['y']}y" if found["y"] else found["es"] or found["s"]
