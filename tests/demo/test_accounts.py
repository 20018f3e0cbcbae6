"""Accounts of the sample city: every role once, each for a unit that is there."""

import pytest

from runtime.accounts.roles import ROLES
from runtime.demo.accounts import ACCOUNTS, made_up_password
from runtime.demo.tree import planned


def test_every_role_has_its_account():
    assert {account.role for account in ACCOUNTS} == set(ROLES)
    assert len({account.name for account in ACCOUNTS}) == len(ACCOUNTS)


@pytest.mark.parametrize("residents", [100, 20_000])
def test_each_is_of_a_unit_of_the_city(residents):
    places = planned(residents)
    found = {account.name: account.unit(places) for account in ACCOUNTS}
    assert found["chenwei"].english == "Lakeside Community"
    assert found["linna"].above == found["chenwei"].code
    assert found["chenwei"].above == found["zhouming"].code
    assert found["admin"].level == "city"


def test_a_made_up_password_is_long_and_new():
    assert len(made_up_password()) == 19
    assert made_up_password() != made_up_password()
