"""From where on a text is searched: the parts of an address in either language, no more of them than are of use."""

import pytest

from runtime.facts.beginnings import MOST, beginnings


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("星澜市湖滨区东关街道长乐街170号1幢2单元301室",
         ["星澜市", "湖滨区", "东关街道", "长乐街", "170号", "301室"]),
        ("清风路41号6幢", ["清风路", "41号"]),
        ("湖滨路 12 号 3 栋 2 单元 501 室", ["湖滨路", "12 号", "501 室"]),
        ("河东县白马镇新村路3号楼2单元", ["河东县", "白马镇", "新村路", "3号楼"]),
        ("白马村12号院东门", ["白马村", "12号院", "东门"]),
        ("大厦12层康复中心", ["大厦", "康复中心"]),
        ("市场路1号", ["市场路", "1号"]),
        ("41 qingfeng road, lotus street", ["41 ", "qingfeng ", "road", "lotus ", "street"]),
        ("a栋-501", ["501"]),
        ("", []),
    ],
)  # fmt: skip
def test_parts(text, parts):
    found = [text[n:] for n in beginnings(text)]
    assert len(found) == len(parts)
    assert all(one.startswith(part) for one, part in zip(found, parts, strict=True))


def test_a_long_remark_has_no_more_than_an_address_may():
    assert len(beginnings("word " * 99)) == MOST
