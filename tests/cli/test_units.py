"""`yibiao unit …` and `yibiao retention`, on a site with a few units."""

from datetime import date

import pytest

from runtime import clock
from runtime.facts import units
from runtime.facts.changes import Step, record_many
from runtime.facts.registers import Register
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.tables import AuditEvent, Subject


@pytest.fixture
def town(begun):
    shell = begun
    shell.good("unit", "add", "T", "city", "Town", "--title-zh", "镇")
    shell.good("unit", "add", "S", "street", "Street", "--below", "T")
    for code in ("A", "B"):
        shell.good("unit", "add", code, "community", f"Place {code}", "--below", "S")
    engine = make_engine(f"sqlite:///{shell.folder}/instance/yibiao.sqlite3")
    steps = [
        Step(subject_id=f"s{n}", values={"_unit": 3}, effective=date(2026, 1, 1)) for n in range(3)
    ]
    record_many(engine, Register("resident", {"properties": {}}), steps)
    yield engine
    engine.dispose()


def where(engine):
    with reading(engine) as session:
        held = [session.get(Subject, f"s{n}").unit_id for n in range(3)]
        return [units.get(session, unit).code for unit in held]


def test_add_list_and_move(shell, town):
    shell.good("unit", "add", "N", "street", "New", "--below", "T", "--on", "2026-06-01")
    assert shell.good("unit", "list").splitlines() == [
        "T\tcity\tTown",
        "  N\tstreet\tNew\tfrom 2026-06-01",
        "  S\tstreet\tStreet",
        "    A\tcommunity\tPlace A",
        "    B\tcommunity\tPlace B",
    ]
    shell.good("unit", "move", "B", "N", "--on", "2026-06-01")
    assert shell.good("unit", "list", "N").splitlines()[1:] == ["  B\tcommunity\tPlace B"]
    assert shell.good("unit", "list", "S", "--on", "2026-05-31").count("community") == 2
    assert "镇" in shell.good("unit", "list", language="zh_CN.UTF-8")


def test_merge(shell, town):
    said = shell.good("unit", "merge", "A", "--into", "B", "--on", "2026-06-01")
    assert said == "A: 3 subjects and 0 units below were moved.\n"
    assert where(town) == ["B", "B", "B"]
    assert "A\t" not in shell.good("unit", "list")
    assert "until 2026-05-31" in shell.good("unit", "list", "--on", "2026-05-31")
    with writing(town) as session:
        actions = [event.action for event in session.query(AuditEvent)]
    assert actions[-5:] == [*["unit.add"] * 4, "unit.succeed"]


def test_split(shell, town):
    file = shell.write("heirs.csv", "subject,unit\ns0,B\n")
    shell.good("unit", "split", "A", "--by", file, "--rest", "A", "--on", "2026-06-01")
    assert where(town) == ["B", "A", "A"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("merge", "A", "--into", "X"), "no unit with the code “X”"),
        (("merge", "A", "--into", "B", "--on", "2090-01-01"), "past day or today"),
        (("move", "S", "A"), "cannot hang below"),
        (("split", "A"), "Name heirs"),
        (("split", "A", "--by", "bad.csv"), "each line needs unit"),
        (("split", "A", "--by", "few.csv"), "s1 would be left without a unit"),
        (("add", "A", "grid", "Twice"), "already"),
    ],
)
def test_what_is_wrong_is_one_line(shell, town, arguments, says):
    shell.write("bad.csv", "subject,where\ns0,B\n")
    shell.write("few.csv", "subject,unit\ns0,B\n")
    assert says in shell.wrong("unit", *arguments)
    assert where(town) == ["A", "A", "A"]


def test_retention_says_first_and_then_does(shell, town):
    gone = [Step(subject_id="s0", values={"_unit": None}, effective=date(2026, 2, 1))]
    record_many(town, Register("resident", {"properties": {}}), gone)
    assert shell.good("retention") == "0 subjects were erased.\n"
    told = shell.good("retention", "--dry-run", "--day", "2036-02-02").splitlines()
    assert told == ["resident\ts0\tall of it", "1 subject would be erased."]
    assert "cannot be erased" in shell.wrong("retention", "--day", str(date(2036, 2, 2)))
    with reading(town) as session:
        assert session.get(Subject, "s0").erased_on is None
    assert clock.today() < date(2036, 2, 2)


def test_somebody_who_asks_for_it_is_erased_at_once(shell, town):
    told = shell.good("retention", "erase", "resident", "s1", "--reason", "asked for")
    assert told.splitlines() == ["resident\ts1\tall of it", "1 subject was erased."]
    with reading(town) as session:
        assert session.get(Subject, "s1").erased_on == clock.today()
        assert session.get(Subject, "s0").erased_on is None
    for register, subject in (("household", "s0"), ("resident", "none")):
        said = shell.wrong("retention", "erase", register, subject, "--reason", "asked for")
        assert "no such subject" in said
