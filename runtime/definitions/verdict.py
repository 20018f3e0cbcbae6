"""What holds of data under a plan: valid or not, with problems in plain words, annotations.

jsonschema-rs decides; wording never changes what it decided. Not for definitions: those are `check`'s.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from runtime.definitions.explain import explained
from runtime.definitions.judge import judge
from runtime.definitions.plan import Plan
from runtime.definitions.walk import MAPS
from runtime.errors import DefinitionError, Problem
from runtime.language import gettext as _

_FRAGMENT = "/~!$&'()*+,;=:@?-._"


def is_valid(plan: Plan, data: Any) -> bool:
    """Whether `data` is valid; the fast way, for many entries."""
    try:
        return bool(judge(plan).whole.is_valid(data))
    except ValueError:
        return False


def problems(plan: Plan, data: Any, choices: Mapping[str, str] | None = None) -> list[Problem]:
    """What is wrong with `data`, in the language in force; empty exactly when it is valid.

    Each problem names the cell that a person must look at: a member that is missing, not the object that
    misses it. Of a choice only the branch remembered in `choices` is explained; with None, for data that never
    were in a form, the branch that they look like.
    """
    if is_valid(plan, data):
        return []
    return explained(plan, data, choices)


def annotations(plan: Plan, data: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """What the schema says about each place of `data`, where it is valid.

    Pointer -> keyword -> schema location (a URI fragment in the bundle, with the address before it where
    the document is another one) -> value.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {}
    homes = {"": "", **judge(plan).homes}
    try:
        units = judge(plan).whole.evaluate(data).list()["details"]
    except ValueError:
        return {}
    for unit in units:
        values = unit.get("annotations")
        if not unit["valid"] or values is None:
            continue
        place = found.setdefault(unit["instanceLocation"], {})
        address, _hash, location = unit["schemaLocation"].rpartition("#")
        outside = address if address not in homes else ""
        location = location if outside else homes[address] + location
        if _of_a_keyword(location, values):
            location, _slash, keyword = location.rpartition("/")
            values = {keyword: values}
        for keyword, value in values.items():
            place.setdefault(keyword, {})[f"{outside}#{quote(location, _FRAGMENT)}"] = value
    return found


def _of_a_keyword(location: str, values: Any) -> bool:
    """Whether the annotation comes from one keyword (`…/format`), not from the schema around it."""
    above, _slash, last = location.rpartition("/")
    if not isinstance(values, dict):
        return True
    return last == "contentSchema" and above.rpartition("/")[2] not in MAPS


def check_schema(plan: Plan) -> None:
    """Raise `DefinitionError` where the plan's bundle is no valid schema, or refers to what is not known."""
    try:
        judge(plan)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise _definition_error(plan, error) from None
    except ValueError as error:
        text = _("The schema cannot be read: %(why)s", why=str(error))
        raise DefinitionError(text, (Problem("schema", text, "", plan.address),)) from None


def _definition_error(plan: Plan, error: Any) -> DefinitionError:
    kind = getattr(error, "kind", None)
    why = str(getattr(error, "message", error)).partition("\n")[0]
    steps = getattr(error, "instance_path", [])
    pointer = "".join("/" + str(s).replace("~", "~0").replace("/", "~1") for s in steps)
    if kind is None or isinstance(kind, jsonschema_rs.ValidationErrorKind.Referencing):
        text = _(
            "The schema refers to something that is not known here: %(why)s. "
            "Nothing is fetched from a network: correct the reference, or add the document that it names.",
            why=why,
        )
        return DefinitionError(text, (Problem("ref", text, pointer, plan.address),))
    text = _(
        "This is not a valid JSON Schema: at “%(place)s”, %(why)s", place=pointer or "/", why=why
    )
    return DefinitionError(text, (Problem("schema", text, pointer, plan.address),))
