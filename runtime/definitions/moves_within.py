"""Names of fields, and codes, replaced within conditions and lists of names. Not for where those stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ONES = ("not", "if", "then", "else")
_LISTS = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Names:
    """Which name of a field becomes which; or of which fields the code `code` becomes `instead`."""

    known: Mapping[str, str]
    fields: frozenset[str] = field(default_factory=frozenset)
    code: str = ""
    instead: str = ""

    def of(self, name: str) -> str:
        """The name from now on."""
        return self.known.get(name, name)

    def value(self, value: Any) -> Any:
        """The code from now on."""
        return self.instead if value == self.code else value


def renamed_list(names: list[Any], told: Names) -> list[Any]:
    """Names of fields, or breakdowns by them, each once."""
    found: list[Any] = []
    for one in (_renamed(name, told) for name in names):
        if one not in found:
            found.append(one)
    return found


def _renamed(one: Any, told: Names) -> Any:
    if isinstance(one, str):
        return told.of(one)
    if isinstance(one, dict) and isinstance(one.get("field"), str):
        return {**one, "field": told.of(one["field"])}
    return one


def renamed_conditions(schema: Any, told: Names) -> Any:
    """A condition on a subject, or a list of such; what both names are asked of is asked of the new one, both."""
    if isinstance(schema, list):
        return [renamed_conditions(part, told) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = dict(schema)
    for key in _ONES:
        if key in schema:
            found[key] = renamed_conditions(schema[key], told)
    for key in _LISTS:
        if isinstance(schema.get(key), list):
            found[key] = renamed_conditions(schema[key], told)
    if isinstance(schema.get("required"), list):
        found["required"] = renamed_list(schema["required"], told)
    if isinstance(schema.get("properties"), dict):
        _properties(found, schema["properties"], told)
    return found


def _properties(found: dict[str, Any], properties: dict[str, Any], told: Names) -> None:
    tests: dict[str, Any] = {}
    twice: list[dict[str, Any]] = []
    for name, asked in properties.items():
        test = _recoded(asked, told) if name in told.fields else asked
        now = told.of(name)
        if now in tests:
            twice.append({"properties": {now: test}})
        else:
            tests[now] = test
    found["properties"] = tests
    if twice:
        found["allOf"] = [*found.get("allOf", ()), *twice]


def _recoded(test: Any, told: Names) -> Any:
    """What is asked of a field's value, in the codes from now on."""
    if isinstance(test, list):
        return [_recoded(part, told) for part in test]
    if not isinstance(test, dict):
        return test
    found = dict(test)
    if "const" in test:
        found["const"] = told.value(test["const"])
    if isinstance(test.get("enum"), list):
        found["enum"] = (
            list(dict.fromkeys(map(told.value, test["enum"]))) if _plain(test) else test["enum"]
        )
    for key in (*_ONES, *_LISTS):
        if key in test:
            found[key] = _recoded(test[key], told)
    return found


def _plain(test: dict[str, Any]) -> bool:
    return all(isinstance(value, str) for value in test["enum"])
