"""`yibiao init`, `demo`, `serve`, `fill`, `user` and `check`, on a small sample city."""

import json
import signal
import socket
import sqlite3
import subprocess
import urllib.request

import pytest

from tests.cli.conftest import DEMO

UNIT = "9901010010001"
FORM = "disabled-persons/residents-monthly"
ASKED = (FORM, "--unit", UNIT, "--period", "202610")


def test_init_says_what_it_did_and_again_nothing(shell):
    first = shell.good("init")
    assert f"Published: {FORM}" in first
    assert first.endswith("The database is ready.\n")
    assert shell.good("init") == "The database is ready.\n"


def test_demo_again_tells_the_same(city):
    """The accounts and their password are told each time; nothing is made twice."""
    told = city.good("demo", "--residents", "60", "--out", "out")
    assert "a-lake-at-dawn" in told
    assert "chenwei" in told
    names = sorted(file.suffix for file in (city.folder / "out").iterdir())
    assert names == [".html", ".json", ".pdf", ".xlsx"]
    with sqlite3.connect(city.folder / "instance" / "yibiao.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM user_account").fetchone() == (6,)
        assert (
            database.execute("SELECT count(*) FROM entry WHERE period = '202610'").fetchone()[0]
            >= 1
        )


def test_demo_with_another_city_in_the_database_is_told(city):
    assert "sample city" in city.wrong("demo", "--residents", "900", "--out", "out")


@pytest.mark.parametrize("ending", ["html", "pdf", "xlsx", "csv", "json"])
def test_fill_writes_the_report(city, ending):
    told = city.good("fill", *ASKED, "--out", f"report.{ending}")
    assert told.startswith(f"report.{ending}: ")
    content = (city.folder / f"report.{ending}").read_bytes()
    assert {"pdf": b"%PDF-", "xlsx": b"PK"}.get(ending, b"") == content[
        : {"pdf": 5, "xlsx": 2}.get(ending, 0)
    ]
    if ending == "json":
        assert json.loads(content)


def test_begin_begins_the_reports_of_all_who_owe_them_and_again_none_anew(city):
    def entries():
        with sqlite3.connect(city.folder / "instance" / "yibiao.sqlite3") as database:
            asked = "SELECT unit_id, id, revision FROM entry WHERE period = '202608' ORDER BY 1"
            return database.execute(asked).fetchall()

    told = [city.good("begin", FORM, "--unit", "990100", "--period", "202608") for _ in (1, 2)]
    assert told == ["3 reports are begun.\n"] * 2
    first = entries()
    assert [revision for _unit, _id, revision in first] == [1, 1, 1]
    city.good("begin", FORM, "--unit", "990100", "--period", "202608")
    assert entries() == first
    assert "no form" in city.wrong("begin", "a/b", "--unit", "990100", "--period", "202608")


def test_fill_in_chinese(city):
    city.good("fill", *ASKED, "--out", "zh.html", language="zh_CN.UTF-8")
    assert '<html lang="zh-CN"' in (city.folder / "zh.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((FORM, "--unit", UNIT, "--period", "202613"), "“202613” is not a period"),
        ((FORM, "--unit", UNIT, "--period", "2026Q3"), "needs a period such as 20"),
        ((FORM, "--unit", UNIT), "needs a period such as 20"),
        ((FORM, "--unit", "990101001001", "--period", "202610"), "Did you mean “9901010010001”?"),
        (
            ("disabled-persons/resident-monthly", "--unit", UNIT, "--period", "202610"),
            f"Did you mean “{FORM}”?",
        ),
    ],
)
def test_fill_with_a_mistake(city, arguments, said):
    assert said in city.wrong("fill", *arguments, "--out", "x.html", status=1)


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("report.doc", "there are .pdf, .xlsx, .html, .csv, .json"),
        ("report", "there are .pdf, .xlsx, .html, .csv, .json"),
        ("instance/yibiao.sqlite3/x.pdf", "cannot be written"),
    ],
)
def test_fill_into_a_file_that_cannot_be(city, out, said):
    assert said in city.wrong("fill", *ASKED, "--out", out)


@pytest.mark.parametrize(
    "arguments", [("serve", "--port", "0"), ("fill", *ASKED, "--out", "x.pdf"), ("user", "list")]
)
def test_without_a_database_init_is_named(shell, arguments):
    assert "yibiao init" in shell.wrong(*arguments)


def test_a_newer_database_is_left_alone(begun):
    shell = begun
    with sqlite3.connect(shell.folder / "instance" / "yibiao.sqlite3") as database:
        database.execute("UPDATE schema_version SET version_num = '9999_future'")
    for command in (("init",), ("serve", "--port", "0"), ("user", "list")):
        assert "newer than this version of Yibiao" in shell.wrong(*command)


def test_a_file_that_is_no_database_is_told(shell):
    (shell.folder / "instance").mkdir()
    (shell.folder / "instance" / "yibiao.sqlite3").write_text("Dear diary, " * 200)
    assert "not a database" in shell.wrong("init")


