"""The public names: pinned, since plugins lean on them, and each told in a docstring."""

import subprocess
import sys

import pytest

from runtime import api, hooks

NAMES = set(
    """
    BASE Cancelled Cell Conflict Decoded DefinitionError Document EntryError ExcelCell FieldType FormDraft
    FormVersion Heading JobKind Judged Library MISSING Move Navigation NotAllowed NotFound NotJson
    OperatorError Options Output Period Placed Plan PluginError Problem Run Session Site Texts WrongInput
    YibiaoError access annotations carried cells check compile_form db decode document drafts dumps
    form_address gettext hookimpl in_all is_valid loads looked_over made_here moved needs needs_user ngettext
    offer_job place problems reading references register_address register_of render say short_name site
    start_job tables texts_of today user value_at values whole_number walk why_locked with_value writes
    writing
    """.split()  # noqa: SIM905 - one line per name would hide them
)


def test_the_names_are_these_and_no_others():
    """A name that goes breaks plugins; one that comes is a promise. Either is meant, or it is a mistake."""
    assert set(api.__all__) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES - {"BASE"}))
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
