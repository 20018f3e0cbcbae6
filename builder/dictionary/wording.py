"""Kinds of values, limits and durations in words. Not for what is typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from runtime.api import gettext as _
from runtime.api import ngettext


def duration(text: str) -> str:
    """An ISO 8601 duration in words; the text itself where it is another one."""
    found = re.fullmatch(r"P(\d+)([YMWD])", text)
    if found is None:
        return text
    n, unit = int(found[1]), found[2]
    says: dict[str, Callable[[int], str]] = {"Y": _years, "M": _months, "W": _weeks, "D": _days}
    return says[unit](n)


def limit_titles() -> dict[str, str]:
    """The limits of values, each with what it is called."""
    return {
        "minimum": _("Least"),
        "maximum": _("Most"),
        "digits": _("Digits after the point"),
        "minLength": _("Fewest characters"),
        "maxLength": _("Most characters"),
    }


def shape_title(shape: str) -> str:
    """What a kind of value is called."""
    return {
        "text": _("text of one line"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date": _("day"),
        "long-text": _("text of several lines"),
        "phone": _("telephone number"),
        "cn-ric": _("resident identity number"),
        "cn-uscc": _("unified social credit code"),
    }[shape]


def _years(n: int) -> str:
    return ngettext("%(n)s year", "%(n)s years", n)


def _months(n: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", n)


def _weeks(n: int) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", n)


def _days(n: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", n)
