"""The validators of a plan, by jsonschema-rs, made once per plan. Not for wording what they find."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cached_property
from typing import Any

import jsonschema_rs

from runtime.definitions import dialect
from runtime.definitions.address import SCHEMAS
from runtime.definitions.plan import Condition, Plan
from runtime.definitions.resolve import ROOT, draft_of, embedded, is_standard
from runtime.fields.base import MISSING
from runtime.fields.formats import FORMATS

STANDARD = dialect.STANDARD
_MOST_PLANS = 512
_CLASSES = {
    jsonschema_rs.Draft4: jsonschema_rs.Draft4Validator,
    jsonschema_rs.Draft6: jsonschema_rs.Draft6Validator,
    jsonschema_rs.Draft7: jsonschema_rs.Draft7Validator,
    jsonschema_rs.Draft201909: jsonschema_rs.Draft201909Validator,
    jsonschema_rs.Draft202012: jsonschema_rs.Draft202012Validator,
}


class Judge:
    """Validators of one plan: of the whole and of its conditions."""

    def __init__(self, plan: Plan) -> None:
        self._asserts = plan.asserts_format
        self._draft = draft_of(plan.bundle)[0]
        self._root = _standard(plan.bundle)
        self._address = plan.address
        self._resources = [(a, _standard(d)) for a, d in plan.resources.items()]
        self.whole = self._validator(self._root, self._registry if self._resources else None)
        self._conditions: dict[Any, Any] = {}
        self._bundle = plan.bundle

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        """All documents by address, the root among them: others may refer back to it."""
        root = [] if isinstance(self._root, bool) else [(self._address or ROOT, self._root)]
        return jsonschema_rs.Registry([*root, *self._resources])

    @cached_property
    def homes(self) -> dict[str, str]:
        """Where each document stands within the bundle: address -> JSON pointer."""
        return embedded(self._bundle, self._address)

    def holds(self, condition: Condition, instance: Any) -> bool:
        """Whether the instance at the condition's place meets it."""
        schema = condition.schema
        key = schema if isinstance(schema, str) else id(schema)
        found = self._conditions.get(key)
        try:
            if found is None:
                found = self._conditions[key] = (self._condition(schema), condition)
            valid: bool = found[0].is_valid(instance)
        except (
            ValueError
        ):  # data nested too deep, or a relative reference that leads nowhere from here
            return False
        return valid is not condition.negate

    def _condition(self, schema: str | dict[str, Any]) -> Any:
        if isinstance(schema, dict) and "allOf" not in schema:
            return self._validator(schema, None)
        asked = {"$ref": schema} if isinstance(schema, str) else schema
        return self._validator(asked, self._registry)

    def _validator(self, schema: Any, registry: jsonschema_rs.Registry | None) -> Any:
        named = schema.get("$schema") if isinstance(schema, dict) else None
        make: Any = _CLASSES[self._draft]
        if isinstance(named, str) and not is_standard(named):
            make = jsonschema_rs.validator_for
        return make(
            schema,
            formats=FORMATS if self._asserts else None,
            validate_formats=True if self._asserts else None,
            registry=registry,
            offline=True,
        )


_judges: OrderedDict[tuple[str, bool], Judge] = OrderedDict()
_lock = threading.Lock()


def judge(plan: Plan) -> Judge:
    """The validators of `plan`, kept by its digest. Raises what jsonschema-rs raises for a bad schema."""
    key = (plan.digest, plan.asserts_format)
    found = _judges.get(key)
    if found is None:
        found = Judge(plan)
        with _lock:
            _judges[key] = found
            while len(_judges) > _MOST_PLANS:
                _judges.popitem(last=False)
    return found


def _standard(schema: Any) -> Any:
    """The schema with our dialect and old spellings of a draft named as jsonschema-rs knows them."""
    if isinstance(schema, list):
        return [_standard(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _standard(value) for key, value in schema.items()}
    named = copy.get("$schema")
    if isinstance(named, str):
        if named.startswith(SCHEMAS):
            copy["$schema"] = STANDARD
        elif is_standard(named):
            copy["$schema"] = _published(named)
    return copy


def _published(named: str) -> str:
    short = named.partition("://")[2].rstrip("#")
    if short == "json-schema.org/schema":
        return STANDARD
    if short == "json-schema.org/draft-03/schema":
        short = "json-schema.org/draft-04/schema"
    old = "/draft-0" in short
    return f"http://{short}#" if old else f"https://{short}"


def holds(plan: Plan, condition: Condition, instance: Any) -> bool:
    """Whether `condition` holds of the instance at its place; what is not there is read as an empty object."""
    return judge(plan).holds(condition, {} if instance is MISSING else instance)
