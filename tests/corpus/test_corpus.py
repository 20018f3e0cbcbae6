"""Schemas that others wrote: each is drawn without a crash, and judged as the validator judges it.

JSON Forms' examples, rjsf's snapshot tests, SchemaStore and the JSON Schema test suite; set-up puts them into
build/corpus and build/suite. How many cells are drawn and how many parts are locked is printed (`-rP`).
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from runtime.cli.schemas import compiled
from runtime.definitions.place import cells, place, walk
from runtime.definitions.plan import Plan
from runtime.definitions.verdict import is_valid, problems
from runtime.entry.decode import decode
from runtime.entry.screen import render
from runtime.errors import DefinitionError
from runtime.fields.base import MISSING
from tests.corpus.leaves import leaves, why_locked
from tests.rig.profiles import FULL_MATRIX

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "build" / "corpus"
pytestmark = pytest.mark.timeout(600)  # whole schema stores are compiled, laid out and drawn
LARGE = 200_000
"""Bytes; larger schemas of a store wait for the whole matrix: three of them take as long as all others."""
GROUPS = ("jsonforms", "rjsf", "check_jsonschema", "validate_pyproject_schema_store")


def forms(group: str) -> Iterator[tuple[str, Any, Any]]:
    if group in ("jsonforms", "rjsf"):
        for form in json.loads((CORPUS / "forms.json").read_text("utf-8")):
            if form["name"].startswith(f"{group}/"):
                yield form["name"], form["schema"], form.get("data", MISSING)
    else:
        files = sorted((CORPUS / group).rglob("*.json"))
        for file in files:
            if FULL_MATRIX or file.stat().st_size < LARGE:
                yield file.name, json.loads(file.read_text("utf-8")), MISSING


LEAST = {"jsonforms": 92, "rjsf": 95, "check_jsonschema": 96, "validate_pyproject_schema_store": 97}
if not FULL_MATRIX:
    LEAST |= {"check_jsonschema": 94, "validate_pyproject_schema_store": 96}
"""Of a hundred leaf cells so many are drawn as controls, source by source."""


@pytest.mark.parametrize("group", GROUPS)
def test_so_many_leaf_cells_are_drawn(group, record_property):
    """What a leaf cell is, and when it is drawn, is said in `leaves`; where the schema names types nearly all are."""
    counts: Counter[str] = Counter()
    for _name, schema, _data in forms(group):
        try:
            plan = compiled(schema)
        except DefinitionError:
            continue
        for leaf in leaves(plan.bundle):
            why = why_locked(plan, leaf)
            counts[("open: " if leaf.open else "") + (why or "drawn")] += 1
    drawn = counts["drawn"] + counts["open: drawn"]
    named = sum(n for why, n in counts.items() if not why.startswith("open"))
    share, of_named = 100 * drawn / counts.total(), 100 * counts["drawn"] / named
    record_property("drawn", f"{share:.1f}")
    print(
        f"{group}: {drawn} of {counts.total()} leaf cells are drawn ({share:.1f} of 100; "
        f"{of_named:.1f} where the schema says what stands there); {dict(counts)}"
    )
    assert share >= LEAST[group]
    assert of_named >= 99


def opened(schema: Any, registry: Any = None) -> Plan:
    """The form, compiled and drawn empty."""
    plan = compiled(schema, registry)
    render(plan, MISSING)
    return plan


def survived(plan: Plan, data: Any) -> tuple[int, int]:
    """How many cells are drawn and parts locked, once all that pages do with a form was done with this one."""
    given = {} if data is MISSING else data
    found = problems(plan, given)
    assert is_valid(plan, given) == (not found)
    render(plan, data, found)
    decode(plan, {}, given)
    placed = place(plan, data)
    drawn = sum(not cell.locked for cell in cells(placed))
    return drawn, sum(bool(part.locked) for part in walk(placed))


@pytest.mark.parametrize("group", GROUPS)
def test_it_is_drawn_and_judged_without_a_crash(group):
    counts = [0, 0, 0, 0]
    refused = []
    for name, schema, data in forms(group):
        try:
            drawn, locked = survived(opened(schema), data)
        except DefinitionError as error:
            refused.append(f"{name}: {error}")
            continue
        counts = [a + b for a, b in zip(counts, (1, drawn, locked, drawn == 0), strict=True)]
    print(
        f"{group}: {counts[0]} schemas, {counts[1]} cells drawn, {counts[2]} parts locked, "
        f"{counts[3]} without any cell; refused: {refused}"
    )
    assert counts[0] > 20
    # What lies elsewhere is never fetched; the refusal names it.
    assert all("is not present in a registry" in reason for reason in refused), refused


def test_every_schema_of_the_suite_is_drawn(json_schema_suite):
    registry = Registry().with_resources(remotes(json_schema_suite / "remotes"))
    counts = [0, 0, 0]
    refused = []
    for file in sorted((json_schema_suite / "tests" / "draft2020-12").rglob("*.json")):
        for case in json.loads(file.read_text("utf-8")):
            data = [test["data"] for test in case["tests"]]
            try:
                plan = opened(case["schema"], registry)
                for instance in data:
                    drawn, locked = survived(plan, instance)
                    counts = [a + b for a, b in zip(counts, (1, drawn, locked), strict=True)]
            except DefinitionError as error:
                refused.append(f"{file.name}, {case['description']}: {error}")
    print(
        f"suite: {counts[0]} instances, {counts[1]} cells drawn, {counts[2]} parts locked; {refused}"
    )
    assert counts[0] > 1_000
    assert not [r for r in refused if "optional" not in r], refused


def remotes(folder: Path) -> Iterator[tuple[str, Resource[Any]]]:
    for file in sorted(folder.rglob("*.json")):
        contents = json.loads(file.read_text("utf-8"))
        address = f"http://localhost:1234/{file.relative_to(folder).as_posix()}"
        yield address, Resource.from_contents(contents, DRAFT202012)