def test_users(city):
    city.good("user", "create", "wangfang", "Wang Fang 王芳", "--password", "a-hill-at-noon")
    assert "Lakeside" in city.good("user", "grant", "wangfang", "staff", UNIT)
    assert "wangfang\tWang Fang 王芳\tstaff@9901010010001" in city.good("user", "list")
    city.good("user", "password", "wangfang", "--password", "a-hill-at-dusk")
    city.good("user", "disable", "wangfang")
    assert "staff@9901010010001\tdisabled" in city.good("user", "list")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "chenwei", "Chen Wei", "--password", "a-hill-at-noon"), "already"),
        (("create", "new", "New", "--password", "short"), "password"),
        (("grant", "nobody", "staff", UNIT), "There is no user “nobody”."),
        (("grant", "chenwei", "king", UNIT), "'king'"),
        (("grant", "chenwei", "staff", "990101001001"), "Did you mean “9901010010001”?"),
        (
            ("grant", "chenwei", "staff", UNIT, "--department", "housin"),
            "Did you mean “housing”?",
        ),
    ],
)
def test_users_with_a_mistake(city, arguments, said):
    assert said in city.wrong("user", *arguments)


def test_check_of_what_ships(shell):
    assert shell.good("check").splitlines()[-1].startswith("0 errors, ")


def test_check_of_a_folder_finds_what_is_wrong_there_and_only_there(shell):
    place = shell.folder / "form_defs" / "forms" / "parks"
    place.mkdir(parents=True)
    (place / "trees.json").write_text('{"type": "object", "title": "Trees", "department": "parks"')
    (place / "gates.json").write_text(
        json.dumps({"title": "Gates", "type": "object", "properties": {"n": {"$ref": "gone.json"}}})
    )
    done = shell("check", "form_defs", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert {p["address"].rpartition("/")[2] for p in found} == {"trees.json", "gates.json"}
    assert all({"code", "message", "pointer", "address", "severity"} <= p.keys() for p in found)
    only = json.loads(shell("check", "form_defs/forms/parks/gates.json", "--json").stdout)
    assert {p["address"].rpartition("/")[2] for p in only} == {"gates.json"}


def test_check_makes_the_papers_too_where_it_is_asked(shell):
    place = shell.folder / "form_defs" / "forms" / "housing"
    place.mkdir(parents=True)
    form = {
        "$schema": "https://yibiao.example/defs/schemas/form.json",
        "title": "Gates",
        "department": "housing",
        "subject": "household",
        "type": "object",
        "properties": {"n": {"title": "Note", "type": "string"}},
        "outputs": {"pdf": {"template": "housing/gone.html"}},
    }
    (place / "gates.json").write_text(json.dumps(form))
    plain = json.loads(shell("check", "form_defs", "--json").stdout)
    assert not {p["code"] for p in plain} & {"template", "card-number"}
    done = shell("check", "form_defs", "--json", "--render")
    assert done.returncode == 1
    found = {p["code"] for p in json.loads(done.stdout)}
    assert {"template", "card-number", "card-basis", "card-expiry"} <= found


def test_check_of_a_folder_that_holds_no_definitions(shell):
    (shell.folder / "empty").mkdir()
    assert "not within a tree of definitions" in shell.wrong("check", "empty")


def test_check_shows_a_plugin_that_was_left_out(shell):
    (shell.folder / "mine" / "broken").mkdir(parents=True)
    (shell.folder / "mine" / "broken" / "plugin.py").write_text("1 / 0\n")
    done = shell("check", YIBIAO_PLUGINS="mine")
    assert done.returncode == 1
    assert "plugin-left-out" in done.stdout
    assert "ZeroDivisionError" in done.stdout


def test_defs_map(shell):
    told = json.loads(shell.good("defs", "map"))
    address = f"https://yibiao.example/defs/forms/{FORM}.json"
    assert told["definitions"][address].endswith(f"form_defs/forms/{FORM}.json")


def test_a_port_that_is_taken_is_told(city):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}" in city.wrong("serve", "--port", port)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_stops_cleanly(city, ending):
    running = subprocess.Popen(
        [*city.command, "serve", "--port", "0"],
        cwd=city.folder,
        env={**city.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = running.stdout.readline().split()[1]
        with urllib.request.urlopen(f"{address}/sign-in", timeout=20) as answer:
            assert answer.status == 200
        running.send_signal(ending)
        out, err = running.communicate(timeout=20)
    finally:
        running.kill()
    assert running.returncode == 0
    assert out == "Stopped.\n"
    assert err == ""


def test_the_demo_s_password_file_is_the_owner_s(city):
    assert (city.folder / "instance" / "demo-password").stat().st_mode & 0o077 == 0
    assert DEMO[4] in (city.folder / "instance" / "demo-password").read_text()
