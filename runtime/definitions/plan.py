"""The plan: a form compiled to a frozen tree of plain data, which every output reads. Not for compiling it.

All texts are `Texts` (language tag -> text). Places are JSON pointers; a node's `path` leads from the object
or row that encloses it to its own place, `()` being the same place, so that layout parts (`Section`,
`Columns`) can wrap cells from anywhere below. The tree is in drawing order, the layout already applied.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from runtime.language import Texts

PLAN_FORMAT = 3
"""Raised when a stored plan of an older shape must be compiled anew."""

WhenHidden = Literal["keep", "dropOnSubmit", "dropAtOnce"]
Path = tuple[str, ...]
Op = Literal["count", "sum", "average", "min", "max", "distinct"]


class Condition(msgspec.Struct, frozen=True):
    """Holds when the instance at `at` (a path from the enclosing place) is valid under `schema`.

    `schema` is an absolute URI with fragment within the plan's bundle, or a small schema in place.
    `negate` turns it round (`else`).
    """

    schema: str | dict[str, Any]
    at: Path = ()
    negate: bool = False
    up: int = 0
    """Steps above the enclosing place from which `at` leads on: a row's cell may hang on what is beside the list."""


class Words(msgspec.Struct, frozen=True):
    """What a part says of itself, each in all its languages."""

    title: Texts = {}
    description: Texts = {}
    help: Texts = {}
    unit: Texts = {}


class By(msgspec.Struct, frozen=True):
    """One breakdown: the codes of `field`, or bands of it (`code: [minimum, maximum]`, either may be null)."""

    field: str
    codes: tuple[str, ...]
    bands: dict[str, tuple[int | None, int | None]] = {}


class Rule(msgspec.Struct, frozen=True):
    """An indicator's one rule, self-contained, as this version of the form answers it.

    `op` over the subjects of `register` that match `where` as of the period's last day (`kind` stock), or
    whose `on` date lies in the period (flow). All but `count` are of their `field`. `derive` holds the register's
    derived fields (name -> rule). `definition` is an address.
    """

    definition: str
    op: Op
    register: str
    kind: Literal["stock", "flow"] = "stock"
    field: str = ""
    on: str = ""
    where: dict[str, Any] | bool = True
    by: tuple[By, ...] = ()
    derive: dict[str, dict[str, Any]] = {}


class CellFill(msgspec.Struct, frozen=True):
    """The figure of `Plan.rules[rule]` for these codes of its breakdowns, in their order.

    The member `total` of a breakdown stands for all of it; that of a count or sum has `Cell.total_of` besides.
    """

    rule: str
    codes: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True):
    """A field of the form's subject, or of the row's subject: `register` and `field` name it."""

    register: str
    field: str
    max_age: str = ""
    """An ISO 8601 duration after which what was said of it counts as old; empty: it never grows old."""


class Carry(msgspec.Struct, frozen=True, tag="carry"):
    """What the same unit (and subject) reported for the period before, in the cell `at`; empty: in this one."""

    at: str = ""


class OfUnit(msgspec.Struct, frozen=True, tag="unit"):
    """What is known of the unit that reports, or, in a row of a unit below, of that."""

    what: Literal["title", "code", "level"]


class Below(msgspec.Struct, frozen=True, tag="below"):
    """The sum of what the units directly below reported in the cell `at`; empty: in this one.

    In a row of a unit below it is what that unit reported there.
    """

    at: str = ""


class Ratio(msgspec.Struct, frozen=True, tag="ratio"):
    """One figure divided by another, both `Plan.figures`; `percent`: by its hundredth."""

    parts: tuple[str, str]
    percent: bool = False


class Worked(msgspec.Struct, frozen=True, tag="worked"):
    """A formula over figures, `Plan.figures` by the names that it gives them."""

    text: str
    parts: dict[str, str] = {}


class Formula(msgspec.Struct, frozen=True, tag="formula"):
    """A formula over other cells of the form: Relative JSON Pointers by the names that it gives them."""

    text: str
    parts: dict[str, str] = {}


Own = Carry | OfUnit | Below | Ratio | Worked | Formula


