"""What holds for every file of this repository, whoever wrote it."""

import ast
import configparser
import json
import re
import subprocess
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"builder", "form_defs", "plugins", "runtime", "tests"}
ALLOWED = FOLDERS | {
    ".ci", ".editorconfig", ".gitattributes", ".gitignore", "LICENSE", "Makefile", "README.md", "README.zh-CN.md",
    "constraints.txt", "pyproject.toml", "setup.cfg",
}  # fmt: skip

# Written so that they do not find themselves.
REGISTRY = re.compile(
    r"pypi[.]org|python[h]osted|registry[.]npm[j]s|npm[j]s[.]com|deb[.]debian[.]org"
)
SOMEBODYS_FOLDER = r"(?:^|[^\w.])/(?:home/\w+|Users/\w+|root)/"


@cache
def tracked() -> tuple[str, ...]:
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())
    assert len(files) > 10, "this is not a checkout"
    return files


def texts():
    """The name and text of each tracked file that is text."""
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registry():
    """Where packages come from is the business of whoever sets this up, and of their configuration."""
    assert lines_with(REGISTRY) == []


def test_no_file_names_a_folder_of_one_machine():
    """Neither somebody's home nor what lies beside this checkout."""
    beside = ROOT.parent.iterdir() if ROOT.parent != Path("/") else [ROOT]
    folders = [SOMEBODYS_FOLDER, *(rf"{re.escape(str(path))}\b" for path in beside)]
    assert lines_with(re.compile("|".join(folders))) == []


def test_no_code_from_elsewhere_is_tracked():
    vendored = [
        name
        for name in tracked()
        if re.search(r"\.min\.(js|css)$|(^|/)(node_modules|vendor|third_party)/", name)
    ]
    # Minified code gives itself away by its lines, whatever its name.
    minified = [
        name
        for name, text in texts()
        if name.endswith((".js", ".css", ".mjs"))
        and max(map(len, text.splitlines()), default=0) > 1_000
    ]
    assert vendored + minified == []


def test_the_top_level_is_as_agreed():
    assert {name.split("/")[0] for name in tracked()} <= ALLOWED


def test_each_top_level_folder_has_a_readme():
    """From the day on which the repository itself has one."""
    if "README.md" in tracked():
        present = {name.split("/")[0] for name in tracked() if "/" in name} & FOLDERS
        assert {folder for folder in present if f"{folder}/README.md" not in tracked()} == set()


@pytest.mark.parametrize("name", [n for n in tracked() if n.endswith("package-lock.json")])
def test_a_lock_of_npm_has_digests_and_no_addresses(name):
    packages = json.loads((ROOT / name).read_text(encoding="utf-8"))["packages"]
    assert [at for at, package in packages.items() if "resolved" in package] == []
    assert [at for at, package in packages.items() if at and "integrity" not in package] == []


def test_constraints_are_names_and_versions():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9_.-]+==[0-9][\w.]*", line)] == []


def test_each_requirement_is_pinned():
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    names = {_normal(line.partition("==")[0]) for line in pinned}
    options, extras = _setup("options"), _setup("options.extras_require")
    assert _names(options["install_requires"]) | _names(extras["test"]) <= names


COMES_WITH = {"jinja2", "markupsafe", "werkzeug", "jsonschema-specifications"}
"""What Flask and jsonschema are made of."""
ASKED_BY_NAME = {"psycopg", "jsonschema"}
"""A driver that SQLAlchemy loads by the name in the URL; what brings the meta-schemas."""


def test_requirements_are_what_the_code_imports():
    owners = packages_distributions()
    found = {name for module in _imported() for name in owners.get(module, ())}
    imported = {_normal(name) for name in found} - COMES_WITH - {"yibiao"}
    assert _names(_setup("options")["install_requires"]) - ASKED_BY_NAME == imported


def _imported() -> set[str]:
    """The top-level modules that code which ships imports, at once or late."""
    found = set()
    for name in tracked():
        ours = name.startswith(("runtime/", "builder/", "plugins/")) and "/tests/" not in name
        if ours and name.endswith(".py"):
            for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found.add((node.module or "").partition(".")[0])
    return found


def _setup(section: str) -> configparser.SectionProxy:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    return setup[section]


def _names(required: str) -> set[str]:
    return {_normal(re.match(r"[\w.-]+", line)[0]) for line in required.split("\n") if line}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
