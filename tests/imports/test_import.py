"""From a file to the ledger: weighed first, recorded all or nothing, once, by who may, and by the steward's word."""

from datetime import timedelta
from itertools import permutations
from threading import Thread

import pytest
from sqlalchemy import delete, select

from runtime import clock
from runtime.entry import audit
from runtime.entry.erasing import erase_everywhere
from runtime.errors import Conflict, EntryError
from runtime.facts.changes import Step, record_all
from runtime.facts.registers import register_of
from runtime.facts.staged.discard import discard
from runtime.facts.subjects import changes_of
from runtime.facts.succession import Heirs, succeed
from runtime.facts.timeline import UNIT
from runtime.facts.units import add_unit, parent
from runtime.imports import columns, ended, kept, states
from runtime.imports.apply import apply
from runtime.imports.ended import put_right
from runtime.imports.prepare import dry_run
from runtime.imports.returned import reasons_of
from runtime.imports.rows import ROW
from runtime.imports.thrown_away import throw_away
from runtime.jobs.run import Cancelled, GivenBack
from runtime.language import using
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import ImportPart, ImportRow
from runtime.storage.tables import Unit
from tests.imports.conftest import HEADER, OCTOBER, known, line, newcomers, workbook


def say(desk, person, values, day, provenance=None):
    step = Step(subject_id=person.id, values=values, effective=day, provenance=provenance or {})
    with writing(desk.site.engine) as session:
        record_all(session, register_of(desk.site.library, "resident"), [step])


def test_a_dry_run_records_nothing_and_tells_what_it_would(desk):
    one, two, three = known(desk, 3)
    before = desk.changes()
    content = HEADER + line(one) + line(two, "") + newcomers(2)
    content += f"{three.document['name']},110000197708060016,外地,\n"
    made, counts = desk.check(content)
    told = {kind: counts[kind] for kind in kept.KINDS}
    assert told == {"add": 2, "change": 1, "confirm": 1, "conflict": 0, "error": 1, "same": 0}
    assert desk.changes() == before
    (row,) = desk.rows(made, "change")
    assert row.old == {"registered_place": one.document.get("registered_place")}
    assert row.told["registered_place"] == "星澜市新区"
    ((column, reason),) = desk.rows(made, "error")[0].problems
    assert column == 1
    assert "identity number" in reason


def test_what_was_weighed_is_recorded_with_its_source(desk):
    (one,) = known(desk)
    made, counts = desk.check(HEADER + line(one) + newcomers(1))
    assert (counts["add"], counts["change"]) == (1, 1)
    apply(desk.site, made, actor=1, allowed=None)
    subject = desk.subject(one.id)
    assert subject.document["registered_place"] == "星澜市新区"
    with reading(desk.site.engine) as session:
        last = changes_of(session, one.id)[-2:]
    assert [change.kind for change in last] == ["set", "confirm"]
    # place and confirmed name and number; of somebody new three, and birthday and sex by the number
    assert desk.found(made).counts["facts"] == 8
    source = {"source": "import", "import": made, "department": "civil-affairs", "row": 2}
    assert all(change.provenance == source and change.actor_id == 1 for change in last)
    fresh = [p for p in desk.people() if p.document["name"] == "新来0"]
    assert [p.document["registered_place"] for p in fresh] == ["外地"]
    assert [p.document["birth_date"] for p in fresh] == ["1950-01-01"]
    assert [p.document["sex"] for p in fresh] == ["2"]
    assert desk.found(made).state == "applied"
    assert desk.staged() == 0  # nothing personal is kept twice


def test_the_same_file_again_is_refused_and_a_later_one_confirms(desk):
    (one,) = known(desk)
    content = HEADER + line(one)
    desk.take(content)
    with pytest.raises(Conflict, match=r"already: on 1 Nov 2026 .*, by the command line"):
        desk.begin(content)
    desk.begin(content, department="housing")  # another department's word is another's
    made, counts = desk.check(content + "\n", as_of=OCTOBER.replace(month=11, day=1))
    assert counts["confirm"] == 1
    before = desk.changes()
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.changes() - before in (0, 1)


