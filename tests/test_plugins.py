"""One plugin that works, one that refuses, one that crashes: the site goes on, and says which."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from runtime import plugins as door
from runtime.plugins import Plugins, discover

WORKS = """
from runtime.hooks import Navigation, hookimpl

@hookimpl
def yibiao_navigation():
    return [Navigation({"en": "Demo"}, "demo.home")]
"""
REFUSES = 'raise RuntimeError("no licence for this city")\n'
LEAVES = "import sys\nsys.exit('not today')\n"
CRASHES = """
from runtime.hooks import hookimpl

@hookimpl
def yibiao_navigation():
    yield 1 / 0
"""
MISSPELT = """
from runtime.hooks import hookimpl

@hookimpl
def yibiao_navigations():
    return []
"""
MORE = """
from pathlib import Path
from runtime.hooks import hookimpl

@hookimpl
def yibiao_definitions():
    return [Path("more")]
"""


@pytest.fixture
def folder(tmp_path):
    def write(**departments: str) -> Path:
        for name, code in departments.items():
            (tmp_path / name).mkdir()
            (tmp_path / name / "plugin.py").write_text(code)
        return tmp_path

    return write


def found(*folders: Path, **options) -> Plugins:
    return discover(folders, **{"with_entry_points": False, **options})


def reported(plugins: Plugins) -> dict[str, str]:
    return {report.name: report.problem for report in plugins.reports}


def test_one_that_works_answers(folder):
    plugins = found(folder(works=WORKS))
    assert [(name, n.endpoint) for name, n in plugins.ask("yibiao_navigation")] == [
        ("works", "demo.home")
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (REFUSES, "no licence for this city"),
        (LEAVES, "not today"),
        (MISSPELT, "yibiao_navigations"),
    ],
)
def test_one_that_refuses_is_reported_and_left_out(folder, code, said):
    plugins = found(folder(refuses=code, works=WORKS))
    assert said in reported(plugins)["refuses"]
    assert reported(plugins)["works"] == ""
    assert len(list(plugins.ask("yibiao_navigation"))) == 1


def test_one_that_crashes_in_a_hook_is_named_in_the_log_and_passed_over(folder, caplog):
    plugins = found(folder(crashes=CRASHES, works=WORKS))
    assert [name for name, _ in plugins.ask("yibiao_navigation")] == ["works"]
    assert "plugin crashes failed in yibiao_navigation" in caplog.text


def test_a_folder_without_python_gives_what_it_has(tmp_path):
    (tmp_path / "parks_office" / "form_defs").mkdir(parents=True)
    (tmp_path / "parks_office" / "templates").mkdir()
    plugins = found(tmp_path)
    assert [p.name for _, p in plugins.ask("yibiao_definitions")] == ["form_defs"]
    assert [given[0] for _, given in plugins.ask("yibiao_templates")] == ["parks-office"]
    assert list(plugins.ask("yibiao_translations")) == []


def test_a_module_beside_the_folder_s_own_data(folder):
    """Where both answer a hook, both answers count."""
    place = folder(both=MORE)
    (place / "both" / "form_defs").mkdir()
    names = [p.name for _, p in found(place).ask("yibiao_definitions")]
    assert sorted(names) == ["form_defs", "more"]


def test_a_department_may_import_its_own_modules(folder):
    place = folder(split="from yibiao_plugin_split.numbers import ONE\n")
    (place / "split" / "numbers.py").write_text("ONE = 1\n")
    assert reported(found(place)) == {"split": ""}


def test_a_second_plugin_of_one_name_is_reported_with_both(tmp_path, folder):
    first = folder(works=WORKS)
    second = tmp_path / "others"
    (second / "works").mkdir(parents=True)
    plugins = found(first, second)
    (refused,) = [report for report in plugins.reports if report.problem and report.name == "works"]
    assert str(second / "works") in refused.where
    assert str(first / "works") in refused.problem


def test_a_folder_given_twice_is_one(folder):
    place = folder(works=WORKS)
    assert reported(found(place, place)) == {"works": ""}


def test_what_is_left_out_is_not_even_loaded(folder):
    assert reported(found(folder(refuses=REFUSES), leave_out=["refuses"])) == {}


def test_a_folder_that_cannot_be_read_is_reported(tmp_path):
    assert "FileNotFoundError" in reported(found(tmp_path / "gone"))["gone"]


def test_entry_points(monkeypatch, tmp_path):
    (tmp_path / "parks_as_wheel.py").write_text(WORKS)
    (tmp_path / "broken_as_wheel.py").write_text(REFUSES)
    monkeypatch.syspath_prepend(str(tmp_path))
    points = [
        EntryPoint(name, value, door.GROUP)
        for name, value in (
            ("parks", "parks_as_wheel"),
            ("broken", "broken_as_wheel"),
            ("gone", "taken_away.plugin"),
        )
    ]
    monkeypatch.setattr(door, "entry_points", lambda group: points)
    plugins = found(with_entry_points=True)
    assert reported(plugins) == {
        "parks": "",
        "broken": "RuntimeError: no licence for this city",
    }


def test_taking_a_plugin_out_keeps_its_report(folder):
    plugins = found(folder(works=WORKS))
    plugins.leave_out("works", "its field type is there already")
    assert reported(plugins) == {"works": "its field type is there already"}
    assert list(plugins.ask("yibiao_navigation")) == []
