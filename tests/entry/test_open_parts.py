"""A choice to be made and a list that waits for a row count like an empty cell, and are drawn so."""

from lxml import html

from runtime.definitions.compile import compile_form
from runtime.definitions.place import place
from runtime.entry.drawn import Sheet
from runtime.entry.screen import Screen


def either(*names):
    """A choice between texts."""
    return {
        "title": "Either",
        "oneOf": [
            {
                "title": name,
                "type": "object",
                "properties": {name: {"type": "string", "title": name}},
                "required": [name],
            }
            for name in names
        ],
    }


ROWS = {"title": "Team", "type": "array", "items": {"type": "string", "title": "Name"}}
PLAN = compile_form(
    {
        "type": "object",
        "properties": {
            "team": ROWS | {"minItems": 2},
            "none": ROWS | {"title": "May be none"},
            "who": either("a", "b"),
            "free": either("c", "d"),
        },
        "required": ["team", "none", "who"],
    }
)


def screen(data, choices=None, like=None):
    return Screen(PLAN, place(PLAN, data, choices), Sheet(), like)


def waiting(shown):
    return [part.label for part in shown.parts if part.state == "ask"]


def test_what_nobody_has_said_is_to_be_asked():
    shown = screen({})
    assert waiting(shown) == ["Team", "May be none", "Either"]
    assert shown.counts() == {"all": 3, "ask": 3, "check": 0, "filled": 0}
    assert shown.first("ask").name == "/team"


def test_a_list_waits_until_it_is_long_enough():
    few = screen({"team": ["x"], "none": []})
    assert waiting(few) == ["Team", "Either"]
    assert waiting(screen({"team": ["x", "y"], "none": []})) == ["Either"]


def test_a_choice_that_is_made_counts_as_filled():
    shown = screen({"team": ["x", "y"], "none": [], "who": {"a": "z"}}, {"/who#oneOf": "0"})
    assert waiting(shown) == []
    assert shown.counts() == {"all": 4, "ask": 0, "check": 0, "filled": 4}


def test_a_free_choice_waits_once_its_place_holds_something():
    assert waiting(screen({"free": {"c": "x"}})) == ["Team", "May be none", "Either", "Either"]


def test_they_are_marked_and_told_in_words():
    page = html.fromstring(str(screen({}).html()))
    lists = page.xpath("//div[@class='rows-part ask']")
    assert [e.get("id") for e in lists] == ["r-c-team", "r-c-none"]
    said = [
        e.text for e in page.xpath("//*[contains(@class, ' ask')]//p[@class[contains(., 'says')]]")
    ]
    assert said == ["to type: at least 2 rows", "to type: at least 1 row", "choose"]


def test_a_choice_that_is_made_is_told_to_the_page():
    before = screen({})
    after = screen({"who": {"a": "z"}}, {"/who#oneOf": "0"})
    changes = after.changes_since(before)
    assert changes.states()["c-who_23_oneOf"][0] == ""
    assert 'id="c-who_23_oneOf-says" hx-swap-oob="true"' in str(after.pieces(changes))
    longer = screen({"team": ["x", "y"]})
    assert "r-c-team" in [region.region for region in longer.changes_since(before).regions]
