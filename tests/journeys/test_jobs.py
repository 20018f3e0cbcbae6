"""Somebody watches a job go on, cancels it on the page, and starts it again."""

import threading
from contextvars import copy_context

import pytest

from runtime.app import create_app
from runtime.jobs import store
from runtime.jobs.registry import include
from runtime.jobs.run import perform
from runtime.site import open_site
from runtime.storage.engine import writing
from runtime.storage.tables import User
from tests.journeys.conftest import looks
from tests.journeys.test_pages import check
from tests.rig.city import prepare, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240), pytest.mark.databases("sqlite")]


@pytest.fixture
def site(prepared_database, fixed_now, tmp_path):
    return open_site(settings(prepared_database("city", prepare), tmp_path))


@pytest.fixture
def address(site, serve):
    return serve(create_app(site=site), site.close)


@pytest.fixture
def counting(site):
    """`counting()`: a job of chenwei's that counts on at each `step.set()`, and the thread that runs it."""
    step, threads = threading.Event(), []

    def work(run):
        for n in range(1, 9):
            run.progress(n, 8, f"Row {n}")
            while not step.wait(0.1):
                run.progress(n, 8, f"Row {n}")
            step.clear()

    def start():
        include("of-tests", work)
        with writing(site.engine) as session:
            actor = session.query(User).filter_by(name="chenwei").one().id
            title = {
                "en": "Import of elderly-allowance-october.csv",
                "zh-CN": "导入 elderly-allowance-october.csv",
            }
            job_id = store.start(session, "of-tests", {}, actor=actor, title=title)
        thread = threading.Thread(target=copy_context().run, args=(perform, site, job_id))
        thread.start()
        threads.append(thread)
        return job_id, step

    yield start
    for thread in threads:
        thread.join()


def test_a_job_goes_on_before_one_s_eyes_and_is_cancelled_there(sit_down, counting, axe):
    width, language, theme = looks(3)[0]
    page = sit_down(width=width, language=language, theme=theme)
    job_id, step = counting()
    page.goto(f"/jobs/{job_id}")
    page.get_by_text("Row 1", exact=True).wait_for()
    check(page, axe)
    step.set()
    page.get_by_text("Row 2", exact=True).wait_for()
    page.goto("/jobs/")
    check(page, axe)
    page.locator(f"#cancel-{job_id}").click()
    page.locator(f"#again-{job_id}").wait_for()
    check(page, axe)
    page.set_viewport_size({"width": 360, "height": 800})
    check(page, axe)
    page.set_viewport_size({"width": width, "height": 900})
    page.locator(f"#again-{job_id}").click()
    page.locator("[id^=cancel-]").wait_for()
    assert page.locator("table.jobs tbody tr").count() == 2
