"""Pages for what goes wrong say what was asked for, what it takes, and how to go on."""

import pytest

from runtime.accounts.roles import ACTIONS, words
from runtime.language import using

pytestmark = pytest.mark.databases("sqlite")


def test_who_may_not_is_told_which_page_which_right_and_who_has_it(visitor):
    admin = visitor("admin")
    came = {"Referer": "http://localhost/users/?page=2"}
    answer = admin.get("/registers/resident", headers=came)
    assert answer.status_code == 403
    for told in (
        "Page: /registers/resident",
        "for those who may read the registers: Staff.",
        "You are here as: Administrator.",
        'href="/users/?page=2">← Back</a>',
        "To the inbox",
    ):
        assert told in answer.text, told


@pytest.mark.parametrize("came", ["http://elsewhere.example/users/", "http://localhost/users/", ""])
def test_the_way_back_leads_to_our_own_pages_only(staff, came):
    page = staff.get("/users/", headers={"Referer": came} if came else {}).text
    assert "for those who may look after users" in page
    assert "← Back" not in page


def test_of_a_page_that_is_not_there_no_right_is_told(staff):
    assert "for those who may" not in staff.get("/registers/no-such").text


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_action_has_words(language):
    with using(language):
        assert len({words(action) for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.databases("postgresql", "sqlite")
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/builder/forms/disabled-persons/%00/publish", None),
        ("/entries/%00", None),
        ("/builder/catalogue/retire", {"form": "disabled-persons/needs-survey", "into": "\0"}),
        ("/builder/forms/disabled-persons/residents-monthly/publish", {"_do": "ask", "note": "\0"}),
    ],
)
def test_a_sign_that_no_database_keeps_is_told_and_is_no_fault_of_ours(visitor, path, sent):
    somebody = visitor("hejun" if "retire" in path else "sunli")
    somebody.get("/account/")
    answer = somebody.get(path) if sent is None else somebody.post(path, sent)
    assert 400 <= answer.status_code < 500
