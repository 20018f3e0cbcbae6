"""A site is what its hooks answer: field types, outputs and definitions, our own as well as a plugin's."""

import json

import pytest
from sqlalchemy import select

from runtime.built_in import NAME
from runtime.definitions.address import form_address
from runtime.entry import apart, life, versions
from runtime.errors import OperatorError
from runtime.facts import units
from runtime.fields.catalogue import built_in
from runtime.jobs.daily import run_all
from runtime.jobs.registry import work_of
from runtime.settings import from_environment
from runtime.site import initialise, open_site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FormVersion

COLOUR = """
from runtime.api import FieldType, hookimpl


class Colour(FieldType):
    name = {name!r}
    control = "text"

    def claims(self, schema):
        return 90 if schema.get("format") == "demo-colour" else 0

    def carries(self, value, options):
        return isinstance(value, str)


class Postcard:
    name = {output!r}
    media_type = "text/plain"
    title = {{"en": "Postcard"}}

    def write(self, document):
        return document.heading.title.encode()


@hookimpl
def yibiao_field_types():
    return [Colour()]


@hookimpl
def yibiao_outputs():
    return [Postcard()]
"""
FORM = {
    "$schema": "https://yibiao.example/defs/schemas/form.json",
    "title": "Trees",
    "department": "parks",
    "frequency": "monthly",
    "level": ["community"],
    "type": "object",
    "properties": {"planted": {"type": "integer", "title": "Planted"}},
}


@pytest.fixture
def site(tmp_path):
    """`site(folders)` opens one in a home of its own; the same home each time."""
    opened = []

    def open_one(*folders, **environ):
        paths = ":".join(map(str, folders))
        opened.append(
            open_site(
                from_environment(
                    {"YIBIAO_HOME": str(tmp_path / "home"), "YIBIAO_PLUGINS": paths, **environ}
                )
            )
        )
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def department(folder, name, code="", form=None):
    (folder / name / "form_defs" / "forms" / name).mkdir(parents=True)
    if code:
        (folder / name / "plugin.py").write_text(code)
    if form:
        place = folder / name / "form_defs" / "forms" / name
        (place / "trees.json").write_text(json.dumps(form))
        (place / "department.json").write_text(
            json.dumps(
                {
                    "$schema": "https://yibiao.example/defs/schemas/department.json",
                    "title": "Parks",
                    "translations": {"zh-CN": {"title": "园林"}},
                }
            )
        )
    return folder


def left_out(site):
    return {report.name: report.problem for report in site.plugins.reports if report.problem}


def test_what_is_our_own_comes_through_the_door(site):
    found = site()
    assert {t.name for t in found.field_types} == {t.name for t in built_in()}
    assert all(found.field_types.origin(t.name) == NAME for t in found.field_types)
    assert list(found.outputs) == ["pdf", "xlsx", "html", "csv", "json"]
    assert form_address("disabled-persons/residents-monthly") in found.library
    assert left_out(found) == {}


def test_a_plugin_s_field_type_and_output_are_there_in_its_site_only(site, tmp_path):
    folder = department(tmp_path / "a", "paint", COLOUR.format(name="colour", output="postcard"))
    without, with_it, again = site(), site(folder), site()
    assert "colour" in with_it.field_types
    assert "postcard" in with_it.outputs
    for other in (without, again):
        assert "colour" not in other.field_types
        assert "postcard" not in other.outputs


@pytest.mark.parametrize(
    ("name", "output", "said"),
    [("integer", "postcard", "field type “integer”"), ("colour", "pdf", "output format “pdf”")],
)
def test_a_name_that_is_taken_keeps_the_whole_plugin_out(site, tmp_path, name, output, said):
    folder = department(tmp_path / "a", "paint", COLOUR.format(name=name, output=output))
    found = site(folder)
    assert said in left_out(found)["paint"]
    assert f"“{NAME}” brings it" in left_out(found)["paint"]
    assert "colour" not in found.field_types
    assert "postcard" not in found.outputs
    assert found.field_types.origin("integer") == NAME


