"""The page for imports: from the upload to the result, by who may, and seen by nobody else."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import insert, select, update

from runtime.imports import apply as applying
from runtime.imports import prepare
from runtime.imports.read import open_file
from runtime.jobs.run import perform
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import Import, ImportPart, ImportRow
from runtime.storage.job_tables import Job
from runtime.storage.tables import AuditEvent, Grant, Subject, Unit, User
from tests.web.conftest import TOKEN

pytestmark = pytest.mark.databases("sqlite")


def upload(visitor, text, name="people.csv", **more):
    visitor.get("/imports/")
    given = {
        "_csrf_token": TOKEN.search(visitor.page)[1],
        "register": "resident",
        "department": "disabled-persons",
        "file": (io.BytesIO(text.encode() if isinstance(text, str) else text), name),
        **more,
    }
    return visitor.client.post("/imports/", data=given, content_type="multipart/form-data")


def work(app):
    """What a worker would do: the job of the newest import."""
    site = app.extensions["yibiao"]
    with reading(site.engine) as session:
        found = session.scalars(select(Import)).all()[-1]
    return perform(site, found.job_id)


@pytest.fixture
def people(app):
    with reading(app.extensions["yibiao"].engine) as session:
        found = session.scalars(select(Subject).where(Subject.register == "resident"))
        return [p for p in found if p.unit_id and "identity_number" in p.document]


def sheet(people, *more):
    lines = [
        f"{p.document['name']},{p.document['identity_number']},{n + 1}级"
        for n, p in enumerate(people[:2])
    ]
    return "\n".join(["残疾人,公民身份号码,残疾等级", *lines, *more])


def test_from_the_upload_to_the_result(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people, "谁,12,1"))
    assert answer.status_code == 303
    page = designer.get(answer.location)
    assert "残疾人" in page.text
    checked = designer.post(answer.location + "/check", {"column0": "name"}, follow=True)
    assert "waiting" in checked.text
    assert work(app).state == "done"
    told = designer.get(answer.location).text
    assert "Wrong 1" in told
    assert "not a resident identity number" in told
    assert "Record this" in told
    assert "1 wrong row is left out when this is recorded." in told
    changed = designer.get(answer.location + "?kind=change").text
    assert "Grade 1" in changed or "Grade 2" in changed
    designer.post(answer.location + "/apply")
    assert work(app).state == "done"
    assert "Recorded on" in designer.get(answer.location).text
    with reading(app.extensions["yibiao"].engine) as session:
        document = session.get(Subject, people[0].id).document
        read = session.scalars(select(AuditEvent.action).where(AuditEvent.object_kind == "import"))
        assert {"import.read", "register.import"} <= set(read)
    assert document["disability_grade"] == "1"
    again = upload(designer, sheet(people, "谁,12,1"))
    assert again.status_code == 400
    assert "imported already" in again.text
    assert "Sun Li" in again.text


def test_the_wrong_cells_come_back(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people, "谁,12,1"))
    designer.get(answer.location)
    assert designer.get(answer.location + "/errors").status_code == 404
    designer.post(answer.location + "/check")
    work(app)
    got = designer.get(answer.location + "/errors")
    assert "attachment" in got.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(got.data))
    assert "identity number" in book.worksheets[0]["D4"].value


def test_only_who_began_it_sees_it(app, visitor, people):
    answer = upload(visitor("sunli"), sheet(people))
    for name in ("hejun", "admin"):
        other = visitor(name)
        assert other.get(answer.location).status_code == 404
        assert other.get(answer.location + "/errors").status_code == 404
        assert other.post(answer.location + "/apply").status_code == 404
        assert "people.csv" not in other.get("/imports/").text
    assert visitor("chenwei").get("/imports/").status_code == 403


def test_a_department_that_is_not_mine(visitor, people):
    assert upload(visitor("sunli"), sheet(people), department="civil-affairs").status_code == 403
    assert upload(visitor("hejun"), sheet(people), department="civil-affairs").status_code == 303


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        (b"%PDF-1.7", {}, "is not a sheet"),
        (b"", {}, "empty"),
        ("姓名,性别\n", {}, "no row of data below"),
        (b"hello", {"name": "list.xlsx"}, "“list.xlsx” is no Excel file"),
        (b"hello", {"name": "list.XLSX"}, "titles above it may stay"),
        ("姓名,性别\n张三,男", {"as_of": "2030-01-01"}, "day to come"),
        ("姓名,性别\n张三,男", {"as_of": "1899-12-31"}, "before 1900-01-01"),
        ("姓名,性别\n张三,男", {"unit": "nowhere"}, "no unit with the code"),
        ("姓名,性别\n张三,男", {"register": "../x"}, "Choose the register"),
    ],
)
def test_what_is_refused_says_why(visitor, content, more, told):
    answer = upload(visitor("sunli"), content, **more)
    assert answer.status_code == 400
    assert told in answer.text


def test_an_import_that_is_not_checked_is_not_recorded(visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    designer.get(answer.location)
    page = designer.post(answer.location + "/apply", follow=True)
    assert "must be checked" in page.text


def state_of(app, state):
    """What a worker leaves that was killed: the import in that state, its job no longer at it."""
    site = app.extensions["yibiao"]
    with writing(site.engine) as session:
        session.execute(update(Import).values(state=state, job_id=""))


def test_what_was_broken_off_starts_again_with_one_click(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    designer.post(answer.location + "/check", {"column0": "name"}, follow=True)
    assert work(app).state == "done"
    state_of(app, "applying")
    page = designer.get(answer.location)
    assert "nothing of it is recorded" in page.text
    assert "Start again" in page.text
    designer.post(answer.location + "/apply", {}, follow=True)
    assert work(app).state == "done"
    state_of(app, "settling")
    page = designer.get(answer.location)
    assert "Recorded on" in page.text
    assert "everybody sees all of it" in page.text
    designer.post(answer.location + "/apply", {}, follow=True)
    assert work(app).state == "done"
    with reading(app.extensions["yibiao"].engine) as session:
        assert session.scalars(select(Import.state)).all() == ["applied"]


def test_a_check_that_is_started_again_is_the_imports_own(app, visitor, people):
    """So that it is at work, and no second one is begun beside it."""
    site = app.extensions["yibiao"]
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    designer.post(answer.location + "/check")
    with reading(site.engine) as session:
        first = session.scalars(select(Import.job_id)).one()
    designer.post(f"/jobs/{first}/cancel")
    designer.post(f"/jobs/{first}/again")
    designer.post(answer.location + "/check")
    with reading(site.engine) as session:
        second = session.scalars(select(Import.job_id)).one()
        keys = session.scalars(select(Job.key).where(Job.kind == "import.check")).all()
    assert second != first
    assert set(keys) == {None, f"again:{first}"}
    assert len(keys) == 2
    assert work(app).state == "done"


def test_a_check_that_was_cancelled_can_be_begun_anew(app, visitor, people):
    """Its worker died, so nobody put it back."""
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    state_of(app, "checking")
    assert "Check every row" in designer.get(answer.location).text
    designer.post(answer.location + "/check")
    assert work(app).state == "done"
    assert "Record this" in designer.get(answer.location).text


def test_a_second_click_on_check_lets_the_first_go_on(app, visitor, people, monkeypatch):
    """It comes while a worker is at it, as a double click does."""
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    designer.post(answer.location + "/check")
    told = []

    def slowly(*given):
        told.append(designer.post(answer.location + "/check", follow=True).text)
        return open_file(*given)

    monkeypatch.setattr(prepare, "open_file", slowly)
    assert work(app).state == "done"
    assert "is being checked or recorded already" in told[0]
    assert "You may leave this page" in told[0]
    assert "Record this" in designer.get(answer.location).text


def test_what_fails_is_told_and_begun_again_with_one_click(app, visitor, people, monkeypatch):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    designer.get(answer.location)
    for step, module, name, button in (
        ("/check", prepare, "open_file", "Check every row"),
        ("/apply", applying, "switch", "Record this"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, lambda *_a: 1 / 0)
            designer.post(answer.location + step)
            assert work(app).state == "failed"
        told = designer.get(answer.location).text
        assert "a fault in Yibiao itself: ZeroDivisionError" in told
        assert button in told
        designer.post(answer.location + step)
        assert work(app).state == "done"
        assert "a fault in Yibiao" not in designer.get(answer.location).text
    assert "Recorded on" in designer.get(answer.location).text


def test_columns_that_cannot_be_taken_stay_as_chosen(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    posted = {"column0": "name", "column1": "name", "column2": "registered_place"}
    page = designer.post(answer.location + "/check", posted)
    assert page.status_code == 422
    assert "Two columns cannot both be the same field." in page.text
    assert page.text.count('<option value="name" selected>') == 2
    assert '<option value="registered_place" selected>' in page.text


def test_my_imports_are_listed_however_many_others_have(app, visitor, people):
    designer = visitor("sunli")
    upload(designer, sheet(people))
    with writing(app.extensions["yibiao"].engine) as session:
        mine = session.scalars(select(Import)).one()
        given = {c.name: getattr(mine, c.name) for c in Import.__table__.c}
        later = mine.created_at + timedelta(hours=1)
        given |= {"created_by": mine.created_by + 1, "created_at": later}
        session.execute(insert(Import), [{**given, "id": f"other{n}"} for n in range(501)])
    assert "people.csv" in designer.get("/imports/").text


def test_what_is_known_of_another_departments_field_is_not_shown(app, visitor, people):
    """The row says that the name is another one, not which."""
    designer = visitor("sunli")
    one = people[0].document
    assert one["registered_place"]
    text = f"公民身份号码,户籍地,残疾等级\n{one['identity_number']},星澜市别处,1级"
    answer = upload(designer, text)
    designer.post(answer.location + "/check")
    assert work(app).state == "done"
    told = designer.get(answer.location + "?kind=change").text
    assert "星澜市别处" in told
    assert "something else" in told
    assert one["registered_place"] not in told.replace("星澜市别处", "")
    with reading(app.extensions["yibiao"].engine) as session:
        read = select(AuditEvent.details).where(AuditEvent.action == "import.read")
        assert [people[0].id] in [d.get("subjects") for d in session.scalars(read)]


def grant(app, name, role, unit="990101001"):
    """Let a user be that as well, for the street and all below it."""
    with writing(app.extensions["yibiao"].engine) as session:
        who = session.scalars(select(User).where(User.name == name)).one()
        there = session.scalars(select(Unit.id).where(Unit.code == unit)).one()
        session.add(Grant(user_id=who.id, unit_id=there, role=role, department=""))


def test_a_number_is_no_way_to_learn_a_name(app, visitor, people):
    """Who may import and not read is told what the file says; whoever may read is told who it is."""
    designer = visitor("sunli")
    one = people[0].document
    answer = upload(designer, f"公民身份号码,残疾等级\n{one['identity_number']},1级\n")
    designer.post(answer.location + "/check")
    assert work(app).state == "done"
    with reading(app.extensions["yibiao"].engine) as session:
        assert session.scalars(select(ImportRow.label)).all() == [""]
    address = answer.location + "?kind=change"
    told = designer.get(address).text
    assert one["name"] not in told
    assert "Row 2" in told
    grant(app, "sunli", "staff")
    assert one["name"] in designer.get(address).text


def reads(app):
    """What is noted of looks at rows, the oldest first."""
    query = select(AuditEvent.details).where(AuditEvent.action == "import.read")
    with reading(app.extensions["yibiao"].engine) as session:
        return session.scalars(query.order_by(AuditEvent.id)).all()


def test_rows_that_are_not_shown_are_not_noted_as_read(app, visitor, people):
    """While it is recorded the page asks for itself every two seconds, and shows how far it is."""
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    designer.post(answer.location + "/check", {"column0": "name"})
    assert work(app).state == "done"
    designer.post(answer.location + "/apply")
    for _ in range(3):
        told = designer.get(answer.location, headers={"HX-Request": "true"}).text
        assert people[0].document["name"] not in told
    assert reads(app) == []
    assert work(app).state == "done"


def test_whom_the_returned_sheet_tells_of_is_noted(app, visitor, people):
    designer = visitor("sunli")
    number = people[0].document["identity_number"]
    text = f"公民身份号码,户籍地\n{number},外地\n谁,外地\n"
    answer = upload(designer, text, as_of="2020-01-01")
    designer.post(answer.location + "/check")
    assert work(app).state == "done"
    assert designer.get(answer.location + "/errors").status_code == 200
    assert reads(app) == [{"kind": "errors", "subjects": [people[0].id]}]


CASES = "办件编号,申请人姓名,救助项目\nA1,张三,低保\n"


def test_a_file_for_another_register_is_told_once_and_before_any_check(app, visitor):
    designer = visitor("sunli")
    answer = upload(designer, CASES, register="equipment")
    told = designer.get(answer.location).text
    assert told.count("The columns do not say who or what each row is about") == 1
    assert "Wanted: Registration" in told
    assert "/imports/?register=aid" in told
    assert "Check every row" not in told
    assert '<option value="aid" selected>' in designer.get("/imports/?register=aid").text
    designer.get(answer.location)
    designer.post(answer.location + "/check")
    with reading(app.extensions["yibiao"].engine) as session:
        assert session.scalars(select(Import.job_id)).all() == [""]
    designer.post(answer.location + "/check", {"column0": "registration_number"})
    assert work(app).state == "done"


def columns_of(app):
    with reading(app.extensions["yibiao"].engine) as session:
        return session.scalars(select(Import.columns)).all()[-1]


def likely(people):
    return sheet(people).replace("残疾人,", "残疾人姓名*,")


def test_a_likely_column_is_to_be_decided_before_the_check(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, likely(people))
    told = designer.get(answer.location).text
    assert columns_of(app)[0]["offered"] == "name"
    assert (
        '<div class="check"><div class="box"><select id="column0" name="column0" required' in told
    )
    assert "Yes, Name" in told
    page = designer.post(answer.location + "/check", {"column0": ""})
    assert page.status_code == 422
    assert "Say of each marked column" in page.text
    page = designer.post(answer.location + "/check", {"column0": "", "yes": "0"}, follow=True)
    assert "please decide" not in page.text
    assert columns_of(app)[0]["field"] == "name"
    with reading(app.extensions["yibiao"].engine) as session:
        assert session.scalars(select(Import.job_id)).all() == [""]  # not checked by that button
    designer.post(answer.location + "/check", {"column0": "name"})
    assert work(app).state == "done"


def test_that_a_likely_column_is_left_out_is_remembered(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, likely(people))
    designer.get(answer.location)
    designer.post(answer.location + "/check", {"column0": "-"})
    assert work(app).state == "done"
    again = upload(designer, likely(people) + "\n")
    assert "please decide" not in designer.get(again.location).text
    assert columns_of(app)[0]["how"] == "remembered"


def test_the_name_known_under_a_number_is_shown_only_to_who_may_read_it(app, visitor, people):
    designer = visitor("sunli")
    one = people[0].document
    answer = upload(designer, f"公民身份号码,姓名,残疾等级\n{one['identity_number']},欧阳某,1级\n")
    designer.post(answer.location + "/check")
    assert work(app).state == "done"
    address = answer.location + "?kind=conflict"
    told = designer.get(address).text
    assert "called wholly otherwise" in told
    assert "something else" in told
    assert one["name"] not in told
    grant(app, "sunli", "staff")
    assert one["name"] in designer.get(address).text


def test_an_upload_of_which_nothing_is_recorded_is_thrown_away(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    designer.post(answer.location + "/check", {"column0": "name"})
    waiting = designer.post(answer.location + "/throw-away", follow=True).text
    assert "it is not thrown away" in waiting  # its job is at work
    assert "Throw away" not in designer.get("/imports/").text
    assert work(app).state == "done"
    assert visitor("hejun").post(answer.location + "/throw-away").status_code == 404
    assert "Throw away" in designer.get("/imports/").text
    page = designer.post(answer.location + "/throw-away", follow=True)
    assert "The upload is thrown away." in page.text
    assert "people.csv" not in page.text
    with reading(app.extensions["yibiao"].engine) as session:
        for table in (Import, ImportRow, ImportPart):
            assert session.scalars(select(table)).all() == []
        query = select(AuditEvent.actor_id).where(AuditEvent.action == "import.thrown_away")
        assert len(session.scalars(query).all()) == 1


def test_what_is_recorded_is_not_thrown_away(app, visitor, people):
    designer = visitor("sunli")
    answer = upload(designer, sheet(people))
    for step in ("/check", "/apply"):
        designer.post(answer.location + step, {"column0": "name"})
        assert work(app).state == "done"
    page = designer.post(answer.location + "/throw-away", follow=True).text
    assert "it is not thrown away" in page
    assert "people.csv" in page


def test_the_units_in_which_one_may_import_are_offered_by_name(app, visitor, people):
    grant(app, "linna", "designer", "9901010010001")
    page = visitor("linna").get("/imports/").text
    with reading(app.extensions["yibiao"].engine) as session:
        units = {u.code: u.title["en"] for u in session.scalars(select(Unit))}
    listed = set(re.findall(r'<option value="(99[0-9]+)"', page))
    assert "9901010010001" in listed
    assert "990101001" not in listed
    assert f"{units['9901010010001']} (9901010010001)</option>" in page
    designer = visitor("sunli")
    everywhere = set(re.findall(r'<option value="(99[0-9]+)"', designer.get("/imports/").text))
    assert listed < everywhere
    chosen = upload(designer, sheet(people), unit="9901010010001")
    assert chosen.status_code == 303
