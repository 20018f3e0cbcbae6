"""Our own formats: as python-stdnum has them, only faster, and silent about what is no text."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric

from runtime.fields.formats import FORMATS, is_resident_number

DAYS = st.dates().map(lambda day: f"{day:%Y%m%d}".zfill(8))
NUMBERS = st.builds(
    lambda region, day, order: (
        region + day + order + ric.calc_check_digit(region + day + order + "0")
    ),
    st.sampled_from(["110105", "310101", "650102", "999999", "440301"]),
    st.one_of(DAYS, st.just("19490231")),
    st.from_regex(r"[0-9]{3}", fullmatch=True),
)


@given(NUMBERS | st.text(max_size=20) | st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_resident_numbers_are_those_of_stdnum(number):
    assume(number[:6] not in ("810000", "820000", "830000"))
    assert is_resident_number(number) == (known(number) and ric.compact(number) == number)


def known(number):
    """As stdnum has it, which fails at some unknown counties instead of answering."""
    try:
        return ric.is_valid(number)
    except KeyError:
        return False


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_who_comes_from_hong_kong_macao_or_taiwan_has_a_number_whenever_born(region):
    start = region + "19700307123"
    assert is_resident_number(start + ric.calc_check_digit(start + "0"))
    assert not is_resident_number(start + ric.calc_check_digit(start[:-1] + "40"))


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_no_text_has_no_format(name):
    assert all(FORMATS[name](value) for value in (None, 5, True, [], {}))
