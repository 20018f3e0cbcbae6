"""My jobs: seen by whoever started them and by their administrators, cancelled, started again, shown as they go."""

import pytest

from runtime.facts import units
from runtime.jobs import store
from runtime.jobs.registry import include
from runtime.jobs.run import perform
from runtime.language import using
from runtime.storage.engine import reading, writing
from runtime.storage.tables import User

pytestmark = pytest.mark.databases("sqlite")
TITLE = {"en": "Import of grades.xlsx", "zh-CN": "导入 grades.xlsx"}


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def started(site):
    """`started(name, unit)`: a job of that user, about that unit."""

    def start(name="chenwei", unit="9901010010001", kind="of-tests"):
        with writing(site.engine) as session:
            actor = session.query(User).filter_by(name=name).one().id if name else None
            unit_id = units.by_code(session, unit).id if unit else None
            return store.start(session, kind, {"x": 1}, actor=actor, title=TITLE, unit_id=unit_id)

    return start


def state(site, job_id):
    with reading(site.engine) as session:
        return store.load(session, job_id).state


def test_one_s_own_job_is_listed_shown_and_told_of_on_every_page(staff, started):
    assert "nothing that goes on" in staff.get("/jobs/").text
    job_id = started()
    page = staff.get("/jobs/").text
    assert "Import of grades.xlsx" in page
    assert "waiting" in page
    assert 'hx-trigger="every 2s"' in page
    assert "1 at work" in staff.get("/").text
    assert "Import of grades.xlsx" in staff.get(f"/jobs/{job_id}").text


def test_a_part_alone_is_given_to_the_page_that_asks_for_it(staff, started):
    job_id = started()
    for path in ("/jobs/", f"/jobs/{job_id}"):
        part = staff.get(path, headers={"HX-Request": "true"}).text
        assert "<html" not in part
        assert "Import of grades.xlsx" in part or "How far it is" in part


def test_an_ended_job_is_asked_for_no_more_and_leads_to_its_result(staff, started, site):
    include("of-tests", lambda run: {"url": "/registers/"})
    job_id = started()
    perform(site, job_id)
    page = staff.get(f"/jobs/{job_id}").text
    assert 'href="/registers/"' in page
    assert "every 2s" not in page
    assert "at work" not in staff.get("/").text


def test_a_result_elsewhere_is_no_link(staff, started, site):
    include("of-tests", lambda run: {"url": "//elsewhere.example/"})
    job_id = started()
    perform(site, job_id)
    assert "elsewhere" not in staff.get(f"/jobs/{job_id}").text


def test_progress_is_shown_while_it_runs(staff, started, site):
    seen = []

    def work(run):
        run.progress(3, 8, "Row 3")
        seen.append(staff.get(f"/jobs/{job_id}").text)

    include("of-tests", work)
    job_id = started()
    perform(site, job_id)
    assert '<progress value="3" max="8"' in seen[0]
    assert "Row 3" in seen[0]


def test_a_waiting_job_is_cancelled_and_started_again(staff, started, site):
    job_id = started()
    staff.get("/jobs/")
    answer = staff.post(f"/jobs/{job_id}/cancel", {"next": "/jobs/"})
    assert answer.location == "/jobs/"
    assert state(site, job_id) == "cancelled"
    staff.get("/jobs/")
    second = staff.post(f"/jobs/{job_id}/again").location.rpartition("/")[2]
    assert second != job_id
    assert state(site, second) == "waiting"
    with reading(site.engine) as session:
        assert store.load(session, second).offered_at
        assert store.load(session, second).arguments == {"x": 1}


def test_what_went_wrong_is_told(staff, started, site):
    job_id = started(kind="of-nobody")
    perform(site, job_id)
    page = staff.get(f"/jobs/{job_id}").text
    assert "Nothing that is installed here does the work “of-nobody”" in page
    assert "Start again" in page


@pytest.mark.parametrize("name", ["linna", "zhouming", "sunli", "hejun"])
def test_somebody_else_s_job_is_not_there(visitor, started, site, name):
    job_id = started()
    other = visitor(name)
    assert "grades.xlsx" not in other.get("/jobs/").text
    assert other.get(f"/jobs/{job_id}").status_code == 404
    for deed in ("cancel", "again"):
        assert other.post(f"/jobs/{job_id}/{deed}").status_code == 404
    assert state(site, job_id) == "waiting"


def test_administrators_see_those_of_their_units_and_of_the_site(visitor, started, site):
    of_unit, of_site, of_none = started(), started(name="", unit=""), started(unit="")
    admin = visitor("admin")
    page = admin.get("/jobs/").text
    assert of_unit in page
    assert of_site in page
    assert of_none not in page
    assert admin.get(f"/jobs/{of_none}").status_code == 404
    admin.get("/jobs/")
    admin.post(f"/jobs/{of_unit}/cancel")
    assert state(site, of_unit) == "cancelled"


def test_an_administrator_of_a_part_sees_only_that_part(visitor, started, site):
    from runtime.accounts import users

    with writing(site.engine) as session:
        made = users.create(session, "gate", "Gate Keeper", "open-the-door-1")
        unit = units.by_code(session, "990101002")
        users.grant(session, made, "administrator", unit.id, "")
    inside, outside, of_site = started(unit="990101002"), started(), started(name="", unit="")
    page = visitor("gate").get("/jobs/").text
    assert inside in page
    assert outside not in page
    assert of_site not in page


def test_in_chinese(visitor, started):
    started()
    staff = visitor("chenwei")
    with using("en"):  # what the request puts in force ends with this block
        page = staff.get("/jobs/", headers={"Accept-Language": "zh-CN"}).text
    assert "导入 grades.xlsx" in page
    assert "我的任务" in page