def test_of_two_uploads_of_one_file_only_the_first_is_recorded(desk):
    (one,) = known(desk)
    content = HEADER + line(one)
    first, second = (desk.check(content)[0] for _ in range(2))
    apply(desk.site, first, actor=None, allowed=None)
    with pytest.raises(Conflict, match="imported already"):
        apply(desk.site, second, actor=None, allowed=None)
    before = desk.changes()
    apply(desk.site, first, actor=None, allowed=None)  # again: it is done
    assert desk.changes() == before


def test_a_newer_fact_stays_and_the_rest_of_the_row_is_taken(desk):
    (one,) = known(desk)
    say(desk, one, {"registered_place": "星澜市老区"}, OCTOBER)
    content = f"姓名,公民身份号码,户籍地,监护人姓名\n{line(one).replace(',' + chr(10), ',赵六' + chr(10))}"
    made, counts = desk.check(content, department="housing", as_of=OCTOBER.replace(day=1))
    assert counts["conflict"] == 1
    assert "31 Oct 2026" in desk.rows(made, "conflict")[0].problems[0][1]
    apply(desk.site, made, actor=None, allowed=None)
    document = desk.subject(one.id).document
    assert document["registered_place"] == "星澜市老区"
    assert document["guardian_name"] == "赵六"
    assert 1 <= desk.found(made).counts["facts"] <= 3  # and not the conflict


def test_the_steward_has_the_last_word(desk):
    (one,) = known(desk)
    say(desk, one, {"registered_place": "星澜市老区"}, OCTOBER)
    desk.take(HEADER + line(one), as_of=OCTOBER.replace(day=1))
    assert desk.subject(one.id).document["registered_place"] == "星澜市新区"


def test_who_may_not_import_for_a_unit_gets_an_error_on_the_row(desk):
    one = known(desk)[0]
    others = {p.unit_id for p in desk.people()} - {one.unit_id}
    made, counts = desk.check(HEADER + line(one), allowed=frozenset(others))
    assert counts["error"] == 1
    assert "Another unit has or had it" in desk.rows(made, "error")[0].problems[0][1]
    with reading(desk.site.engine) as session:
        (event,) = audit.events(session, "subject", one.id)
    assert (event.action, event.unit_id) == ("subject.met", one.unit_id)
    with pytest.raises(EntryError, match="Nothing of this file"):
        apply(desk.site, made, actor=None, allowed=None)
    _made, counts = desk.check(HEADER + newcomers(1), allowed=frozenset(others))
    assert counts["error"] == 1


def test_rows_that_say_nothing_of_who_they_mean(desk):
    made, counts = desk.check("户籍地,婚姻状况\n外地,已婚\n")
    assert counts["error"] == 1
    assert (
        "Resident identity number or Name + Date of birth"
        in desk.rows(made, "error")[0].problems[0][1]
    )


def test_nobody_comes_in_without_being_called_anything(desk):
    content = HEADER.replace("姓名", "x") + newcomers(1)
    made, counts = desk.check(content)
    assert (counts["add"], counts["error"]) == (0, 1)
    ((column, reason),) = desk.rows(made, "error")[0].problems
    assert (column, "wanted: Name." in reason) == (ROW, True)


def renamed(person, name):
    return line(person).replace(person.document["name"], name)


def test_a_number_with_a_wholly_different_name_changes_nothing(desk):
    (one,) = known(desk)
    before = one.document
    made, counts = desk.check(HEADER + renamed(one, "欧阳某"), department="housing")
    assert (counts["change"], counts["conflict"]) == (0, 1)
    (row,) = desk.rows(made, "conflict")
    assert row.old == {"name": before["name"]}
    ((_column, reason),) = row.problems
    assert "called wholly otherwise (Name)" in reason
    assert before["name"] not in reason
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.subject(one.id).document == before
    # a character in common is a correction, and the steward of the name is believed
    alike = before["name"][0] + "某"
    assert desk.check(HEADER + renamed(one, alike), department="housing")[1]["change"] == 1
    assert desk.check(HEADER + renamed(one, "欧阳某"))[1]["change"] == 1


