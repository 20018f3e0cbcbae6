"""What a sheet says of the whole report: unit, period, who filled it, the unit of measurement. Not for its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.excel.picture import TICKS

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
_PEOPLE = (
    "填报单位|填表单位|报送单位|上报单位|填报社区|单位名称|单位|填报机构|报告期|统计时间|统计期|所属期|统计月份|填报月份|"
    "填表人|填报人|经办人|制表人|制表|审核人|复核人|审核|审批人|负责人|分管领导|联系人|签字人|签名|签字|姓名|"
    "联系电话|联系方式|电话|手机号码|手机号|手机|身份证号码|身份证号|日期|填报时间|填表时间|住址|地址|邮箱"
)
_PERSONS = (
    "filled by|filled in by|prepared by|visited by|reviewed by|checked by|approved by|signed by|compiled by|"
    "reported by|reporting unit|unit name|reported by unit|community|reporting period|period|head of unit|head|"
    "person responsible|responsible person|responsible|contact person|contact|telephone|phone number|phone|tel|"
    "mobile|email|e-mail|signature|name|address|date of report|reported on|date filled|date"
)
_PERSONAL = re.compile(
    rf"(?:^|(?<=[\s_　，,；;、。/|（(]))(?:[一-鿿]{{0,6}}(?:{_PEOPLE})|{_PERSONS}){_ASIDE}[ 　]*[：:]",
    re.IGNORECASE | re.MULTILINE,
)
"""Labels behind which a filled sheet says who somebody is, and when: what stands there is nobody's to keep."""
_NEXT = re.compile(
    r"(?:[\s_　，,；;、]+[一-鿿]{2,10}|[ 　]{2,}[^\W\d][^：:\n]{0,24})(?:[（(][^）)\n]{0,8}[）)])?[ 　]*[：:]|\n"
)
_BLANK = re.compile(
    r"(?:[\s_　年月日./-]|(?<!\d)\d{1,2}(?=[\s_　]*年)|\{[a-z_]+\}|[（(][^）)]{1,6}[）)])*"
)
_INSTRUCTION = re.compile(
    r"\s*(?:注|说明|填表说明|填报说明|备注|note|instructions)\s*\d?\s*[：:.、]", re.IGNORECASE
)
_UNITS_OF_MEASURE = re.compile(r"(?:计量|统计)?单位[ 　]*[：:]")
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


def emptied(text: str) -> str:
    """The text without what was filled in behind words that ask for a person, unit, phone number or day.

    `填表人：张三  电话：1` is `填表人：  电话：`. Blanks, places and words to tick stay, and so do instructions.
    """
    if _INSTRUCTION.match(text):
        return text
    found, at = "", 0
    while match := _PERSONAL.search(text, at):
        found += text[at : match.end()]
        at = match.end()
        if _UNITS_OF_MEASURE.fullmatch(match[0]):
            continue
        ends = [m.start() for p in (_PERSONAL, _NEXT) if (m := p.search(text, at))]
        end = min(ends, default=len(text))
        said = text[at:end]
        if _BLANK.fullmatch(said) or any(sign in said for sign in TICKS):
            found += said
        elif end < len(text):
            found += said[len(said.rstrip()) :]
        at = end
    return found + text[at:]


def is_personal(text: str) -> bool:
    """Whether the text is nothing but such a label, with its colon: the value then stands in the next cell."""
    said = text.strip()
    return bool(_PERSONAL.fullmatch(said)) and not _UNITS_OF_MEASURE.fullmatch(said)


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
    labels = (*_LABEL.values(), _PERSONAL)
    following = min((m.start() for p in labels if (m := p.search(" " + rest))), default=None)
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


def unfilled(text: str, what: str) -> str:
    """The text of a cell that is to hold `what`, without a value: its label, blanks, or nothing."""
    if _LABEL[what].search(text) or _BLANK_PERIOD.fullmatch(text.strip()):
        return emptied(text)
    return text if "{" + what + "}" in text else ""


def all_labels() -> Iterator[str]:
    """Each thing of a report that a sheet may ask for."""
    yield from WORDS
