"""Days, months, times of day and moments, kept as ISO text as JSON has no such values."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, ClassVar

from babel.dates import format_date

from runtime import clock
from runtime.fields.base import MISSING, ExcelCell, Options, WrongInput
from runtime.fields.coercion import CoercingType, fits_html, is_missing, one, plain
from runtime.fields.formats import is_date, is_local_time, is_month
from runtime.language import Texts, current
from runtime.language import gettext as _

_DAY = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?"
)
_MONTH = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})月?")
_CLOCK = re.compile(r"([0-9]{1,2})[:时点]([0-9]{1,2})分?(?::?([0-9]{1,2})秒?)?")
_EXCEL_EPOCH = date(1899, 12, 30)


class Date(CoercingType):
    """A calendar day; `latest` says that it has come already."""

    name = "date"
    title: ClassVar[Texts] = {"en": "Day", "zh-CN": "日期"}
    beginning: ClassVar[dict[str, Any]] = {"type": "string", "format": "date"}
    control = "date"
    format = "date"
    option_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "latest": {
                "enum": ["today"],
                "title": "Not later than today",
                "translations": {"zh-CN": {"title": "不晚于当天"}},
            }
        },
    }

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A string of the type's format."""
        fits = schema.get("type") == "string" and schema.get("format") == self.format
        return 5 if fits else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Whether the day has come when it is typed."""
        return {"latest": "today"} if schema.get("latest") == "today" else {}

    def carries(self, value: Any, options: Options) -> bool:
        """A day of the calendar, in ISO form."""
        return isinstance(value, str) and is_date(value) and value[:4] != "0000"

    def encode(self, value: Any, options: Options) -> list[str]:
        """The ISO text."""
        return [value if isinstance(value, str) else ""]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The day in ISO form, from its usual spellings."""
        text = plain(one(posted))
        return _come(self.parse(text), options) if text else MISSING

    def parse(self, text: str) -> str:
        """`2026-10-05` from `2026/10/5`, `2026年10月5日`, `20261005`. Raises `WrongInput`."""
        compact = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text)
        found = compact or _DAY.fullmatch(text)
        year, month, day = (int(part) for part in found.groups()) if found else (0, 0, 0)
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            raise WrongInput(_no_day(text, year, month)) from None

    def display(self, value: Any, options: Options) -> str:
        """The day as it is written in the language in force."""
        if not self.carries(value, options):
            return "" if is_missing(value) else str(value)
        return _day_text(value, current())

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """A date that Excel can reckon with (its calendar begins in 1900)."""
        if not self.carries(value, options) or value < "1900-03-01":
            return ExcelCell("" if is_missing(value) else str(value), "@")
        return ExcelCell(date.fromisoformat(value), "yyyy-mm-dd")

    def read(self, raw: Any, options: Options) -> Any:
        """A date cell, a serial number of Excel, or text."""
        if isinstance(raw, datetime):
            return _come(raw.date().isoformat(), options)
        if isinstance(raw, date):
            return _come(raw.isoformat(), options)
        if isinstance(raw, int | float) and not isinstance(raw, bool) and 60 < raw < 2_958_466:
            day = _EXCEL_EPOCH + timedelta(days=int(raw))
            return _come(day.isoformat(), options)
        return self.decode(["" if raw is None else str(raw)], options)


class Month(Date):
    """A month of a year."""

    name = "month"
    title: ClassVar[Texts] = {"en": "Month", "zh-CN": "月份"}
    beginning: ClassVar[dict[str, Any]] = {"type": "string", "format": "month"}
    control = "month"
    format = "month"

    def carries(self, value: Any, options: Options) -> bool:
        """`2026-10`."""
        return isinstance(value, str) and is_month(value)

    def parse(self, text: str) -> str:
        """`2026-10` from `2026/10`, `2026年10月`, `202610`. Raises `WrongInput`."""
        found = _MONTH.fullmatch(text)
        month = f"{found[1]}-{int(found[2]):02}" if found else ""
        if not month or not is_month(month):
            raise WrongInput(_("“%(typed)s” is not a month. Write it as 2026-10.", typed=text))
        return month

    def display(self, value: Any, options: Options) -> str:
        """The month as it is written in the language in force."""
        if not self.carries(value, options):
            return "" if is_missing(value) else str(value)
        return _month_text(value, current())

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """Its first day, shown as a month."""
        if not self.carries(value, options) or value < "1900-04":
            return ExcelCell("" if is_missing(value) else str(value), "@")
        return ExcelCell(date.fromisoformat(value + "-01"), "yyyy-mm")

    def read(self, raw: Any, options: Options) -> Any:
        """A date cell, or text; a bare number is read as `202610`."""
        if isinstance(raw, date):
            return _come(raw.strftime("%Y-%m"), options)
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        return self.decode(["" if raw is None else str(raw)], options)


