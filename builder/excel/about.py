"""What a sheet says of the whole report: unit, period, who filled it, the unit of measurement. Not for its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

WORDS: dict[str, str] = {
    "unit": "填报单位|填表单位|报送单位|上报单位|填报社区|单位名称|单位[（(](?:盖章|公章)[）)]|填报机构|"
    "reporting unit|unit name|reported by unit|community",
    "period": "报告期|报告期别|统计时间|统计期|所属期|报表期|统计月份|填报月份|reporting period|period",
    "filled_by": "填表人|填报人|经办人|制表人|制表|filled by|filled in by|prepared by|visited by",
    "reviewed_by": "审核人|复核人|审核|reviewed by|checked by",
    "responsible": "负责人|单位负责人|社区负责人|主要负责人|分管领导|head of unit|responsible",
    "reported_on": "填报日期|填表日期|上报日期|报送日期|填报时间|填表时间|报出日期|"
    "date of report|reported on|date filled",
    "number": "表号|表  号|form number|form no",
    "department": "制定机关|制表机关|issued by",
}  # fmt: skip
"""What of a report's heading -> how sheets call it, as parts of a pattern."""

_ASIDE = r"(?:\s*[（(][^）)]{0,8}[）)])?"
_LABEL = {
    what: re.compile(rf"(?:^|(?<=[\s_　]))(?:{words}){_ASIDE}\s*[：:]", re.IGNORECASE)
    for what, words in WORDS.items()
}
_WHOLE = {
    what: re.compile(rf"(?:{words}){_ASIDE}[：:]?", re.IGNORECASE) for what, words in WORDS.items()
}
_MEASURE = re.compile(
    r"(?:计量单位|单位|unit of measurement|unit)\s*[：:]\s*([^\s：:，,]{1,10})\s*$", re.IGNORECASE
)
_BLANK_PERIOD = re.compile(
    r"[（(]?[\s_　]*(?:20\d\d)?[\s_　]*年[\s_　]*(?:第?[\s_　]*\d{0,2}[\s_　]*(?:月|季度|季|半年))?份?[）)]?"
)


def asked_in(text: str) -> list[str]:
    """What of the report is asked for behind words in this one text: `填表人：   负责人：` both."""
    found = [
        (match.start(), what)
        for what, pattern in _LABEL.items()
        if (match := pattern.search(text)) and _open(text, match.end())
    ]
    if not found and _BLANK_PERIOD.fullmatch(text.strip()):
        return ["period"]
    return [what for _at, what in sorted(found)]


def whole(text: str) -> str:
    """What of the report a label alone means (`填报单位：`, `填表人`); nothing for any other."""
    said = text.strip()
    return next((what for what, pattern in _WHOLE.items() if pattern.fullmatch(said)), "")


def measure_in(text: str) -> str:
    """The unit of measurement that a line over a table says: `计量单位：人` -> `人`."""
    found = _MEASURE.search(text.strip())
    return found[1] if found else ""


def _open(text: str, at: int) -> bool:
    """Whether nothing stands behind the label yet, up to the next one or the end."""
    rest = text[at:]
    following = min(
        (m.start() for p in _LABEL.values() if (m := p.search(" " + rest))), default=None
    )
    inside = rest if following is None else rest[: max(0, following - 1)]
    return not inside.strip(" _　\t\n年月日./-") or inside.strip().isdigit()


def with_place(text: str, what: str) -> str:
    """The text with the place of `what` behind its label, as `{unit}`; a text without that label is the place alone."""
    place = "{" + what + "}"
    if place in text:
        return text
    found = _LABEL[what].search(text)
    if found is None:
        if what == "period" and (blank := _BLANK_PERIOD.search(text)) and blank[0].strip():
            return text[: blank.start()] + place + text[blank.end() :]
        return place
    before, rest = text[: found.end()], text[found.end() :]
    following = rest.lstrip(" _　\t\n年月日./-0123456789")
    return f"{before}{place}" + (f"    {following}" if following else "")


def all_labels() -> Iterator[str]:
    """Each thing of a report that a sheet may ask for."""
    yield from WORDS
