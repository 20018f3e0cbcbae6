"""The thirteen sheets of the sample city: each is read, and the test says what becomes of it."""

import pytest

from runtime import clock
from runtime.demo.city import build_city
from runtime.demo.sheets.kinds import KINDS
from runtime.demo.sheets.write import write_sheets
from runtime.imports.apply import apply
from runtime.site import initialise, open_site
from tests.imports.conftest import Desk
from tests.rig.city import NOW, settings

pytestmark = pytest.mark.databases("sqlite")

LEFT_OUT = {"序号", "备注", "检查人签字", "残疾人姓名*"}
"""Headers that no field is taken for; the last one only because its likeness is not enough."""


RESIDENTS = 1_200


def built(address):
    with clock.fixed(NOW):
        site = open_site(settings(address, "."))
        initialise(site)
        build_city(site.engine, site.library, RESIDENTS)
        site.close()


@pytest.fixture
def desk(prepared_database, fixed_now, tmp_path):
    """A city with enough people that each sheet has somebody to tell of."""
    site = open_site(settings(prepared_database("city of sheets", built), tmp_path))
    yield Desk(site)
    site.close()


@pytest.fixture
def sheets(desk, tmp_path):
    site, folder = desk.site, tmp_path / "s"
    written = write_sheets(site.engine, site.library, site.field_types, folder)
    return {kind.name: (kind, file) for kind, file in written}


def test_there_are_thirteen_and_they_are_the_same_again(desk, sheets, tmp_path):
    assert len(sheets) == len(KINDS) == 13
    again = write_sheets(desk.site.engine, desk.site.library, desk.site.field_types, tmp_path / "t")
    for kind, file in again:
        if kind.ending != "xlsx":  # a workbook carries the time at which it was written
            assert file.read_bytes() == sheets[kind.name][1].read_bytes()


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_each_kind_is_imported(desk, sheets, name):
    kind, file = sheets[name]
    before = {p.id: p.document for p in desk.people(register=kind.register)}
    chosen = {"残疾人姓名": "name"}
    content = file.read_bytes()
    made, counts = desk.check(
        content, register=kind.register, department=kind.department, name=file.name, chosen=chosen
    )
    columns = desk.found(made).columns
    unmatched = {c["header"] for c in columns if not c["field"]}
    assert unmatched <= LEFT_OUT
    assert counts["conflict"] == 0
    rows = sum(counts[k] for k in ("add", "change", "confirm", "error", "same"))
    assert rows == counts["rows"] > 0, "each sheet has somebody to tell of in this city"
    assert counts["left_out"] >= 1
    wrong = desk.rows(made, "error")
    assert all(row.problems for row in wrong)
    apply(desk.site, made, actor=None, allowed=None)
    after = {p.id: p.document for p in desk.people(register=kind.register)}
    assert len(after) == len(before) + counts["add"]
    for field in kind.made_up or ():
        assert any(field in document for document in after.values()), field
