"""A register's fields as an import needs them: type, spellings, steward. Not for reading any one file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.definitions.address import register_address
from runtime.definitions.load import Library
from runtime.definitions.texts import texts_of
from runtime.definitions.view import View, strings
from runtime.errors import NotFound
from runtime.facts.timeline import UNIT
from runtime.fields.base import FieldType, Options
from runtime.fields.catalogue import FieldTypes
from runtime.imports.spelling import key
from runtime.language import Texts, say
from runtime.language import gettext as _

UNIT_WORDS = (
    "unit", "unit code", "community", "grid", "street", "所属网格", "网格", "所属社区", "社区", "村社区",
    "所在社区", "所属单位", "单位编码", "机构编码", "网格编号", "网格名称", "街道", "所属街道",
)  # fmt: skip
"""Headers of a column that says where somebody belongs."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a register."""

    name: str
    schema: Mapping[str, Any]
    type: FieldType
    options: Options
    titles: Texts
    steward: str
    words: tuple[str, ...]
    """What a header may call it: titles, synonyms and the code itself, as written."""
    spellings: Mapping[str, Any]
    """Of a code list: compared text -> value."""

    @property
    def title(self) -> str:
        """What it is called, in the language in force."""
        return say(self.titles) or self.name

    def display(self, value: Any) -> str:
        """A value as a person reads it, in the language in force."""
        return "" if value is None else self.type.display(value, self.options)


@dataclass(frozen=True, slots=True)
class FieldsOf:
    """The fields of a register by name, and what else of it an import needs."""

    register: str
    titles: Texts
    fields: Mapping[str, Field]
    identity: tuple[tuple[str, ...], ...]
    label: tuple[str, ...]
    unit_words: frozenset[str] = field(default_factory=lambda: frozenset(map(key, UNIT_WORDS)))

    @property
    def title(self) -> str:
        """What the register is called, in the language in force."""
        return say(self.titles) or self.register

    def title_of(self, name: str) -> str:
        """What a field is called; the unit is one."""
        return _("Unit") if name == UNIT else self.fields[name].title

    def label_of(self, document: Mapping[str, Any]) -> str:
        """How a subject is called."""
        said = (str(document[name]) for name in self.label if document.get(name) is not None)
        return " ".join(said)[:200]


def fields_of(library: Library, types: FieldTypes, register: str) -> FieldsOf:
    """The fields of the register; raises `NotFound` for one that does not exist."""
    address = register_address(register)
    if address not in library:
        raise NotFound(_("There is no register “%(name)s”.", name=register))
    view = View(library, address)
    found: Mapping[str, dict[str, Any]] = view.fields(register) or {}
    stored = library.register(register).get("properties", {})
    made = (_field(types, name, found[name]) for name in stored)
    document = library.register(register)
    return FieldsOf(
        register,
        texts_of(document),
        {one.name: one for one in made if one is not None},
        tuple(tuple(one) for one in document.get("identity", ())),
        tuple(document.get("label", ())),
    )


def _field(types: FieldTypes, name: str, schema: Mapping[str, Any]) -> Field | None:
    kind = types.of(schema)
    if kind is None or kind.control in ("attachment", "computed"):
        return None
    titles = texts_of(schema)
    words = tuple(dict.fromkeys([*titles.values(), *strings(schema.get("synonyms")), name]))
    options = kind.options(schema)
    return Field(
        name,
        schema,
        kind,
        options,
        titles,
        str(schema.get("steward", "")),
        words,
        _spellings(schema) if isinstance(schema.get("oneOf"), list) else {},
    )


def _spellings(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Compared text -> code: code, labels, synonyms, both together, and what only one of the codes can mean."""
    codes = [branch for branch in schema["oneOf"] if isinstance(branch, Mapping)]
    certain: dict[str, Any] = {}
    for branch in codes:
        for word in _sure_words(branch):
            certain.setdefault(key(word), branch["const"])
    guessed: dict[str, set[Any]] = {}
    for branch in codes:
        for word in _short_words(branch):
            guessed.setdefault(key(word), set()).add(branch["const"])
    alone = {word: min(values) for word, values in guessed.items() if len(values) == 1 and word}
    return {**alone, **certain}


def _sure_words(branch: Mapping[str, Any]) -> Iterator[str]:
    code = str(branch["const"])
    labels = [*texts_of(branch).values(), *strings(branch.get("synonyms"))]
    yield code
    yield from labels
    for label in labels:
        yield code + label
        yield label + code


def _short_words(branch: Mapping[str, Any]) -> Iterator[str]:
    """`M` where only one label begins so, `1` for `01`, `残疾军人` for `残疾军人（含…）`, `1级` beside `一级`."""
    code = str(branch["const"])
    if code.isdigit():
        yield str(int(code))
        yield f"{int(code)}级"
    for label in texts_of(branch).values():
        yield label[:1] if label.isascii() else ""
        for sign in "（(":
            yield label.partition(sign)[0]
        yield from re.split(r"[、或]", label.partition("（")[0])
