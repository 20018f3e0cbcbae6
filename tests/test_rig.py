"""The rig itself: each thing that tests lean on does what it says, and refuses what it should."""

import socket
from datetime import date

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask, make_response
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime import clock
from tests.rig.clock import FIXED_NOW
from tests.rig.guard import NetworkRefused
from tests.rig.laws import Rounds
from tests.rig.profiles import PROFILE
from tests.rig.room import once

BARE = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>{}</main></html>"


def test_a_fresh_database_of_each_kind_answers(database_kind, database_url):
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("select 1")).scalar_one() == 1
        assert sa.inspect(connection).get_table_names() == []
    assert engine.dialect.name == database_kind
    engine.dispose()


def _prepare(address):
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.execute(sa.text("create table street (name varchar(20))"))
        connection.execute(sa.text("insert into street values ('人民路')"))
    engine.dispose()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_its_own_copy_of_a_prepared_database(prepared_database, turn):
    engine = sa.create_engine(prepared_database("street", _prepare))
    with engine.begin() as connection:
        assert connection.execute(sa.text("select name from street")).scalars().all() == ["人民路"]
        connection.execute(sa.text("delete from street"))
    engine.dispose()


@pytest.mark.databases("sqlite")
def test_a_test_may_name_the_databases_it_runs_on(database_kind):
    assert database_kind == "sqlite"


@pytest.mark.postgresql
def test_postgresql_listens_on_its_socket_only(postgres):
    engine = sa.create_engine(postgres.address("postgres"))
    with engine.connect() as connection:
        assert connection.execute(sa.text("show listen_addresses")).scalar_one() == ""
        assert connection.execute(sa.text("select inet_server_addr()")).scalar_one() is None
    engine.dispose()


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_a_socket_to_another_machine_is_refused(host):
    with pytest.raises(NetworkRefused):
        socket.create_connection((host, 80), timeout=1)


def test_a_socket_to_this_machine_is_not():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_hypothesis_runs_the_profile_of_this_run():
    assert hypothesis.settings().max_examples == {"quick": 50, "full": 5_000}[PROFILE]


def _law(strategy, most, fails_at=None):
    @settings(max_examples=most, database=None)
    @given(st.data())
    def law(data):
        assert data.draw(strategy) != fails_at

    return law


def test_a_law_is_tried_in_rounds_until_it_had_its_examples():
    rounds = Rounds(_law(st.integers(), 200), seconds=60)
    rounds.run({})
    assert (rounds.asked, rounds.is_over) == (200, False)
    assert rounds.tried >= 200


def test_a_law_is_tried_until_its_time_is_over():
    rounds = Rounds(_law(st.integers(), 5_000), seconds=0.001)
    rounds.run({})
    assert rounds.is_over
    assert 0 < rounds.tried < 5_000


def test_a_law_of_few_cases_is_not_tried_over_and_over():
    rounds = Rounds(_law(st.booleans(), 5_000), seconds=60)
    rounds.run({})
    assert rounds.tried < 50


def test_what_a_law_finds_is_told():
    rounds = Rounds(_law(st.booleans(), 5_000, fails_at=True), seconds=60)
    with pytest.raises(AssertionError):
        rounds.run({})


def test_what_one_worker_made_the_others_find():
    made = []
    for _worker in range(2):
        assert once("test of once", lambda: made.append(1) or "made") == "made"
    assert made == [1]


def test_what_could_not_be_made_is_tried_again():
    def fails():
        raise LookupError

    with pytest.raises(LookupError):
        once("test of once, failing", fails)
    assert once("test of once, failing", lambda: "made") == "made"


def test_time_stands_still_in_china(fixed_now):
    assert clock.now() == fixed_now == FIXED_NOW
    assert clock.today() == date(2026, 11, 1)


@pytest.mark.browser
def test_chromium_renders_a_page(page):
    page.goto("data:text/html," + BARE.format("<p>你好"))
    assert page.inner_text("h1") == "A page"
    assert page.evaluate("document.fonts.check('16px sans-serif', '你')")


@pytest.mark.browser
def test_a_page_has_the_width_language_and_theme_it_was_asked_for(new_page):
    page = new_page(width=360, language="zh-CN", theme="dark")
    page.goto("data:text/html," + BARE.format(""))
    seen = page.evaluate(
        "[innerWidth, navigator.language, matchMedia('(prefers-color-scheme: dark)').matches]"
    )
    assert seen == [360, "zh-CN", True]


@pytest.mark.browser
def test_axe_finds_what_is_wrong_and_nothing_where_all_is_well(page, axe):
    page.goto("data:text/html," + BARE.format("<p>All is well"))
    assert axe(page) == []
    page.goto("data:text/html," + BARE.format("<input>"))
    assert [line.partition(" ")[0] for line in axe(page)] == ["label"]


@pytest.fixture
def strict_site(serve):
    """A site whose policy forbids what its page `/bad` does."""
    app = Flask("strict_site")

    @app.get("/<kind>")
    def show(kind):
        style = ' style="color: red"' if kind == "bad" else ""
        response = make_response(BARE.format(f"<p{style}>{clock.today()}"))
        response.headers["Content-Security-Policy"] = "default-src 'self'; script-src 'self'"
        return response

    return serve(app)


@pytest.mark.browser
def test_a_breach_of_the_content_security_policy_is_seen(strict_site, page, page_watch):
    page.goto(strict_site + "/bad")
    assert [problem.partition(":")[0] for problem in page_watch.unexpected()] == [
        "content security policy"
    ]
    page_watch.allow("^content security policy: .*inline style")
    assert page_watch.unexpected() == []


@pytest.mark.browser
def test_axe_reads_a_page_under_a_strict_policy(strict_site, page, axe):
    page.goto(strict_site + "/good")
    assert axe(page) == []


@pytest.mark.browser
def test_a_request_to_another_machine_fails_and_is_seen(strict_site, page, page_watch):
    page.goto(strict_site + "/good")
    page.evaluate("document.body.append(Object.assign(new Image, {src: '//example.org/a.png'}))")
    page.wait_for_timeout(200)
    assert any("example.org" in problem for problem in page_watch.problems)
    page_watch.allow("example.org|content security policy")


@pytest.mark.browser
def test_the_server_of_a_test_lives_on_the_tests_day(fixed_now, strict_site, page):
    page.goto(strict_site + "/good")
    assert page.inner_text("p") == "2026-11-01"


def test_the_json_schema_suite_is_there(json_schema_suite):
    for part in ("tests/draft2020-12", "remotes", "annotations/tests"):
        assert list((json_schema_suite / part).rglob("*.json"))