def test_who_is_renamed_after_the_dry_run_is_not_taken_for_somebody_else(desk):
    (one,) = known(desk)
    made, counts = desk.check(HEADER + line(one), department="housing")
    assert counts["change"] == 1
    say(desk, one, {"name": "欧阳某"}, OCTOBER)
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.found(made).counts["meanwhile"] == 1
    assert desk.subject(one.id).document["registered_place"] != "星澜市新区"


TWINS = "姓名,出生日期,户籍地\n王双,1980-01-01,外地\n"


def twins(desk, *units):
    """Somebody in each of these units, all of one name and birthday."""
    for n, unit in enumerate(units):
        values = {UNIT: unit, "name": "王双", "birth_date": "1980-01-01"}
        with writing(desk.site.engine) as session:
            step = Step(subject_id=f"twin{n}", values=values, effective=OCTOBER)
            record_all(session, register_of(desk.site.library, "resident"), [step])


def test_two_whom_a_row_fits_are_not_told_apart_by_chance(desk):
    unit = min(p.unit_id for p in desk.people())
    twins(desk, unit, unit)
    made, counts = desk.check(TWINS)
    assert counts["error"] == 1
    assert "More than one" in desk.rows(made, "error")[0].problems[0][1]


def test_that_several_elsewhere_fit_is_noted_of_each(desk):
    """Of those elsewhere a row tells no more than of a single one: that there is somebody."""
    here, there = sorted({p.unit_id for p in desk.people()})[:2]
    twins(desk, there, there, here)
    for allowed, several in ((frozenset({here}), True), (frozenset(), False)):
        made, _counts = desk.check(TWINS, allowed=allowed)
        (row,) = desk.rows(made, "error")
        told = " ".join(reason for _column, reason in row.problems)
        assert "Another unit has or had it" in told
        assert ("More than one" in told) == several
    with reading(desk.site.engine) as session:
        met = [len(audit.events(session, "subject", f"twin{n}")) for n in range(3)]
    assert met == [2, 2, 1]


def test_somebody_of_the_same_name_and_birthday_with_another_number_is_somebody_else(desk):
    one = known(desk)[0].document
    body = one["identity_number"][:14] + "999"
    from stdnum.cn import ric

    number = body + ric.calc_check_digit(body + "0")
    content = (
        f"姓名,出生日期,公民身份号码,社区\n{one['name']},{one['birth_date']},{number},湖畔社区\n"
    )
    assert desk.check(content)[1]["add"] == 1


def test_rows_of_one_subject_are_joined_unless_they_contradict(desk):
    one, two = known(desk, 2)
    content = HEADER + line(one) + line(one) + line(two) + line(two, "别处")
    made, counts = desk.check(content)
    assert (counts["change"], counts["same"], counts["error"]) == (2, 1, 1)
    assert "Row 4" in desk.rows(made, "error")[0].problems[0][1]


def test_the_unit_of_somebody_new(desk):
    there = next(p for p in desk.people() if "address" in p.document)
    fresh = newcomers(3).splitlines()
    people = [row.rpartition(",")[0].split(",") for row in fresh]
    rows = "姓名,公民身份号码,户籍地,现居住地址\n"
    rows += ",".join([*people[0], there.document["address"]]) + "\n"
    rows += ",".join([*people[1], "哪里也没有的路1号"]) + "\n"
    _made, counts = desk.check(rows)
    assert (counts["add"], counts["error"]) == (1, 1)
    made, counts = desk.check(rows, unit_id=there.unit_id)
    assert counts["add"] == 2
    assert {row.unit_id for row in desk.rows(made, "add")} == {there.unit_id}


