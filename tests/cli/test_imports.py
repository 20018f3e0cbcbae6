"""`yibiao import`: told first, recorded when agreed, refused the second time."""

import pytest
from sqlalchemy import select

from runtime import clock
from runtime.cli.command import run
from runtime.cli.context import close
from runtime.site import open_site
from runtime.storage.engine import reading
from runtime.storage.tables import Subject
from tests.rig.city import NOW, prepare, settings

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def site(prepared_database, tmp_path, monkeypatch):
    address = prepared_database("city", prepare)
    monkeypatch.setenv("YIBIAO_DATABASE_URL", address)
    monkeypatch.setenv("YIBIAO_HOME", str(tmp_path / "home"))
    close()
    found = open_site(settings(address, tmp_path))
    with clock.fixed(NOW):
        yield found
    found.close()
    close()


@pytest.fixture
def somebody(site):
    with reading(site.engine) as session:
        people = session.scalars(select(Subject).where(Subject.register == "resident"))
        return next(p for p in people if p.unit_id and "identity_number" in p.document)


def place_of(site, person):
    with reading(site.engine) as session:
        return session.get(Subject, person.id).document.get("registered_place")


@pytest.fixture
def file(tmp_path, somebody):
    made = tmp_path / "people.csv"
    number = somebody.document["identity_number"]
    made.write_text(
        f"名单\n姓名,身份证号,老家,序号\n{somebody.document['name']},{number},外地,1\n王,12,,2\n",
        "utf-8",
    )
    return made


def test_a_dry_run_tells_and_records_nothing(site, file, somebody, capsys, tmp_path):
    back = tmp_path / "back.xlsx"
    asked = ["import", "resident", str(file), "--map", "老家=registered_place", "--dry-run"]
    assert run([*asked, "--errors", str(back)]) == 0
    told = capsys.readouterr().out
    assert "老家 → Registered place" in told
    assert "speaks as of 2026-11-01" in told
    assert "2 rows: 0 new, 1 changed, 0 confirmed, 0 in conflict, 1 wrong" in told
    assert "Row 4: 身份证号: “12”" in told
    assert back.stat().st_size > 1000
    assert place_of(site, somebody) != "外地"


def test_it_is_recorded_once(site, file, somebody, capsys):
    asked = ["import", "resident", str(file), "--map", "老家=registered_place", "--yes"]
    assert run(asked) == 0
    assert "Recorded: 3 facts." in capsys.readouterr().out
    assert place_of(site, somebody) == "外地"
    assert run(asked) == 1
    assert "imported already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--department", "civil-affair"], "Did you mean “civil-affairs”?"),
        (["--unit", "nowhere"], "There is no unit"),
        (["--map", "老家=regstered_place"], "Did you mean “registered_place”?"),
        (["--as-of", "soon"], "is not a day"),
        (["--as-of", "2030-01-01"], "day to come"),
        (["--as-of", "1899-12-31"], "before 1900-01-01"),
    ],
)
def test_what_is_wrong_is_one_clear_line(site, file, capsys, more, told):
    assert run(["import", "resident", str(file), *more]) == 1
    assert told in capsys.readouterr().err


def test_an_unknown_register(site, file, capsys):
    assert run(["import", "residents", str(file)]) == 1
    assert "Did you mean “resident”?" in capsys.readouterr().err
