"""A cell of the form's own for what the dictionary does not have: which kind of value its label and look suggest."""

from __future__ import annotations

import re
from typing import Any

from builder.excel import words
from builder.excel.recognise import own_words
from builder.excel.slots import Slot
from builder.excel.texts import texts_for, titled
from builder.excel.vocabulary import Vocabulary

_DATE = re.compile("日期|时间$|date|年月日|有效期|至$")
_NUMBER = re.compile("数$|数量|人数|户数|金额|面积|次数|number|amount|count|area")
_YES = re.compile("^(是否|有无|有否)")
_LONG = re.compile("意见|情况|说明|备注|问题|措施|remarks|comments|notes|agreed|description")
_EXACT = {"元", "万元", "千元", "平方米", "㎡", "m²", "yuan", "%"}


def own_cell(slot: Slot, label: str, known: Vocabulary) -> dict[str, Any]:
    """The schema of an own cell under this label."""
    unit = own_words(slot)
    node = titled(texts_for(label, known), **_type(slot, label, unit))
    return {**node, "unit": unit} if unit and node.get("type") in ("integer", "number") else node


def _type(slot: Slot, label: str, unit: str) -> dict[str, Any]:
    said = words.bare(label)
    if slot.kind == "cross" or unit or (_NUMBER.search(said) and not _DATE.search(said)):
        if unit.casefold() in _EXACT or words.other_time(label):
            return {"type": "number", "digits": 2}
        return {"type": "integer", "minimum": 0}
    if _DATE.search(said):
        return {"type": "string", "format": "date"}
    if _YES.match(label):
        return {"type": "boolean"}
    if _LONG.search(said):
        return {"type": "string", "format": "long-text", "maxLength": 500}
    return {"type": "string", "maxLength": 200}
