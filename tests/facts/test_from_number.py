"""What a number says of somebody new, where nobody else does."""

import pytest
from stdnum.cn import ric

from runtime.facts.from_number import from_number

SCHEMA = {
    "properties": {
        "number": {},
        "born": {"fromNumber": {"field": "number", "part": "birthDate"}},
        "sex": {"fromNumber": {"field": "number", "part": "sex"}},
    }
}


def number(born, order):
    body = f"110000{born}{order:03}"
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"number": number("19770806", 1)}, {"born": "1977-08-06", "sex": "1"}),
        ({"number": number("19770806", 2)}, {"born": "1977-08-06", "sex": "2"}),
        ({"number": number("19770806", 2), "sex": "1"}, {"born": "1977-08-06"}),
        ({"number": number("20261102", 1)}, {}),
        ({"number": "110000197708060016"}, {}),
        ({"number": 7}, {}),
        ({}, {}),
    ],
)
def test_what_a_number_says(fixed_now, document, found):
    assert from_number(SCHEMA, document) == found