def test_an_address_elsewhere_says_nothing_of_a_unit(desk):
    """Neither that somebody lives there, nor, where one's own unit has the address as well, that others do."""
    people = [p for p in desk.people() if "address" in p.document]
    mine = people[0].unit_id
    other = next(p for p in people if p.unit_id != mine)
    there = other.document["address"]
    rows = f"姓名,出生日期,现居住地址\n某甲,1971-01-01,{there}\n某乙,1971-01-02,不存在路1号\n"
    made, _counts = desk.check(rows, allowed=frozenset({mine}))
    one, nobody = desk.rows(made, "error")
    assert one.problems == nobody.problems
    say(desk, people[0], {"address": there}, OCTOBER)
    made, _counts = desk.check(rows, allowed=frozenset({mine}))
    assert [row.unit_id for row in desk.rows(made, "add")] == [mine]


def test_what_a_person_said_of_a_column_is_remembered(desk):
    made = desk.begin("姓名,公民身份号码,籍贯\n" + line(known(desk)[0]))
    assert desk.found(made).columns[2]["field"] == ""
    columns.choose(desk.site.engine, made, {2: "registered_place"})
    assert dry_run(desk.site, made, allowed=None)["change"] == 1
    with reading(desk.site.engine) as session:
        assert columns.remembered(session, "civil-affairs", "resident") == {
            "籍贯": "registered_place"
        }
        assert columns.remembered(session, "housing", "resident") == {}
    with pytest.raises(EntryError, match="Two columns"):
        columns.choose(desk.site.engine, made, {0: "registered_place"})


def test_columns_are_not_taken_while_it_begins_to_be_recorded(desk):
    """Whoever comes second waits for the first, and is told; nothing is put back that is being recorded."""
    made, _counts = desk.check(HEADER + newcomers(1))
    told = []

    def record():
        try:
            apply(desk.site, made, actor=None, allowed=None)
        except Conflict as error:
            told.append(error)

    other = Thread(target=record)

    class Chosen(dict):
        def items(self):
            other.start()
            other.join(0.5)
            return super().items()

    columns.choose(desk.site.engine, made, Chosen({2: ""}))
    other.join()
    assert len(told) == 1
    assert desk.found(made).state == "uploaded"
    assert desk.newcomers() == 0


def test_what_changed_since_the_dry_run_is_not_overwritten(desk):
    (one,) = known(desk)
    made, _counts = desk.check(HEADER + line(one) + newcomers(1), department="housing")
    say(desk, one, {"registered_place": "星澜市老区"}, OCTOBER.replace(month=11, day=1))
    row = newcomers(1).split(",")
    unit = {UNIT: one.unit_id, "name": row[0], "identity_number": row[1]}
    with writing(desk.site.engine) as session:
        step = Step(subject_id="quicker", values=unit, effective=OCTOBER)
        record_all(session, register_of(desk.site.library, "resident"), [step])
    counts = apply(desk.site, made, actor=None, allowed=None)
    assert counts["meanwhile"] == 2
    assert desk.subject(one.id).document["registered_place"] == "星澜市老区"
    assert sum(p.document["name"] == row[0] for p in desk.people()) == 1


def test_who_cancels_a_dry_run_leaves_nothing(desk):
    made = desk.begin(HEADER + newcomers(3))

    def stop(_done, _all):
        raise Cancelled

    with pytest.raises(Cancelled):
        dry_run(desk.site, made, allowed=None, on_progress=stop)
    assert desk.staged() == 0
    assert desk.found(made).state == "uploaded"
    assert dry_run(desk.site, made, allowed=None)["add"] == 3
    with pytest.raises(Cancelled):
        apply(desk.site, made, actor=None, allowed=None, on_progress=stop)
    assert desk.found(made).state == "checked"


def test_what_is_old_is_forgotten_but_not_that_it_was_imported(desk):
    content = HEADER + newcomers(2) + "x,110000197708060016,,\n"
    made, _counts = desk.check(content)
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.staged() == 1
    assert kept.forget_before(desk.site.engine, clock.now() + timedelta(days=1)) == 1
    assert desk.staged() == 0
    with pytest.raises(Conflict, match="imported already"):
        desk.begin(content)


