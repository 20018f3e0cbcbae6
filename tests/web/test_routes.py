"""Every route as every role: what may be seen is seen, and nothing else."""

import re

import pytest

pytestmark = pytest.mark.databases("sqlite")

ROLES = {
    "chenwei": "staff",
    "linna": "staff",
    "zhouming": "reviewer",
    "sunli": "designer",
    "hejun": "steward",
    "admin": "administrator",
}
OPEN = {"door.sign_in", "door.language", "static", "builder.static"}
"""What anybody may ask for."""
FOR_ALL = {"inbox.home", "account.show", "account.password", "door.sign_out", "jobs.index"}
"""What needs somebody, but no role."""

IMPORTING = {"imports.index", "imports.upload", "imports.show", "imports.check", "imports.apply",
             "imports.errors", "imports.drop"}  # fmt: skip

LOOKING = {"dictionary.index", "dictionary.show", "dictionary.fresh", "dictionary.alike", "dictionary.overview",
           "radar.look"}  # fmt: skip
ADDING = {"dictionary.new", "dictionary.make", "dictionary.begin", "dictionary.found"}

ALLOWED = {
    "staff": {
        "entry.pick", "entry.start", "entry.fill", "entry.save", "entry.check", "entry.draft",
        "entry.settle", "entry.refill", "entry.review", "entry.submit", "entry.attachment",
        "entry.receipt", "entry.download", "entry.why", "entry.list_behind", "entry.now", "registers.index",
        "registers.show", "registers.subject", "correcting.show", "correcting.correct",
        "correcting.confirm", "recording.blank", "recording.record_one", "recording.take_out",
        "moving.show", "moving.move",
        "visit.confirm", "visits.index", "upgrading.show", "upgrading.change",
        "present.show", "several.show", "several.submit",
    },
    "steward": {"proposing.index", "proposing.accept", "proposing.refuse", "proposing.decide", *IMPORTING,
                *LOOKING, *ADDING,
                "dictionary.edit", "dictionary.change", "dictionary.retire", "dictionary.undo", "dictionary.rename",
                "dictionary.merge", "dictionary.merge_codes", "dictionary.carry_again", "dictionary.tell_apart",
                "dictionary.take_in"},
    "reviewer": {
        "entry.fill", "entry.attachment", "entry.receipt", "entry.download", "entry.why",
        "entry.now",
        "worth.show", "worth.count",
    },
    "designer": {"worth.show", "worth.count", *IMPORTING, *LOOKING, *ADDING, "dictionary.begin_drafts"},
    "administrator": {
        "people.index", "people.create", "people.show", "people.grant", "people.revoke",
        "people.state", "people.password", "worth.show", "worth.count", *IMPORTING,
    },
}  # fmt: skip


def routes(app):
    """All but the builder's, which `tests/builder/test_roles.py` walks."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/builder"):
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, method


def address(rule, entry_id):
    values = {"entry_id": entry_id, "ending": "csv", "attachment_id": "x", "filename": "yibiao.css",
              "name": "resident", "subject_id": "x", "user_id": "1", "grant_id": "1", "field_name": "phone",
              "proposal_id": "1", "job_id": "x", "import_id": "x", "folder": "registers", "home": "resident",
              "number": "1"}  # fmt: skip
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: values[found[1]], rule.rule)


def test_a_stranger_gets_nowhere(app, visitor):
    somebody = visitor()
    somebody.get("/sign-in")
    for rule, method in routes(app):
        if rule.endpoint in OPEN:
            continue
        path = address(rule, "x")
        answer = somebody.get(path) if method == "GET" else somebody.post(path)
        assert answer.status_code == 302, (method, path)
        assert answer.location.startswith("/sign-in"), (method, path)


@pytest.mark.parametrize("name", ROLES)
def test_each_role_gets_where_it_may(app, visitor, name):
    entry_id = visitor("chenwei").begin("disabled-persons/residents-monthly").rpartition("/")[2]
    somebody, role = visitor(name), ROLES[name]
    for rule, method in routes(app):
        if rule.endpoint in OPEN | FOR_ALL:
            continue
        path = address(rule, entry_id)
        somebody.get("/account/")
        answer = somebody.get(path) if method == "GET" else somebody.post(path)
        if rule.endpoint in ALLOWED.get(role, ()):
            assert answer.status_code != 403, (role, method, path)
        else:
            assert answer.status_code in (403, 404), (role, method, path)


def test_an_entry_of_another_unit_is_not_there(visitor):
    entry = visitor("chenwei").begin("disabled-persons/residents-monthly")
    other = visitor("linna")  # of one grid of that community only
    for page in (
        "",
        "/review",
        "/receipt",
        "/why",
        "/now",
        "/download/pdf",
        "/behind?cell=/holders/1",
    ):
        assert other.get(entry + page).status_code == 404, page
    assert other.post(entry, {"_do": "save"}).status_code == 404


def test_a_reviewer_reads_and_changes_nothing(visitor):
    entry = visitor("chenwei").begin("disabled-persons/residents-monthly")
    reviewer = visitor("zhouming")
    assert reviewer.get(entry + "/receipt").status_code == 200
    assert reviewer.get(entry).location == entry + "/receipt"
    for step in ("", "/check", "/draft", "/submit", "/settle", "/refill"):
        assert reviewer.post(entry + step).status_code == 403, step


def test_every_post_needs_its_token(app, staff):
    for rule, method in routes(app):
        if method == "POST":
            answer = staff.client.post(address(rule, "x"), data={"x": "y"})
            assert answer.status_code == 400, rule
            assert "Send again" in answer.text


def test_no_page_goes_out_without_its_headers(staff, app):
    for path in ("/", "/account/", "/registers/", "/no-such-page", "/static/yibiao.css"):
        answer = staff.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert staff.get("/").headers["Cache-Control"] == "no-store"


def test_no_template_carries_a_style_or_a_script_of_its_own(app):
    for name in app.jinja_env.list_templates():
        if not name.startswith("builder/"):
            text = app.jinja_env.loader.get_source(app.jinja_env, name)[0]
            assert " style=" not in text, name
            assert not re.search(r"\son\w+=", text), name
            assert not re.search(r"<script(?![^>]*\ssrc=)", text), name
