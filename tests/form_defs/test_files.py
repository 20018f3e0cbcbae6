"""Each shipped file by itself: how it is written, translated and explained."""

import json
import re

import pytest

from tests.form_defs.canonical import written
from tests.form_defs.conftest import files, name_of

EACH = pytest.mark.parametrize("file", files(), ids=name_of)
TEXTS = ("title", "description", "help", "definition", "text", "corner", "unit", "purpose")

# Words of what a register of a public service has no business with; whole words, any case.
FORBIDDEN = re.compile(
    r"\b(ethnic\w*|nationality|religio\w*|faith|politic\w*|party|biometr\w*|fingerprint\w*|dna|iris"
    r"|facial|scor(?:e|es|ing)|rating|ranking|credit score|prediction|profil\w+|petition\w*)\b"
    r"|民族|宗教|信仰|政治面貌|党员|指纹|人脸|虹膜|基因|评分|积分|信用分|画像|上访|信访",
    re.IGNORECASE,
)


def read(file):
    return json.loads(file.read_text("utf-8"))


def nodes(node, place=""):
    """All objects of a document with their pointers; what lies under names is no node itself."""
    if isinstance(node, dict):
        yield place, node
        for key, value in node.items():
            if key in ("properties", "derive"):
                for name, schema in value.items():
                    yield from nodes(schema, f"{place}/{key}/{name}")
            elif key != "translations":
                yield from nodes(value, f"{place}/{key}")
    elif isinstance(node, list):
        for n, item in enumerate(node):
            yield from nodes(item, f"{place}/{n}")


@EACH
def test_written_in_the_one_way(file):
    text = file.read_text("utf-8")
    assert text == written(json.loads(text))


@EACH
def test_names_the_meta_schema_of_its_kind(file):
    kinds = {"dictionary": "register", "code-lists": "code-list", "indicators": "indicators"}
    folder = next(part for part in file.parts if part in kinds or part == "forms")
    kind = kinds.get(folder) or ("department" if file.name == "department.json" else "form")
    assert read(file)["$schema"] == f"https://yibiao.example/defs/schemas/{kind}.json"


@EACH
def test_each_text_has_its_chinese(file):
    missing = [
        f"{place}/{text}"
        for place, node in nodes(read(file))
        for text in TEXTS
        if isinstance(node.get(text), str)
        and not node.get("translations", {}).get("zh-CN", {}).get(text)
    ]
    assert missing == []


@EACH
def test_no_chinese_without_its_english(file):
    orphans = [
        f"{place}: {text}"
        for place, node in nodes(read(file))
        for text in node.get("translations", {}).get("zh-CN", {})
        if text not in node
    ]
    assert orphans == []


@EACH
def test_english_is_english_and_chinese_is_chinese(file):
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for place, node in nodes(read(file)):
        for text in TEXTS:
            own = node.get(text)
            if isinstance(own, str):
                assert not chinese.search(own), f"{place}/{text}"
                other = node.get("translations", {}).get("zh-CN", {}).get(text, "字")
                assert chinese.search(other), f"{place}/translations/zh-CN/{text}"


@EACH
def test_nothing_that_a_public_service_has_no_business_with(file):
    assert FORBIDDEN.findall(file.read_text("utf-8")) == []


@EACH
def test_no_two_cells_of_a_form_share_a_name_by_accident(file):
    """Two fields, codes or indicators with the same words would be one meaning in two places."""
    for place, node in nodes(read(file)):
        members = list(node.get("properties", {}).values())
        members += [m for m in node.get("oneOf", ()) if "const" in m]
        for language in ("en", "zh-CN"):
            titles = [
                m.get("title") if language == "en" else m["translations"]["zh-CN"].get("title")
                for m in members
                if isinstance(m, dict) and "title" in m
            ]
            assert len(titles) == len(set(titles)), f"{place}: {sorted(map(str, titles))}"
