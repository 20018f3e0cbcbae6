"""Which cells a total is the sum of: relative pointers with `*` turned into the pointers that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from runtime.outputs.tree import Block, Fields, Section, Table, Value, values

_RELATIVE = re.compile(r"(\d+)(/.*)?\Z", re.DOTALL)


def summed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The same blocks, each total naming the drawn cells that it sums."""
    pointers = tuple(dict.fromkeys(value.pointer for value in values(blocks)))
    if not any(value.sums for value in values(blocks)):
        return blocks
    return tuple(_block(block, pointers) for block in blocks)


def summands(pointer: str, total_of: Sequence[str], pointers: Sequence[str]) -> tuple[str, ...]:
    """The pointers that `total_of` of the cell at `pointer` means; `*` only matches those in `pointers`.

    Raises ValueError for what is no relative JSON pointer, or one that leads above the top.
    """
    found: dict[str, None] = {}
    for relative in total_of:
        target = _resolve(pointer, relative)
        found |= dict.fromkeys(_matching(target, pointers) if "*" in target else [target])
    found.pop(pointer, None)
    return tuple(found)


def _resolve(pointer: str, relative: str) -> str:
    match = _RELATIVE.match(relative)
    up = int(match[1]) if match else 0
    parts = pointer.split("/")
    if match is None or up >= len(parts):
        raise ValueError(f"{relative!r} is no relative pointer from {pointer!r}")
    return "/".join(parts[: len(parts) - up]) + (match[2] or "")


def _matching(target: str, pointers: Sequence[str]) -> Iterator[str]:
    parts = ("[^/]*" if part == "*" else re.escape(part) for part in target.split("/"))
    pattern = re.compile("/".join(parts) + r"\Z")
    return (pointer for pointer in pointers if pattern.match(pointer))


def _block(block: Block, pointers: tuple[str, ...]) -> Block:
    if isinstance(block, Section):
        return replace(block, blocks=tuple(_block(b, pointers) for b in block.blocks))
    if isinstance(block, Fields):
        lines = tuple(replace(line, value=_value(line.value, pointers)) for line in block.lines)
        return replace(block, lines=lines)
    if isinstance(block, Table):
        rows = tuple(
            replace(row, values=tuple(v and _value(v, pointers) for v in row.values))
            for row in block.rows
        )
        return replace(block, rows=rows)
    return block


def _value(value: Value, pointers: tuple[str, ...]) -> Value:
    if value.formula:  # each of its names has one place, and two of them may have the same
        return replace(value, sums=tuple(_resolve(value.pointer, r) for r in value.sums))
    return (
        replace(value, sums=summands(value.pointer, value.sums, pointers)) if value.sums else value
    )
