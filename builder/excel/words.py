"""Words of sheets: compared without signs, numbers and ages levelled, what is a total, a unit, a line number.

Pure text in English and Chinese; knows no dictionary.
"""

from __future__ import annotations

import re
from functools import lru_cache

from runtime.api import spelling

_DIGITS = str.maketrans("一二三四五六七八九两ⅠⅡⅢⅣⅤ", "123456789212345")
_ENDINGS = (
    "情况",
    "名称",
    "人数",
    "户数",
    "套数",
    "数量",
    "总数",
    "档次",
    "档",
    "性",
    "数",
    "者",
    "的",
)
_BEGINNINGS = (
    "是否", "有无", "有否", "其中", "按", "家庭", "本人", "个人", "现", "本月", "本季度", "本季", "本期", "期末",
    "季末", "月末", "nameofthe", "numberof",
)  # fmt: skip

TOTAL = frozenset(
    map(
        spelling.key,
        ("合计", "小计", "总计", "总数", "共计", "总", "计", "total", "all", "sum", "subtotal"),
    )
)
INDEX = frozenset(
    map(
        spelling.key,
        ("序号", "行次", "代码", "编号", "行号", "no", "no.", "#", "项次", "line", "code"),
    )
)
UNITS = frozenset(map(spelling.key, ("计量单位", "单位", "unit", "unit of measurement")))
GENERIC = frozenset(
    map(
        spelling.key,
        (
            "数量", "数值", "本月数", "本期数", "本期", "本月", "期末数", "期末", "季末数", "本季", "本季数",
            "本季度", "数", "人数", "户数", "套数", "期末户数", "期末人数", "期末套数", "金额", "值", "填报数",
            "项目", "指标", "指标名称", "类别", "名称", "内容", "项目名称", "number", "value", "figure", "count",
            "this month", "this quarter", "this period", "amount", "item", "indicator", "单位个", "个数", "件数",
            "人次", "次数",
        ),
    )
)  # fmt: skip
"""Headers that say nothing of what is counted."""
OTHER_TIME = re.compile(
    "累计|上年|上月|上季|上期|去年|同期|同比|环比|计划|目标|增减|增长|占比|比重|比例|年初|期初|"
    "last (month|year|quarter)|previous|cumulative|year to date|plan|target|share"
)
MEASURES = {
    "人": "persons", "人次": "visits", "户": "households", "家": "venues", "套": "homes", "元": "yuan",
    "万元": "10000 yuan", "千元": "1000 yuan", "平方米": "m²", "m2": "m²", "㎡": "m²", "m²": "m²", "个": "items",
    "件": "cases", "次": "times", "户次": "visits", "份": "items", "辆": "items", "台": "items", "处": "places",
    "批次": "items", "场": "times", "期": "times", "间": "rooms", "岁": "years", "天": "days", "%": "%",
    "persons": "persons", "homes": "homes", "yuan": "yuan", "items": "items", "cases": "cases", "times": "times",
    "visits": "visits", "households": "households",
}  # fmt: skip
_SCALES = {"yuan", "10000 yuan", "1000 yuan", "m²", "persons", "%"}
"""Units that cannot stand for one another: a wrong one gives a wrong figure."""
_RANGE = re.compile(r"(\d{1,3})(?:周?岁)?(?:至|到|-|－|—|–|~|～|to)(\d{1,3})(?:周?岁)?")
_UP = re.compile(r"(\d{1,3}|百)(?:周?岁)?(?:及以上|以上|and over|and above|\+|岁以上)")
_UNDER = re.compile(r"(?:under |below |不满)?(\d{1,3})(?:周?岁)?(以下|and under)?")
_BRACKETS = re.compile(r"[（(\[【]([^）)\]】]{1,8})[）)\]】]")


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """The text for comparing: no signs or spaces, one width, small letters."""
    return spelling.key(text)


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """The same without what stands in brackets."""
    return spelling.key(spelling.without_asides(text)) or plain(text)


@lru_cache(maxsize=20_000)
def stem(text: str) -> str:
    """The same without what departments add or leave out: `是否独居` and `独居情况` are `独居`."""
    found = bare(text).replace("号码", "号")
    for begin in _BEGINNINGS:
        if found.startswith(begin) and len(found) > len(begin):
            found = found.removeprefix(begin)
    if found.isascii():
        return _singular(found)
    for end in _ENDINGS:
        if found.endswith(end) and len(found) > len(end):
            return found.removesuffix(end)
    return found


def _singular(text: str) -> str:
    """An English name without the ending of many: `companies`, `branches`, `items`."""
    if text.endswith("ies") and len(text) > 4:
        return text.removesuffix("ies") + "y"
    if text.endswith(("sses", "ches", "shes", "xes")):
        return text.removesuffix("es")
    return text.removesuffix("s") if text.endswith("s") and not text.endswith("ss") else text


@lru_cache(maxsize=20_000)
def levelled(text: str) -> str:
    """A short label with its numbers as figures: `一级` is `1级`."""
    found = bare(text)
    return found.translate(_DIGITS) if len(found) <= 4 else found


def is_total(text: str) -> bool:
    """Whether a header stands for all others of its axis."""
    return bare(text) in TOTAL


def is_generic(text: str) -> bool:
    """Whether a header says nothing of what is counted."""
    found = bare(text)
    return found in GENERIC or not found or found in MEASURES


def other_time(text: str) -> bool:
    """Whether a header speaks of another time than the period, or of no figure that is counted."""
    return bool(OTHER_TIME.search(text.casefold()))


def ages(text: str) -> tuple[int, int] | None:
    """The whole years from and to that a label says: `18至59岁`, `60-`, `18岁以下` (0 to 17)."""
    levelled_ = (
        text.casefold().replace(" ", "").replace("周岁", "岁").replace("andover", "and over")
    )
    said = re.sub(r"[（(].*?[）)]", "", levelled_)
    if found := _RANGE.search(said):
        return int(found[1]), int(found[2])
    if found := _UP.search(said):
        return 100 if found[1] == "百" else int(found[1]), 999
    if ("以下" in said or said.startswith(("under", "below", "不满"))) and (
        found := re.search(r"(\d{1,3})", said)
    ):
        last = int(found[1])
        return 0, last if "及以下" in said else last - 1
    return None


def unit_in(text: str) -> str:
    """The unit that stands in brackets behind a name: `面积（平方米）` -> `平方米`; else nothing."""
    for said in _BRACKETS.findall(text):
        found = said.removeprefix("单位：").removeprefix("单位:").strip().casefold()
        if found in MEASURES:
            return str(found)
    return ""


def same_measure(one: str, other: str) -> bool | None:
    """Whether two units are the same; None where they may be or either is unknown."""
    first, second = (MEASURES.get(u.strip().casefold(), "") for u in (one, other))
    if not first or not second or first == second:
        return True if first and first == second else None
    return False if first in _SCALES or second in _SCALES else None


def numbers_only(texts: list[str]) -> bool:
    """Whether these are the names of columns or lines by number: 甲, 乙, 1, 2, (3), A."""
    known = set("甲乙丙丁戊abcd")
    return bool(texts) and all(plain(t).isdigit() or plain(t) in known for t in texts if t.strip())
