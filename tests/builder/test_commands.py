"""`yibiao form`: out and in again is the same, and what differs is said."""

import json
import zipfile
from pathlib import Path

import pytest

from builder.exchange.sheets import read_sheets, write_sheets
from tests.builder.exchange.field import FORMS
from tests.cli.conftest import Shell, shell_after
from tests.corpus.test_corpus import CORPUS
from tests.rig.suite import suite_folder

pytestmark = pytest.mark.databases("sqlite")
ID = "disabled-persons/residents-monthly"
OLD = Path(__file__).parent / "exchange" / "old.xls"
OWN = ("--department", "disabled-persons")


@pytest.fixture
def shell(tmp_path) -> Shell:
    """`yibiao` in a folder where `yibiao init` was run."""
    return shell_after(tmp_path, "init")


def test_a_form_goes_out_and_comes_in_again_unchanged(shell):
    text = shell.good("form", "export", ID)
    assert json.loads(text)["number"] == "DPF-07"
    told = shell.good("form", "import", shell.write("residents-monthly.json", text))
    assert told.split()[-1] == ID
    assert shell.good("form", "export", f"{ID}@draft") == text
    assert shell.good("form", "diff", ID, f"{ID}@draft") == ""


def test_several_forms_travel_as_a_set(shell):
    other = "civil-affairs/low-income-monthly"
    shell.good("form", "export", ID, other, "--out", "forms.zip")
    with zipfile.ZipFile(shell.folder / "forms.zip") as made:
        assert made.namelist()[:2] == [f"forms/{ID}.json", f"forms/{other}.json"]
        assert "dictionary/resident.json" in made.namelist()
        assert "code-lists/sex.json" in made.namelist()
    told = shell.good("form", "import", "forms.zip").splitlines()
    assert [line.split()[-1] for line in told if "drawn" in line] == [ID, other]


def test_what_differs_is_said_and_is_the_status(shell):
    form = json.loads(shell.good("form", "export", ID))
    file = shell.write("mine.json", json.dumps({**form, "frequency": "weekly", "required": []}))
    done = shell("form", "diff", ID, file)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "changed how often from “monthly” to “weekly”",
        "made “Certificate holders by grade, age and sex” optional",
        "made “Services this month” optional",
    ]
    assert "改为选填" in shell("form", "diff", ID, file, language="zh_CN.UTF-8").stdout


def test_any_json_schema_comes_in_and_what_is_locked_is_said(shell):
    schema = {"properties": {"a": {"type": "string"}, "b": {"not": {"type": "string"}}}}
    told = shell.good("form", "import", shell.write("Any Form.json", json.dumps(schema)), *OWN)
    assert told.split()[-1] == "disabled-persons/any-form"
    assert "/b: “not” says what is forbidden, not what to type" in told
    assert "1 cell is drawn, 1 is kept but locked" in told


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("export", "disabled-persons/none"), "There is no form disabled-persons/none."),
        (("export", f"{ID}@7"), "There is no form"),
        (("export", ID, ID), "Name one form, or several and a file .zip with --out."),
        (("export", ID, f"{ID}@1", "--out", "x.zip"), "A set holds each form once"),
        (("diff", ID, "half.json"), "half.json is no JSON object."),
        (("import", "half.json"), "Say whose form half.json is with --department: one of"),
        (("import", "half.json", *OWN, "--name", "No Way"), "A form's name has small letters"),
        (("import", "latin.json", *OWN), "latin.json is not text in UTF-8."),
        (("import", "none.json"), "does not exist"),
    ],
)  # fmt: skip
def test_wrong_input_names_the_thing(shell, command, says):
    shell.write("half.json", "{")
    (shell.folder / "latin.json").write_bytes(b"\xff{}")
    assert says in shell.wrong("form", *command)


def test_a_draft_is_not_written_over(shell):
    file = shell.write("x.json", "{}")
    shell.good("form", "import", file, *OWN)
    assert "has a draft already" in shell.wrong("form", "import", file, *OWN)