class Time(CoercingType):
    """A time of day: `local-time` without a zone, or JSON Schema's `time`, which has one."""

    name = "time"
    title: ClassVar[Texts] = {"en": "Time of day", "zh-CN": "时间"}
    beginning: ClassVar[dict[str, Any]] = {"type": "string", "format": "local-time"}
    control = "time"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A string of format `local-time` or `time`."""
        fits = schema.get("type") == "string" and schema.get("format") in ("local-time", "time")
        return 5 if fits else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Whether the value has a zone: then it is typed as text, as no browser control holds one."""
        return {"zone": True, "input": "text"} if schema.get("format") == "time" else {}

    def carries(self, value: Any, options: Options) -> bool:
        """What the browser's control accepts; with a zone any single line."""
        if not isinstance(value, str):
            return False
        if options.get("zone"):
            return fits_html(value) and "\n" not in value and "\r" not in value
        return is_local_time(value)

    def encode(self, value: Any, options: Options) -> list[str]:
        """The text as it is."""
        return [value if isinstance(value, str) else ""]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """`14:30` from `14:30`, `14点30分`; where there is a zone the machine's own is added."""
        text = plain(one(posted))
        if not text:
            return MISSING
        found = _CLOCK.fullmatch(text)
        if options.get("zone"):
            return _with_zone(found) if found and _clock(found) else text
        if found is None or not _clock(found):
            raise WrongInput(_("“%(typed)s” is not a time. Write it as 14:30.", typed=text))
        return _clock(found)

    def display(self, value: Any, options: Options) -> str:
        """The text as it is."""
        return "" if is_missing(value) else str(value)

    def read(self, raw: Any, options: Options) -> Any:
        """A time cell, or text."""
        if isinstance(raw, datetime):
            raw = raw.time()
        return self.decode(
            [raw.strftime("%H:%M") if isinstance(raw, time) else "" if raw is None else str(raw)],
            options,
        )


class Moment(CoercingType):
    """A day and time with its zone (JSON Schema's `date-time`), typed as text."""

    name = "date-time"
    title: ClassVar[Texts] = {"en": "Day and time", "zh-CN": "日期和时间"}
    beginning: ClassVar[dict[str, Any]] = {"type": "string", "format": "date-time"}
    control = "text"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A string of format `date-time`."""
        fits = schema.get("type") == "string" and schema.get("format") == "date-time"
        return 5 if fits else 0

    def carries(self, value: Any, options: Options) -> bool:
        """Any single line."""
        return isinstance(value, str) and fits_html(value) and not set("\n\r") & set(value)

    def encode(self, value: Any, options: Options) -> list[str]:
        """The text as it is."""
        return [value if isinstance(value, str) else ""]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """An RFC 3339 moment; without a zone the machine's own is added."""
        text = plain(one(posted))
        if not text:
            return MISSING
        try:
            moment = datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            raise WrongInput(
                _("“%(typed)s” is not a day and time. Write it as 2026-10-05 14:30.", typed=text)
            ) from None
        return (moment if moment.tzinfo else moment.astimezone()).isoformat()

    def display(self, value: Any, options: Options) -> str:
        """The day as it is written in the language in force, then the time."""
        if is_missing(value):
            return ""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return str(value)
        return f"{_day_text(moment.date().isoformat(), current())} {moment:%H:%M}"

    def read(self, raw: Any, options: Options) -> Any:
        """A date cell, or text."""
        text = raw.isoformat() if isinstance(raw, date) else "" if raw is None else str(raw)
        return self.decode([text], options)


def _no_day(typed: str, year: int, month: int) -> str:
    """Why it is no day; of a month that there is, how many days it has."""
    if not (year and 1 <= month <= 12):
        return _("“%(typed)s” is not a date. Write it as 2026-10-05.", typed=typed)
    return _(
        "“%(typed)s” is not a date: %(month)s has %(days)s days.",
        typed=typed,
        month=_month_text(f"{year:04}-{month:02}", current()),
        days=monthrange(year, month)[1],
    )


def _come(iso: str, options: Options) -> str:
    """The day or month as it is; raises `WrongInput` for one still to come where it must have come."""
    if options.get("latest") and iso > clock.today().isoformat()[: len(iso)]:
        raise WrongInput(_("this day is still to come"))
    return iso


def _clock(found: re.Match[str]) -> str:
    """`14:30` of what was typed, or nothing where there is no such time."""
    hour, minute, second = int(found[1]), int(found[2]), found[3]
    text = f"{hour:02}:{minute:02}" + (f":{int(second):02}" if second else "")
    return text if is_local_time(text) else ""


def _with_zone(found: re.Match[str]) -> str:
    text = _clock(found)
    offset = clock.now().astimezone().strftime("%z")
    return (text if text.count(":") == 2 else text + ":00") + f"{offset[:3]}:{offset[3:5]}"


@lru_cache(4096)
def _day_text(iso: str, language: str) -> str:
    if language == "zh-CN":
        return format_date(date.fromisoformat(iso), "y年M月d日", locale="zh_CN")
    return format_date(date.fromisoformat(iso), "d MMM y", locale="en")


@lru_cache(512)
def _month_text(iso: str, language: str) -> str:
    day = date.fromisoformat(iso + "-01")
    if language == "zh-CN":
        return format_date(day, "y年M月", locale="zh_CN")
    return format_date(day, "MMMM y", locale="en")


def in_words(day: date) -> str:
    """A day as sentences name it, in the language in force."""
    return _day_text(day.isoformat(), current())
