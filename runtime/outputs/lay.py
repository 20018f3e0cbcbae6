"""From a plan placed over an entry to the blocks of a document: sections, fields, tables, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.definitions import plan as plans
from runtime.definitions.place import Placed
from runtime.language import gettext as _
from runtime.language import say
from runtime.outputs.blank import Blank
from runtime.outputs.clean import width as letters
from runtime.outputs.tables import columns_of, cross_table, names_of_rows, rows_table
from runtime.outputs.tree import Block, Fields, Line, Paragraph, Section, Value, Width
from runtime.outputs.values import coded, listed, locked_value, value_of, words_value

DEEPEST = 6
"""HTML has no deeper heading."""

MOST_BOXES, MOST_LETTERS = 12, 120
"""A longer list of choices is not printed as boxes to tick, but with its codes, once at the end."""

ROW_BOXES, ROW_LETTERS = 3, 16
"""The same within a table."""

_FULL = frozenset({"long-text", "attachment", "locked"})
_WIDTHS: dict[str, Width] = {"narrow": "narrow", "wide": "wide", "full": "full"}

Labels = tuple[str, ...]


class Layer:
    """Makes blocks of placed parts; `codes` collects the long lists of choices met on an empty print."""

    def __init__(self, provenance: Mapping[str, Any]) -> None:
        self.provenance = provenance
        self.codes: dict[str, tuple[str, ...]] = {}

    def blocks(
        self, parts: Sequence[Placed], level: int, labels: Labels, columns: int = 2
    ) -> tuple[Block, ...]:
        """The blocks of these parts; fields that follow one another share a grid of `columns` pairs."""
        found: list[Block] = []
        lines: list[Line] = []
        for part in parts:
            if is_line(part):
                lines.append(self.line(part, labels))
                continue
            if lines:
                found.append(Fields(tuple(lines), columns))
                lines = []
            found.extend(self.block(part, level, labels, columns))
        if lines:
            found.append(Fields(tuple(lines), columns))
        return joined_fields(found)

    def block(self, part: Placed, level: int, labels: Labels, columns: int) -> tuple[Block, ...]:
        """The blocks of one part that is more than a field."""
        node = part.node
        if isinstance(node, plans.Columns):
            return self.blocks(part.children, level, labels, max(1, min(node.count, 4)))
        if isinstance(node, plans.Note):
            return (Paragraph(say(node.words.description) or say(node.words.title)),)
        if isinstance(node, plans.CrossTable):
            title = say(node.words.title)
            below = (*labels, title) if title else labels
            return (cross_table(part, below, self.in_table, hint_of(part)),)
        if isinstance(node, plans.Rows):
            return self.rows(part, level, labels)
        if isinstance(node, plans.Choice):
            return self.choice(part, level, labels)
        return self.section(part, part.children, level, labels, columns)

    def section(
        self, part: Placed, children: Sequence[Placed], level: int, labels: Labels, columns: int = 2
    ) -> tuple[Block, ...]:
        """A headed section; a part without title or text of its own is simply its children."""
        title, text = say(part.node.words.title), say(part.node.words.description)
        if not title and not text:
            return self.blocks(children, level, labels, columns)
        below = (*labels, title) if title else labels
        deeper = min(level + 1, DEEPEST) if title else level
        inner = self.blocks(children, deeper, below, columns)
        if not inner and not text:
            return ()
        if len(inner) == 1 and isinstance(inner[0], Section) and inner[0].title == title:
            return inner  # a group under a section of the same name is not headed twice
        return (Section(title, level, inner, text, hint_of(part)),)

    def rows(self, part: Placed, level: int, labels: Labels) -> tuple[Block, ...]:
        """Repeated rows: a table, or headed parts where a row holds more than cells."""
        node = part.node
        assert isinstance(node, plans.Rows)
        title = say(node.words.title)
        below = (*labels, title) if title else labels
        plain = node.named is not None or node.start > 0
        columns = columns_of(node.item, _("Value") if plain else title)
        if columns:
            return (rows_table(part, columns, below, self.in_table, hint_of(part)),)
        inner: list[Block] = []
        for number, child in names_of_rows(part):
            name = f"{say(node.item.words.title) or title} {number}".strip()
            if node.named is not None:
                name = number or _("Row name: ____")
            children = child.children if isinstance(node.item, plans.Group) else [child]
            blocks = self.blocks(children, min(level + 1, DEEPEST), (*below, number))
            inner.append(Section(name, min(level + 1, DEEPEST), blocks))
        return (Section(title, level, tuple(inner), hint=hint_of(part)),) if title else tuple(inner)

    def choice(self, part: Placed, level: int, labels: Labels) -> tuple[Block, ...]:
        """Which branch was picked, and what is in it; all of them on an empty print."""
        node = part.node
        assert isinstance(node, plans.Choice)
        title = say(node.words.title) or _("Choice")
        names = [say(branch.words.title) or branch.key for branch in node.branches]
        picked = [n for n, b in zip(names, node.branches, strict=True) if b.key == part.branch]
        boxes = tuple(names) if isinstance(part, Blank) else ()
        value = words_value(
            f"{part.pointer}#{node.keyword}", "".join(picked), (*labels, title), boxes
        )
        head = Fields((Line(title, value, "full", hint_of(part), required=part.required),))
        if isinstance(part, Blank):
            return (head, *self.branches(part, names, level, labels, title))
        return (head, *self.blocks(part.children, level, (*labels, title)))

    def branches(
        self, part: Blank, names: Sequence[str], level: int, labels: Labels, title: str
    ) -> list[Block]:
        """The branches of a choice on an empty print, each under its name."""
        found: list[Block] = []
        for name, child in zip(names, part.children, strict=True):
            inside = child.children if isinstance(child.node, plans.Group) else [child]
            inside = [part for part in inside if not _is_constant(part)]
            blocks = self.blocks(inside, min(level + 1, DEEPEST), (*labels, title, name))
            if blocks:
                hint = _("if %(name)s is %(value)s", name=title, value=name)
                found.append(Section(name, level, blocks, hint=hint))
        return found

    def line(self, part: Placed, labels: Labels) -> Line:
        """A label with its value."""
        words = part.node.words
        label = say(words.title) or part.pointer.rsplit("/", 1)[-1]
        value = self.show(part, (*labels, label))
        if isinstance(part.node, plans.Cell):
            width = _WIDTHS.get(part.node.width) or ("full" if part.node.field in _FULL else "")
            if isinstance(part, Blank) and sum(map(letters, value.boxes)) > 40:
                width = "full"
        else:
            width = "full"
        return Line(label, value, width, hint_of(part), say(words.help), part.required)

    def show(self, part: Placed, labels: Labels) -> Value:
        """The value of a placed cell or locked part."""
        if not isinstance(part.node, plans.Cell):
            return locked_value(part.pointer, part.value, labels, self.provenance)
        value = value_of(part.node, part.pointer, part.value, labels, self.provenance)
        return self.boxed(part, value, MOST_BOXES, MOST_LETTERS)

    def in_table(self, part: Placed, labels: Labels) -> Value:
        """The same within a table, where there is little room for boxes."""
        if not isinstance(part.node, plans.Cell):
            return self.show(part, labels)
        value = value_of(part.node, part.pointer, part.value, labels, self.provenance)
        return self.boxed(part, value, ROW_BOXES, ROW_LETTERS)

    def boxed(self, part: Placed, value: Value, most: int, room: int) -> Value:
        """A value whose choices are too many to tick has none; they are told at the end."""
        fits = len(value.boxes) <= most and sum(map(letters, value.boxes)) <= room
        if not isinstance(part, Blank) or fits:
            return value
        assert isinstance(part.node, plans.Cell)
        self.codes[say(part.node.words.title)] = coded(part.node)
        return replace(value, boxes=())


def _is_constant(part: Placed) -> bool:
    """Whether a cell can have one value only, as that which tells a branch from the others."""
    node = part.node
    return (
        isinstance(node, plans.Cell) and node.field != "multiple-choice" and len(listed(node)) == 1
    )


def joined_fields(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Fields that follow one another in the same number of columns stand in one grid."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if (
            isinstance(block, Fields)
            and isinstance(before, Fields)
            and block.columns == before.columns
        ):
            found[-1] = replace(before, lines=before.lines + block.lines)
        else:
            found.append(block)
    return tuple(found)


def is_line(part: Placed) -> bool:
    """Whether a part is one label with one value: a cell, or whatever is there but cannot be drawn."""
    return isinstance(part.node, plans.Cell | plans.Locked) or bool(part.locked)


def hint_of(part: Placed) -> str:
    """When the part is to be filled, on an empty print."""
    return part.hint if isinstance(part, Blank) else ""
