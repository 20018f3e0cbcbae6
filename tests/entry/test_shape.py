from runtime.definitions.plan import (
    Branch,
    Choice,
    Columns,
    CrossTable,
    Group,
    Locked,
    Note,
    Recursion,
    Section,
    Words,
)
from runtime.entry.shape import NOTHING, shape_of
from tests.entry.plans import cell, plan, rows


def at(shape, pointer):
    for token in pointer.split("/")[1:]:
        shape = shape.step(token)
    return shape


def test_cells_are_found_through_everything_that_wraps_them():
    table = CrossTable(
        id="t",
        path=("holders",),
        columns=(),
        rows=(),
        cells=((cell("1", "f"), None), (cell("total", total_of=("1/f",)), None)),
    )
    branch = Branch("0", Words(), Group(children=(cell("c"),)), True)
    shape = shape_of(
        plan(
            Section(id="s", children=(Columns(id="c", children=(cell("g", "a"), Note(id="n"))),)),
            table,
            rows("visits"),
            Choice(path=("one",), keyword="oneOf", branches=(branch,)),
            Locked(path=("rest",), reason="not"),
        )
    )
    for pointer in ("/g/a", "/holders/1/f", "/visits/0/who", "/visits/17/n", "/one/c"):
        assert at(shape, pointer).cell, pointer
    assert at(shape, "/holders/total").total
    for pointer in ("", "/g", "/visits", "/visits/x/who", "/rest", "/rest/deep", "/nowhere"):
        assert not at(shape, pointer).cell, pointer
    assert at(shape, "/nowhere/at/all") is NOTHING


def test_a_part_that_contains_itself_has_no_end():
    person = Group(children=(cell("name"), Recursion(path=("parent",), part="person")))
    shape = shape_of(plan(Recursion(path=("who",), part="person"), parts={"person": person}))
    assert at(shape, "/who" + 50 * "/parent" + "/name").cell
    assert not at(shape, "/who" + 50 * "/parent").cell


def test_a_part_that_is_nothing_but_itself_ends():
    loop = Recursion(part="loop")
    shape = shape_of(plan(Recursion(path=("a",), part="loop"), parts={"loop": loop}))
    assert at(shape, "/a/b") is NOTHING
