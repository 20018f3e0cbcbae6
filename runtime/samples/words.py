"""The words that sample data are made of, in each language, by what a cell seems to ask for. Nobody is meant."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.language import SOURCE

_PEOPLE = {
    "en": ("Lin Xiaoyun", "Ma Jianguo", "Zhou Ping", "Gao Wenbin", "Ye Chunmei"),
    "zh-CN": ("林晓云", "马建国", "周平", "高文斌", "叶春梅"),
}
_ADDRESSES = {
    "en": ("No. 12, Lantern Lane", "No. 3, Canal Street, flat 402", "No. 88, Pagoda Road"),
    "zh-CN": ("灯笼巷12号", "运河街3号402室", "宝塔路88号"),
}
_PLACES = {
    "en": ("Willow Grove", "Stone Bridge", "East Gate"),
    "zh-CN": ("柳林", "石桥", "东门"),
}
_FIRMS = {
    "en": ("Spring Breeze Grocery", "Old Well Noodle House", "Four Seasons Repairs"),
    "zh-CN": ("春风便利店", "老井面馆", "四季维修部"),
}
_REMARKS = {
    "en": (
        "No change since the last visit.",
        "Looked at on site; nothing to report.",
        "To be seen again next month.",
    ),
    "zh-CN": ("较上次走访无变化。", "已实地查看，无异常。", "下月再次走访。"),
}
_KINDS: tuple[tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]], ...] = (
    (("address", "location", "street", "地址", "住址", "地点"), _ADDRESSES),
    (("business", "venue", "company", "shop", "firm", "企业", "店", "商户", "场所"), _FIRMS),
    (
        ("person", "head", "contact", "guardian", "inspector", "filled_by", "checked_by", "signed", "name",
         "姓名", "联系人", "负责人", "填表人", "户主", "监护人", "检查人"),
        _PEOPLE,
    ),
    (("unit", "community", "village", "社区", "单位", "名称"), _PLACES),
)  # fmt: skip
"""What a name or title holds, and the words that fit it; the first that fits counts."""

_WIDE = {
    "en": "Incomprehensibilities and counterdemonstrations notwithstanding, ",
    "zh-CN": "新疆维吾尔自治区乌鲁木齐市高新技术产业开发区街道办事处社区工作人员",
}
EMOJI = "👩‍🔧🏚️😀"
UNBROKEN = "PNEUMONOULTRAMICROSCOPICSILICOVOLCANOCONIOSIS"


def phrases(name: str, title: str, language: str) -> tuple[str, ...]:
    """What might be typed into a text of this name (the last step of its pointer) and title."""
    asked = f"{name} {title}".casefold()
    for words, texts in _KINDS:
        if any(word in asked for word in words):
            return texts.get(language) or texts[SOURCE]
    return _REMARKS.get(language) or _REMARKS[SOURCE]


def wide(length: int, turn: int) -> str:
    """A text of so many characters as it is hardest to set: Chinese without spaces, emoji, one endless word."""
    chinese, english = _WIDE["zh-CN"], _WIDE["en"]
    texts = (chinese + EMOJI, EMOJI + english + chinese, UNBROKEN + chinese)
    text = texts[turn % len(texts)]
    return (text * (length // len(text) + 1))[:length].strip() or text[:length]
