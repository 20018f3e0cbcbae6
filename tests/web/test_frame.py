"""The frame around each page: where one is, and looking without a body."""

import re

import pytest

pytestmark = pytest.mark.databases("sqlite")

CURRENT = re.compile(r'<a href="([^"]+)" aria-current="page">(?=.*?<main)', re.DOTALL)
"""Places of the top bar; a form's own tabs stand below it."""


@pytest.mark.parametrize(
    ("name", "address", "current"),
    [
        ("chenwei", "/", ["/"]),
        ("chenwei", "/registers/", ["/registers/"]),
        ("chenwei", "/registers/resident", ["/registers/"]),
        ("chenwei", "/account/", []),
        ("admin", "/users/", ["/users/"]),
        ("hejun", "/builder/", ["/builder/"]),
        ("hejun", "/builder/dictionary", ["/builder/dictionary"]),
        ("hejun", "/builder/forms/disabled-persons/residents-monthly", ["/builder/"]),
    ],
)
def test_the_top_bar_marks_one_place_at_most(visitor, name, address, current):
    answer = visitor(name).get(address)
    assert answer.status_code == 200
    assert CURRENT.findall(answer.text) == current


def test_an_entry_belongs_to_the_inbox(staff):
    page = staff.get(staff.begin("disabled-persons/residents-monthly"))
    assert CURRENT.findall(page.text) == ["/"]


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in?next=/registers/", "/nowhere"])
def test_a_head_is_answered_as_its_get_to_a_stranger(visitor, address):
    same_as_get(visitor(), address)


def test_a_head_is_answered_as_its_get(app, staff):
    entry = staff.begin("disabled-persons/residents-monthly")
    for address in ("/", "/sign-in", "/registers/", "/registers/resident?q=li", "/users/", entry):
        same_as_get(staff, address)


def test_a_head_comes_back_after_signing_in(visitor):
    answer = visitor().client.head("/registers/resident?q=li")
    assert answer.location == "/sign-in?next=/registers/resident?q%3Dli"


def same_as_get(somebody, address):
    got, asked = somebody.get(address), somebody.client.head(address)
    assert (asked.status_code, asked.location) == (got.status_code, got.location)
    assert asked.data == b""
