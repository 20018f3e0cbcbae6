"""The JSON Schema test suite through `compile_form`, `problems` and `annotations`.

Required and annotation tests must all pass. Optional and format tests are counted: the number that fails may not
grow beyond what is written here, and the counts stand in the test's output (`-rA`).
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012, SchemaRegistry

from runtime.definitions.compile import compile_form
from runtime.definitions.json import loads
from runtime.definitions.place import place, walk
from runtime.definitions.verdict import annotations, is_valid, problems
from tests.rig.suite import suite_folder

MOST_FAILING = {"optional": 0, "format": 0}
DRAFT = 2020


@cache
def remotes() -> SchemaRegistry:
    """The documents that the suite calls http://localhost:1234/…"""
    folder = suite_folder() / "remotes"
    found = []
    for file in sorted(folder.rglob("*.json")):
        name = file.relative_to(folder).as_posix()
        if name.startswith("draft") and not name.startswith(
            ("draft2020-12", "draft2019-09", "draft7")
        ):
            continue
        resource = Resource.from_contents(loads(file.read_text("utf-8")), DRAFT202012)
        found.append((f"http://localhost:1234/{name}", resource))
    registry: SchemaRegistry = Registry().with_resources(found)
    return registry


def files(below: str) -> list[Path]:
    try:
        return sorted((suite_folder() / below).glob("*.json"))
    except FileNotFoundError:
        return []


def named(path: Path) -> str:
    return path.stem


def answers(file: Path, *, asserts: bool = False) -> Iterator[tuple[str, bool]]:
    """Each test of a file by name, and whether we answer as the suite does."""
    for case in loads(file.read_text("utf-8")):
        plan = compile_form(case["schema"], remotes())
        if asserts:
            plan = msgspec.structs.replace(plan, asserts_format=True)
        for test in case["tests"]:
            found = problems(plan, test["data"])
            assert (not found) == is_valid(plan, test["data"])
            assert all(problem.message for problem in found)
            assert next(walk(place(plan, test["data"]))).pointer == ""
            yield f"{case['description']}: {test['description']}", (not found) == test["valid"]


@pytest.mark.parametrize("file", files("tests/draft2020-12"), ids=named)
def test_required(file):
    wrong = [name for name, right in answers(file) if not right]
    assert not wrong


def test_the_suite_is_there(json_schema_suite):
    assert len(files("tests/draft2020-12")) > 40
    assert len(files("annotations/tests")) > 5


@pytest.mark.parametrize(
    ("kind", "below"),
    [("optional", "tests/draft2020-12/optional"), ("format", "tests/draft2020-12/optional/format")],
)
def test_optional_counts(kind, below, record_property):
    counts: Counter[bool] = Counter()
    wrong = []
    for file in files(below):
        for name, right in answers(file, asserts=kind == "format"):
            counts[right] += 1
            wrong += [] if right else [f"{file.stem}: {name}"]
    record_property("passed", counts[True])
    print(f"{kind}: {counts[True]} of {counts.total()} answered as the suite does")
    assert counts.total() > 100
    assert len(wrong) <= MOST_FAILING[kind], wrong


def applies(compatibility: str) -> bool:
    """Whether a case is for 2020-12: `7`, `<=2019`, `=2020`, several with commas."""
    for part in filter(None, compatibility.split(",")):
        bound = int(part.lstrip("<>="))
        if part.startswith("<="):
            fits = bound >= DRAFT
        elif part.startswith("="):
            fits = bound == DRAFT
        else:
            fits = bound <= DRAFT
        if not fits:
            return False
    return True


@pytest.mark.parametrize("file", files("annotations/tests"), ids=named)
def test_annotations(file):
    for case in loads(file.read_text("utf-8"))["suite"]:
        if not applies(case.get("compatibility", "")):
            continue
        plan = compile_form(case["schema"], remotes())
        for test in case["tests"]:
            found: dict[str, Any] = annotations(plan, test["instance"])
            for wanted in test["assertions"]:
                place_of = found.get(wanted["location"], {})
                assert place_of.get(wanted["keyword"], {}) == wanted["expected"], case[
                    "description"
                ]


@pytest.mark.parametrize("draft", ["draft4", "draft6", "draft7", "draft2019-09"])
def test_schemas_of_older_drafts_are_judged_by_their_own_rules(draft):
    """Not required of us, but forms come from elsewhere: every draft that the suite at hand holds."""
    names = {
        "draft4": "draft-04/schema#",
        "draft6": "draft-06/schema#",
        "draft7": "draft-07/schema#",
    }
    name = "http://json-schema.org/" + names.get(draft, "")
    if draft == "draft2019-09":
        name = "https://json-schema.org/draft/2019-09/schema"
    wrong = []
    for file in files(f"tests/{draft}"):
        if file.stem in ("refRemote", "vocabulary"):
            continue  # remote documents of other drafts
        for case in loads(file.read_text("utf-8")):
            schema = case["schema"]
            if isinstance(schema, dict):
                schema = {"$schema": name, **schema}
            else:
                continue
            plan = compile_form(schema, remotes())
            wrong += [
                f"{file.stem}: {case['description']}: {test['description']}"
                for test in case["tests"]
                if (not problems(plan, test["data"])) != test["valid"]
            ]
    assert not wrong
