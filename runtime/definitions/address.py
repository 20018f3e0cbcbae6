"""The one tree of addresses: which definition lives where, JSON pointers, references. Not for reading files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import quote, unquote, urldefrag, urljoin

BASE = "https://yibiao.example/defs/"
SCHEMAS = BASE + "schemas/"

Kind = Literal["register", "code-list", "indicators", "form", "department", "schema"]

_FOLDERS: dict[str, tuple[int, Kind]] = {
    "dictionary": (2, "register"),
    "code-lists": (2, "code-list"),
    "indicators": (2, "indicators"),
    "forms": (3, "form"),
    "schemas": (2, "schema"),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def address_of(parts: Iterable[str]) -> str:
    """The address of the file at this path in its tree, such as `("dictionary", "resident.json")`."""
    return BASE + "/".join(quote(part) for part in parts)


def kind_of(address: str) -> Kind | None:
    """What kind of definition lives at `address`; None where the tree has no place of that shape."""
    if not address.startswith(BASE):
        return None
    parts = address.removeprefix(BASE).split("/")
    depth, kind = _FOLDERS.get(parts[0], (0, "schema"))
    names = [*parts[1:-1], parts[-1].removesuffix(".json")]
    if len(parts) != depth or not parts[-1].endswith(".json"):
        return None
    if not all(_NAME.fullmatch(name) for name in names):
        return None
    return "department" if kind == "form" and parts[-1] == "department.json" else kind


def short_name(address: str) -> str:
    """What people call it: `<department>/<form>` for a form, else the file's stem."""
    parts = address.removeprefix(BASE).removesuffix(".json").split("/")
    return "/".join(parts[1:])


def absolute(name: str) -> str:
    """`name` as an address: absolute already, or relative to the root of the tree."""
    return name if "://" in name else BASE + name


def form_address(short: str) -> str:
    """The address of the form `<department>/<form>`."""
    return f"{BASE}forms/{short}.json"


def register_address(name: str) -> str:
    """The address of the register with this short name."""
    return f"{BASE}dictionary/{name}.json"


def resolve(base: str, reference: str) -> tuple[str, str]:
    """`reference` seen from the document at `base`: the address it names, and its fragment (unquoted)."""
    try:
        whole, fragment = urldefrag(urljoin(base, reference))
    except ValueError:
        return reference, ""
    return whole, unquote(fragment)


def pointer(*tokens: str | int) -> str:
    """The JSON pointer of these steps; `""` for none."""
    return "".join("/" + str(t).replace("~", "~0").replace("/", "~1") for t in tokens)


@lru_cache(maxsize=65_536)
def tokens(text: str) -> tuple[str, ...]:
    """The steps of a JSON pointer. Raises `ValueError` when it does not begin with `/`."""
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(text)
    return tuple(t.replace("~1", "/").replace("~0", "~") for t in text[1:].split("/"))


def at(document: Any, text: str) -> Any:
    """What stands at a JSON pointer. Raises `LookupError` when nothing does."""
    try:
        steps = tokens(text)
    except ValueError:
        raise LookupError(text) from None
    for step in steps:
        document = _step(document, step, text)
    return document


def _step(value: Any, step: str, whole: str) -> Any:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
        return value[int(step)]
    raise LookupError(whole)
