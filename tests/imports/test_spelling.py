"""What is one and the same although it is written otherwise, and what is not."""

import pytest

from runtime.imports.identity import compared
from runtime.imports.spelling import key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("清风路3-12号", "清风路 3－12 号"),
        ("清风路3-12号", "清风路3—12号"),
        ("清风路3-12号", "清风路3、12号"),
        ("清风路3- 12号", "清风路3/12号"),
        ("GA-12", "ga12"),
        ("福来（小吃）", "福来小吃"),
        ("张 三", "张三"),
        ("3栋-201", "3栋201"),
    ],
)
def test_values_that_are_one(one, other):
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("清风路3-12号", "清风路31-2号"),
        ("清风路3-12号", "清风路312号"),
        ("3栋1-201", "3栋12-01"),
        ("GA-1.2", "GA-12"),
        ("3 12号", "312号"),
    ],
)
def test_values_that_are_not(one, other):
    assert compared(one) != compared(other)


def test_headers_are_compared_without_any_sign():
    assert key("联系 电话*") == key("联系电话")
    assert key("1-4 级") == key("14级")