def test_of_a_set_all_comes_in_or_nothing(shell):
    shell.good("form", "import", shell.write("b.json", "{}"), *OWN)
    with zipfile.ZipFile(shell.folder / "set.zip", "w") as made:
        for name in ("a.json", "b.json"):
            made.writestr(name, "{}")
    assert "b has a draft already" in shell.wrong("form", "import", "set.zip", *OWN)
    assert "There is no form" in shell.wrong("form", "export", "disabled-persons/a@draft")
    assert "--name is for one form" in shell.wrong("form", "import", "set.zip", *OWN, "--name", "c")
    with zipfile.ZipFile(shell.folder / "twice.zip", "w") as made:
        for name in ("x/a.json", "y/a.json"):
            made.writestr(name, "{}")
    assert "Two of them would be" in shell.wrong("form", "import", "twice.zip", *OWN)


def test_schemas_of_others_come_out_as_they_came_in(shell):
    texts = dict(_schemas())
    assert len(texts) > 400
    with zipfile.ZipFile(shell.folder / "all.zip", "w") as made:
        for name, text in texts.items():
            made.writestr(f"{name}.json", text)
    shell.good("form", "import", "all.zip", *OWN)
    names = [f"disabled-persons/{name}@draft" for name in texts]
    shell.good("form", "export", *names, "--out", "again.zip")
    with zipfile.ZipFile(shell.folder / "again.zip") as made:
        out = [made.read(f"forms/disabled-persons/{name}.json").decode() for name in texts]
    assert out == list(texts.values())


def _schemas():
    """Each schema of the suites that lie beside the checkout, as a text."""
    for form in json.loads((CORPUS / "forms.json").read_text("utf-8")):
        yield _name(form["name"]), json.dumps(form["schema"], ensure_ascii=False, indent=1)
    for file in sorted((suite_folder() / "tests" / "draft2020-12").glob("*.json")):
        for n, group in enumerate(json.loads(file.read_text("utf-8"))):
            yield f"{_name(file.stem)}-{n}", json.dumps(group["schema"])


def _name(text):
    return "-".join(
        "".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split()
    )


def test_an_xlsform_comes_in_and_goes_out_on_the_command_line(shell):
    (shell.folder / "Visit.xlsx").write_bytes(write_sheets(FORMS["household-visit"]))
    told = shell.good("form", "import", "Visit.xlsx", *OWN)
    assert told.split()[-1] == "disabled-persons/household-visit"
    assert "kept but locked  survey, row 2: the device notes it" in told
    assert "mapped  survey, row 6: text name" in told
    assert "16 rows are mapped, 2 mapped with loss, 4 kept but locked: " in told
    told = shell.good("form", "export", f"{told.split()[-1]}@draft", "--out", "again.xlsx")
    assert "mapped  survey, row 6" in told
    content = (shell.folder / "again.xlsx").read_bytes()
    assert read_sheets("again.xlsx", content) == FORMS["household-visit"]


def test_our_own_form_goes_out_as_an_xlsform(shell):
    told = shell.good("form", "export", ID, "--out", "form.xlsx")
    assert "mapped with loss" in told
    sheets = read_sheets("form.xlsx", (shell.folder / "form.xlsx").read_bytes())
    assert list(sheets) == ["survey", "settings"]
    assert ".xlsx" in shell.wrong("form", "export", ID, "--out", "form.xls")


def test_an_old_workbook_is_read(shell):
    told = shell.good("form", "import", OLD, *OWN, "--name", "old")
    assert told.split()[-1] == "disabled-persons/old"
    assert "mapped  survey, row 2: text name" in told
    (shell.folder / "sheet.xlsx").write_bytes(write_sheets({"Sheet1": [["Name"], ["Li"]]}))
    assert "without a sheet “survey”" in shell.wrong("form", "import", "sheet.xlsx", *OWN)
