"""Plans made by hand, for what needs no definition."""

from runtime.definitions.plan import Cell, Form, Group, Plan, Rows, Words

VISIT = Group(children=(Cell(path=("who",), field="text"), Cell(path=("n",), field="integer")))


def plan(*children, parts=None):
    """A plan of these parts, which nothing judges."""
    return Plan(
        root=Group(children=children),
        words=Words(),
        form=Form(),
        address="test",
        digest=repr((children, parts)),
        bundle=True,
        parts=parts or {},
    )


def cell(*path, **options):
    return Cell(path=path, field=options.pop("field", "text"), **options)


def rows(*path, item=VISIT, **options):
    return Rows(path=path, item=item, **options)
