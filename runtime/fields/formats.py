"""Checks of our own formats, one function each. Not for controls, and not for standard formats."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from functools import lru_cache

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_PHONE = re.compile(r"\+?[0-9](?:[0-9 ()-]{3,18})[0-9](?: ?(?:-|ext\.?|x) ?[0-9]{1,6})?")
_RIC = re.compile(r"[0-9]{17}[0-9X]")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")

_PERMITS = frozenset(("810000", "820000", "830000"))
"""Regions of residents from Hong Kong, Macao and Taiwan, whenever born: rules on their residence permits, 2018."""


def is_resident_number(text: object) -> bool:
    """GB 11643-1999: 17 digits and a check character, birth date and region included."""
    if not isinstance(text, str):
        return True
    if _RIC.fullmatch(text) is None or text[-1] != ric.calc_check_digit(text):
        return False
    return is_date(f"{text[6:10]}-{text[10:12]}-{text[12:14]}") and _is_region(text[:10])


@lru_cache(10_000)
def _is_region(region_and_year: str) -> bool:
    """Whether the region of a number was one in that year; looking it up anew costs more than all the rest."""
    if region_and_year[:6] in _PERMITS:
        return True
    try:
        ric.get_birth_place(region_and_year + "01010000")
    except (
        ValidationError,
        KeyError,
    ):  # it fails at a county that is none in a province without counties
        return False
    return True


def is_credit_code(text: object) -> bool:
    """GB 32100-2015: 18 characters, the last one a check character."""
    if not isinstance(text, str):
        return True
    return uscc.is_valid(text) and uscc.compact(text) == text


def is_phone(text: object) -> bool:
    """A telephone number as people write it: digits with spaces, brackets, dashes, an extension."""
    return not isinstance(text, str) or _PHONE.fullmatch(text) is not None


def is_month(text: object) -> bool:
    """A month of a year: `2026-10`."""
    return not isinstance(text, str) or (_MONTH.fullmatch(text) is not None and text[:4] != "0000")


def is_local_time(text: object) -> bool:
    """A time of day without a zone: `14:30`, `14:30:05`."""
    if not isinstance(text, str):
        return True
    if _TIME.fullmatch(text) is None:
        return False
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date(text: object) -> bool:
    """A calendar day: `2026-10-05`."""
    if not isinstance(text, str) or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return not isinstance(text, str)
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def anything(_text: object) -> bool:
    """A format that only chooses the control."""
    return True


FORMATS: dict[str, Callable[[object], bool]] = {
    "cn-ric": is_resident_number,
    "cn-uscc": is_credit_code,
    "phone": is_phone,
    "month": is_month,
    "local-time": is_local_time,
    "long-text": anything,
    "attachment": anything,
}
"""Our own formats, as they are asserted in our dialect."""