def test_of_two_that_check_the_later_one_goes_on(desk):
    """The first falls silent, and wakes when the second is done."""
    made = desk.begin(HEADER + newcomers(3))
    done = []

    def wake(_done, _all):
        if not done:
            done.append(1)
            dry_run(desk.site, made, allowed=None)
            raise GivenBack

    with pytest.raises(GivenBack):
        dry_run(desk.site, made, allowed=None, on_progress=wake)
    assert (desk.found(made).state, desk.staged()) == ("checked", 3)
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.newcomers() == 3


def test_what_was_checked_and_is_not_kept_is_not_recorded_as_nothing(desk):
    made, _counts = desk.check(HEADER + newcomers(3))
    kept.drop_rows(desk.site.engine, made)
    with pytest.raises(Conflict, match="check the file again"):
        apply(desk.site, made, actor=None, allowed=None)
    assert (desk.found(made).state, desk.left_behind()) == ("checked", {})


def test_rights_are_asked_again_when_it_is_recorded(desk):
    """Of somebody who has moved meanwhile to where whoever imports may not, and of somebody new there."""
    one = known(desk)[0]
    other = next(p for p in desk.people() if p.unit_id != one.unit_id)
    made, counts = desk.check(HEADER + line(one) + line(other) + newcomers(1))
    assert counts["error"] == 0
    allowed = frozenset({one.unit_id})
    counts = apply(desk.site, made, actor=None, allowed=allowed)
    assert counts["meanwhile"] == 2
    assert desk.newcomers() == 0
    assert desk.subject(one.id).document["registered_place"] == "星澜市新区"
    assert desk.subject(other.id).document == other.document


def test_a_unit_that_does_not_exist_on_the_files_day_is_an_error_of_the_row(desk):
    (one,) = known(desk)
    with writing(desk.site.engine) as session:
        above = parent(session, one.unit_id, OCTOBER)
        later = OCTOBER.replace(month=11, day=1)
        add_unit(session, "new", "grid", {"en": "New", "zh-CN": "新网格"}, above.id, later)
    content = HEADER + line(one) + newcomers(2).replace("湖畔社区", "new", 1)
    made, counts = desk.check(content, as_of=OCTOBER)
    assert (counts["add"], counts["error"]) == (1, 1)
    assert "does not exist on 31 Oct 2026" in desk.rows(made, "error")[0].problems[0][1]
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.newcomers() == 1
    assert desk.check(content + "\n", as_of=later)[1]["error"] == 0


