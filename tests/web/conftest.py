"""The application over the little city, and browsers without a window that are signed in."""

import re

import pytest

from runtime.app import create_app
from runtime.site import open_site
from tests.rig.city import PASSWORD, prepare, settings
from tests.rig.family import moved_in

TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')


@pytest.fixture
def database(prepared_database):
    """The database of the little city; a module may take `with_family` instead."""
    return prepared_database("city", prepare)


@pytest.fixture
def with_family(prepared_database):
    """The same with the household of `rig.family` in it."""
    return prepared_database("city with a family", moved_in, after=("city", prepare))


@pytest.fixture
def app(database, fixed_now, tmp_path):
    site = open_site(settings(database, tmp_path))
    app = create_app(site=site)
    yield app
    site.close()


class Visitor:
    """A test client that knows how forms are sent: with the token of the page last seen."""

    def __init__(self, app):
        self.client = app.test_client()
        self.page = ""

    def get(self, address, **more):
        answer = self.client.get(address, buffered=True, **more)
        packed = "Content-Encoding" in answer.headers
        if answer.mimetype == "text/html" and not packed and TOKEN.search(answer.text):
            self.page = answer.text
        return answer

    def post(self, address, data=None, *, htmx=False, follow=False):
        found = TOKEN.search(self.page)
        sent = {"_csrf_token": found[1] if found else "", **(data or {})}
        headers = {"HX-Request": "true"} if htmx else {}
        answer = self.client.post(address, data=sent, headers=headers, follow_redirects=follow)
        if answer.mimetype == "text/html" and not htmx and TOKEN.search(answer.text):
            self.page = answer.text
        return answer

    def sign_in(self, name, password=PASSWORD):
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name, "password": password})
        self.get("/account/")
        return answer

    def begin(self, form, period="202610", unit="9901010010001"):
        """The address of the entry of a shipped form, begun if need be."""
        address = f"https://yibiao.example/defs/forms/{form}.json"
        answer = self.post("/entries/", {"form": address, "unit": unit, "period": period})
        assert answer.status_code == 303, answer.text
        self.get(answer.location)
        return answer.location


@pytest.fixture
def visitor(app):
    return lambda name="": signed_in(app, name)


def signed_in(app, name):
    made = Visitor(app)
    if name:
        assert made.sign_in(name).status_code == 302
    return made


@pytest.fixture
def staff(visitor):
    return visitor("chenwei")