class Part(msgspec.Struct, frozen=True):
    """A figure that others are worked out from: one that is counted, or one that is worked out itself."""

    fill: CellFill | None = None
    own: Ratio | Worked | None = None
    digits: int = 0


class ListRule(msgspec.Struct, frozen=True):
    """Rows filled with the subjects of `register` that match `where`, ordered by fields; one row each.

    With `on` only those whose date of that name lies in the period.
    """

    register: str
    where: dict[str, Any] | bool = True
    order: tuple[str, ...] = ()
    derive: dict[str, dict[str, Any]] = {}
    on: str = ""


class Node(msgspec.Struct, frozen=True, tag_field="node", kw_only=True):
    """A part of the plan."""

    path: Path = ()
    words: Words = Words()
    when: tuple[Condition, ...] = ()
    """All must hold for the part to be there; each is read from the enclosing place."""
    when_hidden: WhenHidden = "dropOnSubmit"
    required: bool = False
    required_when: tuple[Condition, ...] = ()


class Cell(Node, frozen=True, tag="cell", kw_only=True):
    """One place that holds one value."""

    field: str
    """Name of the field type."""
    options: dict[str, Any] = {}
    read_only: bool = False
    width: str = ""
    """`""`, `narrow`, `wide` or `full`."""
    definition: str = ""
    """Address with pointer of the dictionary's field or indicator, where it refers to one."""
    fill: CellFill | None = None
    fact: Fact | None = None
    source: str = ""
    """Name of the program (`yibiao_sources`) that is asked where no rule knows the value."""
    own: Own | None = None
    """Filled in a way of its own: neither from an indicator nor from a subject."""
    total_of: tuple[str, ...] = ()
    """Relative JSON pointers (`1/female`; `*` for every row) of the cells that this one is the sum of."""

    @property
    def computed(self) -> bool:
        """Whether the form works it out from its other cells, after each change."""
        return bool(self.total_of) or isinstance(self.own, Formula)

    @property
    def expected(self) -> bool:
        """Whether somebody should type it where nothing is known; a ratio of nothing stays empty."""
        from_elsewhere = self.fill is not None or bool(self.source)
        return from_elsewhere or isinstance(self.own, Carry | OfUnit | Below)


class Group(Node, frozen=True, tag="group", kw_only=True):
    """An object: drawn as a fieldset with its parts."""

    children: tuple[AnyNode, ...] = ()
    elements: bool = False
    """An array instead, each place of which has a part of its own: its path is the element's number."""
    nullable: bool = False
    """Null is allowed in its place, and drawn as an empty group."""
    others: str = ""
    """Keyword that allows members which are not drawn; `""` when none does."""


class Wanted(msgspec.Struct, frozen=True):
    """Of a list so many elements at least, and at most, must be valid under `schema` (`contains`)."""

    schema: str | dict[str, Any]
    what: Texts
    """What these elements are; empty where that is not simply said."""
    minimum: int = 1
    maximum: int | None = None


class Named(msgspec.Struct, frozen=True):
    """Which members of an object are rows: those that nobody declared and whose name `pattern` (a regex) fits."""

    slot: str
    """Tells these rows from others at the same place: where a new name is typed is posted as pointer, `#`, and this."""
    pattern: str = ""
    """Empty: all names are fine that fit none of `but`."""
    but: tuple[str, ...] = ()
    """The patterns of the other rows at this place."""
    declared: tuple[str, ...] = ()
    """The members that are drawn by themselves."""
    rules: tuple[Condition, ...] = ()
    """What a name must be besides."""
    names: tuple[str, ...] = ()
    """All names that there may be, where they are listed."""
    wanted: str = ""
    """The pattern of `rules`, to be told."""


class Rows(Node, frozen=True, tag="rows", kw_only=True):
    """An array: `item` is drawn once per element (its own path is `()`)."""

    item: AnyNode
    start: int = 0
    """The elements before have parts of their own."""
    named: Named | None = None
    """An object instead, whose members are the rows: people type their names."""
    wanted: tuple[Wanted, ...] = ()
    minimum: int = 0
    maximum: int | None = None
    read_only: bool = False
    nullable: bool = False
    fill: ListRule | None = None
    below: bool = False
    """A row for each unit directly below."""
    carry: Carry | None = None
    """The values that were reported for the period before."""


