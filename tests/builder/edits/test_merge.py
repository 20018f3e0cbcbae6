"""Two people's changes are brought together: nothing is lost, and where they meet both are said."""

from hypothesis import given

from builder.edits.merge import merged
from builder.edits.patch import difference
from runtime.api import dumps
from tests.builder.edits.test_patch import documents

FORM = {
    "properties": {"a": {"title": "A"}, "b": {"title": "B"}},
    "required": ["a"],
    "layout": [{"id": "x", "items": [{"id": "y"}]}, {"id": "z"}],
}


@given(documents, documents)
def test_whoever_changes_alone_has_their_way(base, changed):
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        found = merged(base, mine, theirs)
        assert not found.clashes
        assert dumps(found.document) == dumps(changed)


@given(documents, documents, documents)
def test_each_change_arrives_or_is_said_to_clash(base, mine, theirs):
    found = merged(base, mine, theirs)
    clashing = [clash.mine for clash in found.clashes]
    arrived = [change.path for change in difference(base, found.document)]
    own = [change for change in difference(base, mine) if change not in clashing]
    for change in (*own, *difference(base, theirs)):
        assert change.move or any(_meets(change.path, path) for path in arrived)


def _meets(one, other):
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@given(documents, documents, documents)
def test_who_came_first_makes_no_difference_where_nothing_clashes(base, mine, theirs):
    found, other = merged(base, mine, theirs), merged(base, theirs, mine)
    assert bool(found.clashes) == bool(other.clashes)


def change(**parts):
    return {**FORM, **parts}


def test_changes_of_different_places_all_arrive():
    mine = change(required=["a", "b"], layout=[{"id": "z"}, {"id": "x", "items": [{"id": "y"}]}])
    theirs = change(
        required=["c", "a"],
        layout=[{"id": "x", "title": "T", "items": [{"id": "y"}, {"id": "w"}]}, {"id": "z"}],
    )
    found = merged(FORM, mine, theirs)
    assert not found.clashes
    assert found.document["required"] == ["c", "a", "b"]
    moved = {"id": "x", "title": "T", "items": [{"id": "y"}, {"id": "w"}]}
    assert found.document["layout"] == [{"id": "z"}, moved]


def test_where_two_meet_theirs_stays_and_both_are_said():
    mine = change(properties={"a": {"title": "Mine"}, "b": {"title": "B"}})
    theirs = change(properties={"a": {"title": "Theirs"}, "b": {"title": "New"}})
    found = merged(FORM, mine, theirs)
    assert found.document == theirs
    assert [(c.mine.after, c.theirs.after) for c in found.clashes] == [("Mine", "Theirs")]


def test_what_one_takes_away_the_other_may_not_have_changed():
    base = change(layout=[*FORM["layout"], {"id": "w"}])
    gone = change(layout=[{"id": "z"}, {"id": "w"}])
    inner = change(layout=[{"id": "x", "items": []}, {"id": "z"}, {"id": "w"}])
    moved = change(layout=[{"id": "z"}, {"id": "w"}, {"id": "x", "items": [{"id": "y"}]}])
    for other in (inner, moved):
        assert merged(base, gone, other).clashes
        assert merged(base, other, gone).clashes
