import pytest

from runtime.accounts import users
from runtime.accounts.passwords import is_right
from runtime.entry import audit
from runtime.errors import EntryError, NotFound
from runtime.facts.units import by_code

PASSWORD = "correct horse"


def test_a_user_is_made_found_and_listed(session):
    user = users.create(session, " Chen.Wei ", "Chen Wei", PASSWORD, language="zh-CN")
    assert (user.name, user.language, user.active) == ("chen.wei", "zh-CN", True)
    assert is_right(PASSWORD, user.password_hash)
    assert users.by_name(session, "CHEN.WEI") is user
    assert users.get(session, user.id) is user
    assert users.listed(session) == [user]
    assert [e.action for e in audit.events(session, "user", user.id)] == ["user.create"]


@pytest.mark.parametrize("name", ["", "a", "a b", "-ab", "x" * 65, "a/b"])
def test_a_name_that_cannot_be_one_is_refused(session, name):
    with pytest.raises(EntryError, match="2 to 64"):
        users.create(session, name, "Chen Wei", PASSWORD)


def test_a_name_is_taken_however_it_is_written(session):
    users.create(session, "chen", "Chen Wei", PASSWORD)
    with pytest.raises(EntryError, match="already"):
        users.create(session, "ＣHEN", "Chen Wei", PASSWORD)


@pytest.mark.parametrize("full_name", [" ", "x" * 121])
def test_a_full_name_is_needed(session, full_name):
    with pytest.raises(EntryError, match="full name"):
        users.create(session, "chen", full_name, PASSWORD)


def test_an_unknown_user_is_not_found(session):
    assert users.find(session, "nobody") is None
    with pytest.raises(NotFound):
        users.by_name(session, "nobody")
    with pytest.raises(NotFound):
        users.get(session, 999)


def test_a_new_password_ends_all_sessions(session):
    user = users.create(session, "chen", "Chen Wei", PASSWORD)
    before = user.session_key
    assert users.of_session(session, user.id, before) is user
    users.change_password(session, user, PASSWORD, "another horse")
    assert users.of_session(session, user.id, before) is None
    assert users.of_session(session, user.id, user.session_key) is user
    assert is_right("another horse", user.password_hash)


def test_changing_the_password_asks_for_the_present_one_and_a_new_one(session):
    user = users.create(session, "chen", "Chen Wei", PASSWORD)
    with pytest.raises(EntryError, match="present password is wrong"):
        users.change_password(session, user, "wrong", "another horse")
    with pytest.raises(EntryError, match="is the present one"):
        users.change_password(session, user, PASSWORD, PASSWORD)
    with pytest.raises(EntryError, match="at least 10"):
        users.change_password(session, user, PASSWORD, "short")


def test_who_is_switched_off_is_out_until_switched_on(session):
    user = users.create(session, "chen", "Chen Wei", PASSWORD)
    before = user.session_key
    users.disable(session, user)
    assert users.of_session(session, user.id, before) is None
    assert users.of_session(session, user.id, user.session_key) is None
    users.enable(session, user)
    assert users.of_session(session, user.id, user.session_key) is user


def test_roles_are_granted_once_and_taken_back(session):
    user = users.create(session, "chen", "Chen Wei", PASSWORD)
    unit = by_code(session, "a1x")
    held = users.grant(session, user, "staff", unit.id)
    assert users.grant(session, user, "staff", unit.id) is held
    other = users.grant(session, user, "staff", unit.id, "civil-affairs")
    assert list(users.grants_of(session, user.id)) == [held, other]
    assert users.listed(session, [unit.id]) == [user]
    assert users.listed(session, [unit.id + 1]) == []
    users.revoke(session, held.id)
    assert list(users.grants_of(session, user.id)) == [other]
    with pytest.raises(NotFound):
        users.revoke(session, held.id)
    with pytest.raises(NotFound):
        users.grant(session, user, "staff", 999)
    with pytest.raises(EntryError, match="not a role"):
        users.grant(session, user, "king", unit.id)


def test_a_language_is_remembered_when_we_speak_it(session):
    user = users.create(session, "chen", "Chen Wei", PASSWORD, language="xx")
    assert user.language == ""
    users.set_language(session, user, "en")
    assert user.language == "en"