JOBS = """
from runtime.api import JobKind, hookimpl

@hookimpl
def yibiao_jobs():
    return [JobKind("{kind}", lambda run: {{"by": "the park"}})]
"""


def test_a_plugin_s_kind_of_job_is_known_and_one_that_is_ours_keeps_it_out(site, tmp_path):
    fine, bad = site(department(tmp_path / "a", "trees", JOBS.format(kind="count-trees"))), "daily"
    assert left_out(fine) == {}
    assert work_of("count-trees")(None) == {"by": "the park"}
    found = site(department(tmp_path / "b", "paint", JOBS.format(kind=bad)))
    assert "kind of job “daily”" in left_out(found)["paint"]
    assert work_of("daily") is run_all


def test_a_site_without_any_plugin_of_ours(site):
    found = site(YIBIAO_LEAVE_OUT="builder,veterans-affairs,fire-emergency")
    assert found.navigation == []
    assert all("veterans-affairs" not in a for a in found.library.addresses("form"))


def test_making_it_ready_publishes_what_is_installed_once(site):
    found = site()
    first = initialise(found)
    assert set(first.published) == set(found.library.addresses("form"))
    assert initialise(found) == type(first)()
    assert initialise(site()) == type(first)()
    with reading(found.engine) as session:
        for version in session.scalars(select(FormVersion)):
            assert version.number == 1
            assert versions.plan_of(version).digest == version.digest


def test_a_form_that_changes_becomes_a_second_version(site, tmp_path):
    folder = department(tmp_path / "a", "parks", form=FORM)
    initialise(site(folder))
    (folder / "parks/form_defs/forms/parks/trees.json").write_text(
        json.dumps({**FORM, "title": "Trees and shrubs"})
    )
    found = site(folder)
    assert initialise(found).published == (form_address("parks/trees"),)
    with reading(found.engine) as session:
        assert versions.require_latest(session, form_address("parks/trees")).number == 2


def test_what_people_published_stays_in_force(site, tmp_path):
    folder = department(tmp_path / "a", "parks", form=FORM)
    address = form_address("parks/trees")
    found = site(folder)
    initialise(found)
    own = found.library.with_document(address, {**FORM, "title": "Our trees"})
    with writing(found.engine) as session:
        from runtime.accounts import users

        designer = users.create(session, "sunli", "Sun Li", "a long enough password 7")
    versions.publish_library(found.engine, own, [address], actor=designer.id)
    assert initialise(found) == type(initialise(found))()
    (folder / "parks/form_defs/forms/parks/trees.json").write_text(
        json.dumps({**FORM, "title": "Trees and shrubs"})
    )
    assert initialise(site(folder)).kept == (address,)
    with reading(found.engine) as session:
        assert versions.require_latest(session, address).title == {"en": "Our trees"}


def test_a_form_that_is_taken_away_keeps_its_entries(site, tmp_path, fixed_now):
    from runtime.periods import Period

    folder = department(tmp_path / "a", "parks", form=FORM)
    address, october = form_address("parks/trees"), Period.parse("202610")
    found = site(folder)
    initialise(found)
    with writing(found.engine) as session:
        unit = units.add_unit(session, "9901", "community", {"en": "Lakeside"})
    entry_id = apart.start(found.engine, address, unit.id, october)
    without = site()
    assert initialise(without).retired == (address,)
    assert initialise(without).retired == ()
    with reading(without.engine) as session:
        entry = life.load(session, entry_id)
        assert versions.latest(session, address) is None
        assert life.plan_for(session, entry).words.title == {"en": "Trees"}
    assert initialise(site(folder)).published == (address,)


def test_a_database_that_nobody_can_reach_is_told(site):
    found = site(YIBIAO_DATABASE_URL="mysql://somewhere/else")
    with pytest.raises(OperatorError, match="is not the address of a database"):
        initialise(found)
