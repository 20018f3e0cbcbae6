"""`yibiao render` and `yibiao validate`: any schema, no site; each mistake is one clear line."""

import json

import pytest

SCHEMA = {
    "title": "Trees <b>",
    "type": "object",
    "properties": {
        "planted": {"type": "integer", "title": "Planted", "minimum": 0},
        "any": {"title": "Anything"},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}]},
    },
    "required": ["planted"],
}


def test_render_draws_a_page_of_its_own(shell):
    shell.write("trees.json", json.dumps(SCHEMA))
    done = shell("render", "trees.json")
    assert done.returncode == 0
    assert done.stdout.startswith("<!doctype html>")
    assert 'name="/planted"' in done.stdout
    assert "<title>Trees &lt;b&gt;</title>" in done.stdout
    assert not (shell.folder / "instance").exists()


def test_render_says_why_what_is_locked_is_locked(shell):
    shell.write("trees.json", json.dumps(SCHEMA))
    shell.write("data.json", '{"planted": "many", "any": 1, "pair": []}')
    done = shell("render", "trees.json", "--data", "data.json", "--out", "trees.html")
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "/planted: its control could not hold this value and give it back unchanged",
        "/any: the schema allows any value here, so there is no one control for it",
        "1 drawn, 2 locked",
    ]
    assert "many" in (shell.folder / "trees.html").read_text("utf-8")


def test_render_finds_schemas_that_lie_beside_it(shell):
    shell.write("tree.json", '{"type": "object", "properties": {"kind": {"type": "string"}}}')
    shell.write("trees.json", '{"type": "object", "properties": {"oak": {"$ref": "tree.json"}}}')
    assert 'name="/oak/kind"' in shell.good("render", "trees.json")


def test_render_takes_a_schema_of_draft_7_that_does_not_say_so(shell):
    shell.write("old.json", '{"type": "array", "items": [{"type": "string"}]}')
    assert shell("render", "old.json").stderr == "1 drawn, 0 locked\n"


def test_validate(shell):
    shell.write("trees.json", json.dumps(SCHEMA))
    shell.write("good.json", '{"planted": 3}')
    shell.write("bad.json", '{"planted": -1, "pair": [2]}')
    assert shell.good("validate", "trees.json", "good.json") == "Valid.\n"
    done = shell("validate", "trees.json", "bad.json")
    assert done.returncode == 1
    assert done.stderr == ""
    *found, last = done.stdout.splitlines()
    assert [line.split(":")[0] for line in found] == ["/planted", "/pair/0"]
    assert last == "2 problems"


def test_validate_in_chinese(shell):
    shell.write("trees.json", json.dumps(SCHEMA))
    shell.write("good.json", '{"planted": 3}')
    assert (
        shell.good("validate", "trees.json", "good.json", language="zh_CN.UTF-8") == "数据有效。\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{\n  'a': 1}", "bad.json, line 2, column 3: this is not JSON"),
        (
            '{"a": 1,\n "a": 2}',
            "bad.json, line 2, column 2: the key “a” stands twice in one object.",
        ),
        ("[" * 300, "it is nested deeper than 200 levels"),
        ("", "bad.json, line 1, column 1: this is not JSON"),
        ('{"type": "nonsense"}', "This is not a valid JSON Schema"),
        ('{"$ref": "https://nowhere.example/x.json"}', "not known here"),
        ('{"$ref": "gone.json"}', "gone.json"),
        ("3", "A schema is a JSON object, true or false."),
    ],
)
def test_a_schema_that_is_none_is_told(shell, text, said):
    shell.write("bad.json", text)
    done = shell("render", "bad.json")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_no_text_is_told(shell):
    (shell.folder / "bin.json").write_bytes(b"\xff\xfe\x00")
    assert shell.wrong("render", "bin.json") == "bin.json is not a text file in UTF-8."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["render", "gone.json"], "gone.json"),
        (["render", "."], "is a directory"),
        (["render", "trees.json", "--data", "gone.json"], "gone.json"),
        (["render", "trees.json", "--out", "no/such/place.html"], "no/such/place.html"),
        (["validate", "trees.json"], "Missing argument 'DATA'"),
        (["render", "trees.json", "--nonsense"], "--nonsense"),
    ],
)
def test_a_wrong_argument_is_told(shell, arguments, said):
    shell.write("trees.json", "{}")
    assert said in shell.wrong(*arguments)


def test_of_a_choice_the_branch_that_the_data_look_like_is_explained(shell):
    branches = [
        {
            "properties": {"kind": {"const": kind}, "n": {"type": "integer"}},
            "required": ["kind", "n"],
        }
        for kind in ("a", "b")
    ]
    schema = shell.write("choice.json", json.dumps({"type": "object", "oneOf": branches}))
    data = shell.write("data.json", '{"kind": "b", "n": "x"}')
    told = shell("validate", schema, data).stdout
    assert told.splitlines()[0].startswith("/n: [type]")
    assert "choose" not in told
