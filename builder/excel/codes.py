"""What an indicator is broken down by, and which of its codes a header means. Not for which indicator it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin

from builder.excel import words
from runtime.api import BASE, Library, register_address, register_of, texts_of


@dataclass(frozen=True)
class Breakdown:
    """One breakdown of an indicator: its field, and its codes by what headers may call them."""

    name: str
    codes: tuple[str, ...]
    titles: Mapping[str, dict[str, str]]
    """Code -> its title in each language."""
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Compared text -> code."""
    spans: Mapping[tuple[int, int], str] = field(default_factory=dict, repr=False)
    """Ages from and to -> code."""

    def code_of(self, text: str) -> str:
        """The code that a header means; nothing where it is none of them."""
        for compared in (
            words.plain(text),
            words.bare(text),
            words.stem(text),
            words.levelled(text),
        ):
            if found := self.names.get(compared):
                return found
        if self.spans and (said := words.ages(text)):
            return self.spans.get(said, "")
        return ""


def breakdowns_of(
    library: Library, address: str, schema: Mapping[str, Any]
) -> tuple[Breakdown, ...]:
    """The breakdowns of the indicator that stands at `address` (with or without its pointer), in their order."""
    by = schema.get("by")
    home = urldefrag(address)[0]
    fill = schema.get("fill")
    register = register_of(fill) if isinstance(fill, dict) else ""
    found = [
        _breakdown(library, home, register, one) for one in (by if isinstance(by, list) else ())
    ]
    return tuple(one for one in found if one is not None)


def _breakdown(library: Library, home: str, register: str, said: Any) -> Breakdown | None:
    if isinstance(said, dict) and isinstance(said.get("bands"), str):
        return _of_list(library, str(said.get("field", "")), urljoin(home, said["bands"]))
    if not isinstance(said, str) or not register:
        return None
    place = register_address(register)
    if place not in library:
        return None
    properties = library.document(place).get("properties")
    schema = properties.get(said) if isinstance(properties, dict) else None
    if not isinstance(schema, dict):
        return None
    if isinstance(schema.get("$ref"), str):
        return _of_list(library, said, urljoin(place, schema["$ref"]))
    return _of_branches(said, schema.get("oneOf"))


def _of_list(library: Library, name: str, address: str) -> Breakdown | None:
    place = urldefrag(address)[0]
    if not place.startswith(BASE) or place not in library:
        return None
    return _of_branches(name, library.document(place).get("oneOf"))


def _of_branches(name: str, branches: Any) -> Breakdown | None:
    if not isinstance(branches, list):
        return None
    codes = [b for b in branches if isinstance(b, dict) and "const" in b]
    names: dict[str, str] = {}
    doubled: set[str] = set()
    for branch in codes:
        for word in dict.fromkeys(_parts(branch)):
            if word and names.setdefault(word, str(branch["const"])) != str(branch["const"]):
                doubled.add(word)
    for branch in codes:
        names |= {words.plain(t): str(branch["const"]) for t in texts_of(branch).values()}
    spans = {
        (int(b.get("minimum", 0)), int(b.get("maximum", 999))): str(b["const"])
        for b in codes
        if "minimum" in b or "maximum" in b
    }
    spans |= {span: str(b["const"]) for b in codes if (span := _span(b)) and span not in spans}
    sure = {words.plain(t) for b in codes for t in texts_of(b).values()}
    return Breakdown(
        name,
        tuple(str(b["const"]) for b in codes),
        {str(b["const"]): texts_of(b) for b in codes},
        {word: code for word, code in names.items() if word not in doubled or word in sure},
        spans,
    )


def _span(branch: Mapping[str, Any]) -> tuple[int, int] | None:
    found = [words.ages(t) for t in texts_of(branch).values()]
    return next((span for span in found if span), None)


def _parts(branch: Mapping[str, Any]) -> Iterator[str]:
    """What a header may call a code: its titles, without asides and endings, up to a colon, synonyms."""
    synonyms = branch.get("synonyms")
    titles = [*texts_of(branch).values(), *(synonyms if isinstance(synonyms, list) else ())]
    for title in titles:
        yield words.plain(title)
        yield words.bare(title)
        yield words.stem(title)
        yield words.levelled(title)
        yield words.plain(title.partition(":")[0])
    for title in titles:  # what departments shorten: 公共租赁住房 -> 公共租赁
        short = words.bare(title)
        for end in ("住房", "人员", "单位", "救助供养", "残疾", "儿童"):
            if short.endswith(end) and len(short) >= len(end) + 2:
                yield short.removesuffix(end)
