"""The wheel holds all that the checkout holds, and works where the checkout is not."""

import zipfile
from pathlib import Path

import pytest

from tests.wheel.conftest import PACKAGES, department_wheel

# One worker builds and installs once, whatever the order.
pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]


VENDORED = (
    "htmx.min.js", "htmx.LICENSE.txt", "axe.min.js", "axe.zh-CN.json", "axe.LICENSE.txt",
)  # fmt: skip


def belongs(name: str) -> bool:
    """Whether a tracked file is of use where Yibiao runs, and not only where it is made."""
    path = Path(name)
    return (
        path.parts[0] in PACKAGES
        and "tests" not in path.parts
        and path.suffix != ".md"
        and path.name not in ("package.json", "package-lock.json")
    )


def test_it_holds_every_file_of_the_packages_and_no_other(wheel, sources):
    vendor = {f"runtime/web/static/vendor/{name}" for name in VENDORED}
    wanted = {name for name in sources if belongs(name)} | vendor
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert sorted(wanted - held) == []
    assert sorted(held - wanted) == []


def test_it_runs_from_its_own_environment(installed):
    for package in PACKAGES:
        place = Path(installed.python(f"import {package}; print({package}.__path__[0])"))
        assert place.is_relative_to(installed.folder)


def test_the_command_tells_its_version(installed):
    assert "0.1.0" in installed.yibiao("--version").stdout


def test_a_department_that_comes_as_a_wheel_is_found_and_goes_with_it(installed, tmp_path):
    """Found by its entry point alone: nothing in the site names it."""
    found = (
        "from runtime.plugins import discover, shipped_folder;"
        "print([(r.name, r.problem) for r in discover([shipped_folder()]).reports])"
    )
    files = {"__init__.py": "", "plugin.py": '"""A department with definitions only."""\n'}
    built = department_wheel(tmp_path, "test-department", files)
    assert "test-department" not in installed.python(found)
    installed.pip("install", "--no-deps", "--no-index", str(built))
    try:
        assert "('test-department', '')" in installed.python(found)
    finally:
        installed.pip("uninstall", "--yes", "test-department")
    assert "test-department" not in installed.python(found)