@pytest.mark.parametrize("state", ["checking", "applying", "settling"])
def test_what_was_broken_off_is_put_right_by_the_daily_job(desk, monkeypatch, state):
    content = HEADER + newcomers(3)
    made, _counts = desk.check(content)
    if state == "settling":
        monkeypatch.setattr("runtime.imports.apply.settle", lambda _engine: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            apply(desk.site, made, actor=None, allowed=None)
        monkeypatch.undo()
    else:
        states.to_state(desk.site.engine, made, state, "checked")
    assert put_right(desk.site, desk.found(made).created_at) == 0  # it may be at work
    assert put_right(desk.site, clock.now() + timedelta(days=1)) == 1
    after = {"checking": "uploaded", "applying": "checked", "settling": "applied"}[state]
    assert (desk.found(made).state, desk.left_behind()) == (after, {})
    assert desk.newcomers() == (3 if state == "settling" else 0)
    if state != "settling":
        desk.begin(content)  # the file is not taken for one that was imported


@pytest.mark.databases("sqlite")
def test_one_that_is_taken_in_hand_meanwhile_leaves_the_others_to_be_put_right(desk, monkeypatch):
    both = [desk.check(HEADER + newcomers(n))[0] for n in (1, 2)]
    for made in both:
        states.to_state(desk.site.engine, made, "applying", "checked")
    taken = []

    def take_one(engine, import_id, guard):
        if not taken:
            taken.append(import_id)
            states.take(engine, import_id, "applying", "applying")
        discard(engine, import_id, guard)

    monkeypatch.setattr(ended, "discard", take_one)
    assert put_right(desk.site, clock.now() + timedelta(days=1)) == 1
    after = {made: desk.found(made).state for made in both}
    assert after.pop(taken[0]) == "applying"
    assert list(after.values()) == ["checked"]


def test_no_sample_of_a_file_outlives_it(desk):
    (one,) = known(desk)
    made, _counts = desk.check(HEADER + line(one))
    assert one.document["name"] in desk.found(made).columns[0]["sample"]
    apply(desk.site, made, actor=None, allowed=None)
    assert {column["sample"] for column in desk.found(made).columns} == {""}


def test_who_is_erased_is_no_sample_of_an_open_import(desk):
    (one,) = known(desk)
    made, _counts = desk.check(HEADER + line(one))
    with writing(desk.site.engine) as session:
        register = register_of(desk.site.library, "resident")
        erase_everywhere(session, register, one.id, None, "asked")
    assert {column["sample"] for column in desk.found(made).columns} == {""}


NUMBER = newcomers(1).split(",")[1]
LINKED = {
    "number": f"王连,,{NUMBER},外地,",
    "birthday": "王连,1980-01-01,,外地,",
    "both": f"王连,1980-01-01,{NUMBER},外地,",
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("order", list(permutations(LINKED)))
def test_rows_that_one_row_links_are_of_one_subject_in_any_order(desk, order):
    rows = "\n".join(LINKED[name] + "湖畔社区" for name in order)
    _made, counts = desk.check(f"姓名,出生日期,公民身份号码,户籍地,社区\n{rows}\n")
    assert (counts["add"], counts["same"], counts["error"]) == (1, 2, 0)


@pytest.mark.databases("sqlite")
def test_joined_rows_that_name_different_units_contradict(desk):
    with reading(desk.site.engine) as session:
        grid = session.scalars(select(Unit.code).where(Unit.level == "grid")).first()
    one, other = newcomers(1), newcomers(1).replace("湖畔社区", grid)
    made, counts = desk.check(HEADER + one + other)
    assert (counts["add"], counts["error"]) == (1, 1)
    assert "Row 2 is about the same" in desk.rows(made, "error")[0].problems[0][1]


@pytest.mark.databases("sqlite")
def test_chinese_has_its_own_signs_and_date_words(desk):
    (one,) = known(desk)
    content = HEADER + line(one) + newcomers(1)
    first, second = (desk.check(content)[0] for _ in range(2))
    apply(desk.site, first, actor=None, allowed=None)
    with using("zh-CN"), pytest.raises(Conflict, match=r"2026年\d+月\d+日 \d\d:\d\d"):
        apply(desk.site, second, actor=None, allowed=None)
    row = ImportRow(problems=[[0, "不正确"], [ROW, "整行"]])
    with using("zh-CN"):
        assert reasons_of(row, ["姓名"]) == ["姓名：不正确", "整行"]
    assert reasons_of(row, ["Name"]) == ["Name: 不正确", "整行"]


@pytest.mark.databases("sqlite")
def test_who_has_left_is_told_only_to_who_may_import_where_it_was(desk):
    (one,) = known(desk)
    say(desk, one, {UNIT: None}, OCTOBER)
    others = frozenset({p.unit_id for p in desk.people()} - {one.unit_id})
    content = HEADER + line(one)
    for allowed, told in ((others, "Another unit has or had it"), (None, "has left or ended")):
        made, _counts = desk.check(content, allowed=allowed)
        assert told in desk.rows(made, "error")[0].problems[0][1]


@pytest.mark.databases("sqlite")
def test_a_file_of_which_a_part_is_missing_is_not_checked(desk):
    made = desk.begin(HEADER + newcomers(9_000))
    with writing(desk.site.engine) as session:
        session.execute(delete(ImportPart).where(ImportPart.import_id == made, ImportPart.n == 1))
    with pytest.raises(EntryError, match="did not arrive whole"):
        dry_run(desk.site, made, allowed=None)


def test_a_text_with_a_nul_is_refused_and_what_stands_around_is_shown_without_it(desk):
    (one,) = known(desk)
    name, number = one.document["name"], one.document["identity_number"]
    header = ["姓_x0000_名", "公民身份号码", "户籍_x0000_地", "备_x0000_考", "社区"]
    rows = [
        [name, number, "甲_x0000_市", "一_x0000_二", ""],
        [f"{name}_x0000_", number, "甲市", "", "湖_x0000_畔"],
    ]
    content = workbook([["十_x0000_月名单"], header, *rows])
    made, counts = desk.check(content, name="a.xlsx")
    assert (counts["rows"], counts["error"]) == (2, 2)
    columns = desk.found(made).columns
    assert [c["header"] for c in columns] == ["姓名", "公民身份号码", "户籍地", "备考", "社区"]
    assert columns[3]["sample"] == "一二"
    problems = [column for row in desk.rows(made, "error") for column, _why in row.problems]
    assert problems == [2, 0]  # a unit is found without signs
    assert desk.check("姓名,出生日期,现居住地址\n某甲,1971-01-01,清风路1号\n")[1]["error"] == 1


@pytest.mark.databases("sqlite")
def test_a_shop_of_the_same_name_at_a_like_address_is_another(desk):
    unit = desk.people(1)[0].unit_id
    business = {"register": "business", "department": "market-regulation", "unit_id": unit}
    desk.take("name,address\n福来小吃,清风路3-12号\n", **business)
    _made, counts = desk.check("name,address\n福来小吃,清风路31-2号\n", **business)
    assert counts["add"] == 1
    _made, counts = desk.check("name,address\n福来小吃,清风路 3－12 号\n", **business)
    assert counts["add"] == 0
    _made, counts = desk.check("姓名,出生日期,address\n新某,1971-01-01,清风路312号\n", unit_id=None)
    assert counts["error"] == 1  # that address is nobody's, and says no unit


@pytest.mark.databases("sqlite")
def test_a_community_and_its_heir_of_one_name_are_told_apart_by_the_day(desk):
    with writing(desk.site.engine) as session:
        old = session.scalars(select(Unit).where(Unit.code == "9901010010002")).one()
        above = parent(session, old.id, OCTOBER)
        first = OCTOBER.replace(day=1)
        new = add_unit(session, "9901010010099", "community", old.title, above.id, first).id
        old_id, title = old.id, old.title["zh-CN"]
    heir = Heirs(rest=new)
    succeed(desk.site.engine, old_id, heir, first)
    rows = f"姓名,出生日期,社区\n新某,1971-01-01,{title}\n"
    made, counts = desk.check(rows)
    assert (counts["add"], counts["error"]) == (1, 0)
    assert desk.rows(made, "add")[0].unit_id == new
    made, counts = desk.check(rows, as_of=first - timedelta(days=1))
    (row,) = desk.rows(made, "error")  # on that day it was the old one, which is no more
    assert "does not exist on 1 Oct 2026" in row.problems[0][1]


def test_an_import_is_thrown_away_whole(desk):
    (one,) = known(desk)
    made, _counts = desk.check(HEADER + line(one) + "x,12,,\n")
    throw_away(desk.site.engine, made, None)
    assert desk.found(made) is None
    assert desk.staged() == 0
    with reading(desk.site.engine) as session:
        assert session.scalars(select(ImportPart)).all() == []
        (event,) = audit.events(session, "import", made)
    assert event.action == "import.thrown_away"
    made, _counts = desk.check(HEADER + line(one))  # it was never imported
    apply(desk.site, made, actor=None, allowed=None)
    with pytest.raises(Conflict, match="not thrown away"):
        throw_away(desk.site.engine, made, None)