class Branch(msgspec.Struct, frozen=True):
    """One alternative of a choice; `key` is its index as a string."""

    key: str
    words: Words
    node: AnyNode
    schema: str | dict[str, Any]
    types: tuple[str, ...] = ()
    """The types of its values, as far as the schema says."""


class Choice(Node, frozen=True, tag="choice", kw_only=True):
    """`oneOf`/`anyOf` of objects (or of types): the entry remembers which branch a person picked.

    The memory's key in `choices` is the pointer of the choice's place, `#`, and `keyword`.
    """

    keyword: str
    branches: tuple[Branch, ...] = ()
    by_type: bool = False
    """No type is of two branches: what stands there tells which it is, where nobody has picked one yet."""


class Recursion(Node, frozen=True, tag="recursion", kw_only=True):
    """A part that contains itself: `Plan.parts[part]`, opened level by level."""

    part: str


class Locked(Node, frozen=True, tag="locked", kw_only=True):
    """Validated like all the rest, but not drawn as a control; `reason` is the keyword that prevents it."""

    reason: str


class Section(Node, frozen=True, tag="section", kw_only=True):
    """A headed part of the sheet; `id` is the layout item's."""

    id: str
    children: tuple[AnyNode, ...] = ()


class Columns(Node, frozen=True, tag="columns", kw_only=True):
    """Parts side by side in `count` columns, where there is room."""

    id: str
    count: int = 2
    children: tuple[AnyNode, ...] = ()


class Note(Node, frozen=True, tag="note", kw_only=True):
    """Fixed text (`words.description`) between the cells."""

    id: str


class Header(msgspec.Struct, frozen=True):
    """A heading of a cross-table; those with children are merged over them."""

    title: Texts
    children: tuple[Header, ...] = ()
    total: bool = False


class CrossTable(Node, frozen=True, tag="crossTable", kw_only=True):
    """A table with merged headers: `cells[r][c]` for each leaf of `rows` and `columns`; None stays blank."""

    id: str
    columns: tuple[Header, ...]
    rows: tuple[Header, ...]
    cells: tuple[tuple[Cell | None, ...], ...]
    corner: Texts = {}
    covered: tuple[Path, ...] = ()
    """Totals of its indicator that the sheet has no line for: neither drawn nor worked out."""


AnyNode = Cell | Group | Rows | Choice | Recursion | Locked | Section | Columns | Note | CrossTable


class Form(msgspec.Struct, frozen=True):
    """What a form says of itself; all empty for a schema from elsewhere."""

    number: str = ""
    department: str = ""
    frequency: str = ""
    """`monthly`, `quarterly`, … as in `runtime.periods`; empty: not periodic."""
    levels: tuple[str, ...] = ()
    due: dict[str, int] = {}
    """Days after the period's end: `{"days": 5}`."""
    subject: str = ""
    """The register whose subject the form is about, by its short name."""
    derive: dict[str, dict[str, Any]] = {}
    """The derived fields of that register (name -> rule), for the cells that show them."""
    outputs: dict[str, Any] = {}
    legal_basis: Texts = {}
    """The law or rule by which it may be asked."""
    contact: Texts = {}
    """Who answers for it."""
    expires: str = ""
    """The last day (ISO) for which it is asked; empty: there is none."""
    burden: dict[str, Any] = {}
    """What its department says that filling it costs: `{"secondsPerCell": 20}`."""


class Plan(msgspec.Struct, frozen=True):
    """A compiled form."""

    root: AnyNode
    words: Words
    form: Form
    address: str
    digest: str
    """SHA-256 (hex) of the canonical bundle."""
    bundle: dict[str, Any] | bool
    """One JSON Schema document with all it refers to: what validators check against."""
    rules: dict[str, Rule] = {}
    figures: dict[str, Part] = {}
    """What ratios and formulas over indicators are worked out from, by reference."""
    parts: dict[str, AnyNode] = {}
    resources: dict[str, Any] = {}
    """Further documents that the bundle refers to, by address: meta-schemas, schemas from elsewhere."""
    asserts_format: bool = False
    """Formats are asserted in our dialect; in plain 2020-12 they only annotate."""
    format: int = PLAN_FORMAT
