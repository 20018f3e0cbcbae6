"""The public names: pinned, since plugins lean on them, and each told in a docstring."""

import subprocess
import sys

import pytest

from runtime import api, hooks

NAMES = set(
    """
    BASE Burden Cancelled Cell Conflict Decoded DefinitionError Document DraftStep EntryError ExcelCell
    ExcelSheet FieldType FormDraft FormVersion Heading Impact JobKind Judged LANGUAGES Library MISSING Move
    Navigation NotAllowed NotFound NotJson OperatorError Options Output Period Pieces Placed Plan
    PluginError Problem Recognised Run SOURCES Sample Session Site Texts Unit User WrongFormula WrongInput
    YibiaoError access act admission annotations burden burden_line burden_of burden_of_counts burdens
    card_problems carried cells check compile_form current_language db decode document draft_steps drafts
    dumps field_types form_address full_names gettext hookimpl impact_of in_all is_valid judge loads
    looked_over made_here moved name_of names_in needs needs_user ngettext now offer_job others_in
    own_sheets papers place prefilled problems reading recognised references register_address register_of
    render retiring sample say sheet_kind short_name site spelling start_job tables takes texts_of today
    uploads user using value_at values versions_in_force walk whole_number why_locked with_value worst_case
    writes writing
    """.split()  # noqa: SIM905 - one line per name would hide them
)


def test_the_names_are_these_and_no_others():
    """A name that goes breaks plugins; one that comes is a promise. Either is meant, or it is a mistake."""
    assert set(api.__all__) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES - {"BASE", "LANGUAGES"}))
def test_each_says_what_it_is(name):
    assert getattr(api, name).__doc__


def test_every_hook_says_what_it_is_and_which_types_it_takes():
    found = {n: h for n, h in vars(hooks.Specification).items() if n.startswith("yibiao_")}
    assert found
    for name, hook in found.items():
        assert hook.__doc__, name
        assert hook.__annotations__["return"], name


def test_either_may_be_imported_first():
    for first in ("runtime.api", "runtime.app", "runtime.site", "runtime.hooks", "builder.plugin"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", f"import {first}"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_a_form_from_elsewhere_through_the_public_names():
    plan = api.compile_form(
        {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}}}
    )
    assert 'name="/age"' in api.render(plan, {"age": 3})
    decoded = api.decode(plan, {"/age": ["-1"]}, {"age": 3, "kept": True})
    assert decoded.data == {"age": -1, "kept": True}
    assert [p.pointer for p in api.problems(plan, decoded.data)] == ["/age"]
    assert api.annotations(plan, {"age": 1}) != {}
