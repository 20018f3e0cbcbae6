import threading
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from runtime import clock
from runtime.accounts import passwords, users
from runtime.accounts.sign_in import PER_CLIENT, PER_NAME, SignInRefused, Throttled, sign_in
from runtime.language import using
from runtime.storage.engine import reading, writing
from tests.rig import FIXED_NOW

PASSWORD = "correct horse"


@pytest.fixture
def chen(engine, fixed_now):
    with writing(engine) as session:
        return users.create(session, "chen", "Chen Wei", PASSWORD)


def fail(engine, times, name="chen", client="10.0.0.1"):
    for _ in range(times):
        with pytest.raises(SignInRefused, match="name or the password"):
            sign_in(engine, name, "wrong", client)


def test_the_right_password_signs_in(engine, chen):
    assert sign_in(engine, " CHEN", PASSWORD, "10.0.0.1").id == chen.id


@pytest.mark.parametrize(("name", "password"), [("chen", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_all_else_hears_the_same(engine, chen, name, password):
    with pytest.raises(SignInRefused) as refused:
        sign_in(engine, name, password, "10.0.0.1")
    assert str(refused.value) == "The name or the password is wrong."


def test_a_user_switched_off_hears_the_same(engine, chen):
    with writing(engine) as session:
        users.disable(session, users.get(session, chen.id))
    with pytest.raises(SignInRefused, match="name or the password"):
        sign_in(engine, "chen", PASSWORD, "10.0.0.1")


def test_after_too_many_failures_even_the_right_one_must_wait(engine, chen):
    fail(engine, PER_NAME)
    with pytest.raises(Throttled, match="wait 15 minutes") as refused:
        sign_in(engine, "chen", PASSWORD, "10.0.0.2")
    assert refused.value.seconds == 900
    with using("zh-CN"), pytest.raises(Throttled, match="15"):
        sign_in(engine, "chen", PASSWORD, "10.0.0.2")
    later = clock.fixed(FIXED_NOW + timedelta(minutes=14, seconds=1))
    with later, pytest.raises(Throttled, match="wait 1 minute and"):
        sign_in(engine, "chen", PASSWORD, "10.0.0.2")
    with clock.fixed(FIXED_NOW + timedelta(minutes=15)):
        assert sign_in(engine, "chen", PASSWORD, "10.0.0.2").id == chen.id


def test_a_success_forgives_the_name(engine, chen):
    fail(engine, PER_NAME - 1)
    with clock.fixed(FIXED_NOW + timedelta(seconds=1)):
        sign_in(engine, "chen", PASSWORD, "10.0.0.1")
    with clock.fixed(FIXED_NOW + timedelta(seconds=2)):
        fail(engine, PER_NAME - 1)
        sign_in(engine, "chen", PASSWORD, "10.0.0.1")


@pytest.mark.databases("sqlite")
def test_one_client_trying_many_names_must_wait(engine, chen):
    for n in range(PER_CLIENT):
        fail(engine, 1, name=f"name{n}")
    with pytest.raises(Throttled):
        sign_in(engine, "chen", PASSWORD, "10.0.0.1")
    assert sign_in(engine, "chen", PASSWORD, "10.0.0.2").id == chen.id


def test_attempts_at_the_same_time_are_counted_too(engine, chen):
    outcomes = []

    def attempt():
        with clock.fixed(FIXED_NOW):
            try:
                sign_in(engine, "chen", "wrong", "10.0.0.1")
            except SignInRefused as refused:
                outcomes.append(type(refused))

    threads = [threading.Thread(target=attempt) for _ in range(PER_NAME + 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == PER_NAME + 6
    assert outcomes.count(SignInRefused) == PER_NAME


@pytest.mark.databases("sqlite")
def test_a_weak_hash_is_made_anew(engine, chen, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(2, 8, 1))
    sign_in(engine, "chen", PASSWORD, "10.0.0.1")
    with reading(engine) as session:
        kept = users.get(session, chen.id).password_hash
    assert kept != chen.password_hash
    assert not passwords.is_outdated(kept)


@pytest.mark.databases("sqlite")
def test_an_unknown_name_takes_as_long(engine, chen, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(3, 65536, 1))
    passwords._nobodys.cache_clear()
    with writing(engine) as session:
        users.set_password(session, users.get(session, chen.id), PASSWORD)
    passwords.is_right("warm", "")

    def spent(name):
        start = time.perf_counter()
        fail(engine, 1, name=name)
        return time.perf_counter() - start

    known = min(spent("chen") for _ in range(4))
    unknown = min(spent("nobody") for _ in range(4))
    passwords._nobodys.cache_clear()  # for those that come after, and hash cheaply
    assert 0.4 < unknown / known < 2.5
