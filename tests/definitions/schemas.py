"""Strategies for schemas and data: valid ones that are drawn, and anything at all."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

NAMES = ["a", "b", "c", "name", "kind", "a/b", "~x", "", "名字", "$ref", "if"]
TEXT = st.text(alphabet="abcXYZ 019_-.é中\n\r\t'\"<>&#/~", max_size=12)
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6
    ),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    TEXT,
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)

KEYWORDS = [
    "type", "enum", "const", "properties", "required", "items", "prefixItems", "oneOf", "anyOf",
    "allOf", "not", "if", "then", "else", "$ref", "$defs", "$id", "$anchor", "$dynamicRef",
    "$dynamicAnchor", "additionalProperties", "patternProperties", "propertyNames", "minimum",
    "maxLength", "pattern", "format", "uniqueItems", "minItems", "maxItems", "contains",
    "unevaluatedProperties", "unevaluatedItems", "dependentRequired", "dependentSchemas", "title",
    "default", "readOnly", "translations", "totalOf", "digits", "currency", "fill", "cellFill", "by",
    "layout", "$schema", "whenHidden", "definitions", "dependencies", "propertyOrder", "enumNames",
]  # fmt: skip

_WORDS = st.sampled_from(
    ["string", "integer", "number", "object", "array", "null", "boolean", "#", "#/$defs/a",
     "#/properties/a", "#a", "(", "a", "date", "email", "http://elsewhere.invalid/x", ""]
)  # fmt: skip

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.booleans(), SCALARS, _WORDS),
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=5),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
        st.lists(inner, max_size=3),
    ),
    max_leaves=25,
)
"""Whatever might be handed in as a schema, most of it no schema at all."""

_TITLES = st.fixed_dictionaries({}, optional={"title": st.sampled_from(["Title", "标题"])})


def _with_title(strategy: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda schema, words: {**schema, **words}, strategy, _TITLES)


CELLS = _with_title(
    st.one_of(
        st.just({"type": "string"}),
        st.just({"type": "string", "format": "long-text"}),
        st.sampled_from(
            ["date", "month", "email", "uri", "phone", "date-time", "time", "local-time"]
        ).map(lambda name: {"type": "string", "format": name}),
        st.just({"type": "integer"}),
        st.just({"type": "integer", "minimum": 0}),
        st.just({"type": "number"}),
        st.just({"type": "number", "digits": 2}),
        st.just({"type": "number", "currency": "CNY"}),
        st.just({"type": "boolean"}),
        st.just({"type": ["string", "null"]}),
        st.just({"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        st.just({"enum": ["a", "b", "c"]}),
        st.just({"enum": [1, "1", None, True]}),
        st.just(
            {
                "type": "string",
                "oneOf": [{"const": "x", "title": "X"}, {"const": "y", "title": "Y"}],
            }
        ),
        st.just({"type": "string", "enum": [f"{n}" for n in range(30)]}),
        st.just({"type": "array", "uniqueItems": True, "items": {"enum": ["p", "q", "r"]}}),
        st.just({"type": "string", "readOnly": True}),
        st.just({"type": "integer", "totalOf": ["1/a", "1/b"], "readOnly": True}),
        st.just({"const": 5}),
    )
)
LOCKED = st.sampled_from(
    [
        {}, True, {"type": "object"}, {"type": "array", "prefixItems": [{}]}, {"not": {"type": "string"}},
        {"patternProperties": {"^x": {}}}, {"type": "array", "contains": {"type": "integer"}},
    ]
)  # fmt: skip
MIXED = st.sampled_from(
    [
        ["string", "integer"],
        ["boolean", "number", "null"],
        ["array", "string"],
        ["object", "boolean"],
    ]
).map(
    lambda types: {
        "type": types,
        "items": {"type": "string"},
        "properties": {"a": {"type": "string"}},
    }
)


@st.composite
def _objects(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=5))
    schema: dict[str, Any] = {"type": "object", "properties": {n: draw(inner) for n in names}}
    if draw(st.booleans()):
        schema["required"] = draw(st.lists(st.sampled_from(names), unique=True))
    if draw(st.booleans()):
        schema["if"] = {"required": [names[0]]}
        schema["then"] = {"properties": {"shown": draw(CELLS)}}
        schema["else"] = {"properties": {"otherwise": draw(CELLS)}}
    if draw(st.booleans()):
        schema["whenHidden"] = draw(st.sampled_from(["keep", "dropOnSubmit"]))
    return schema


def _maps(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects whose members have names that nobody declared."""
    others = st.one_of(inner, CELLS)
    return st.builds(
        lambda named, patterns, rest, keyword, rules: {
            "type": "object",
            **({"properties": named} if named else {}),
            **({"patternProperties": patterns} if patterns else {}),
            **({keyword: rest} if rest is not None else {}),
            **({"propertyNames": rules} if rules else {}),
        },
        st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=1),
        st.dictionaries(st.sampled_from(["^x", "[0-9]$", "名"]), others, max_size=2),
        st.one_of(st.none(), others),
        st.sampled_from(["additionalProperties", "unevaluatedProperties"]),
        st.sampled_from([None, None, {"maxLength": 3}, {"pattern": "^[a-z]"}]),
    )


def _places(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Lists with a schema for each place."""
    return st.builds(
        lambda first, rest, least: {
            "type": "array",
            "prefixItems": first,
            **({"items": rest} if rest is not None else {}),
            "minItems": least,
        },
        st.lists(st.one_of(inner, CELLS), min_size=1, max_size=3),
        st.one_of(st.none(), st.just(False), inner),
        st.integers(0, 2),
    )


def _choices(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    branch = st.one_of(
        inner,
        st.just({"type": "string"}),
        st.just({"type": "integer"}),
        st.just(
            {
                "type": "object",
                "properties": {"kind": {"const": "card"}, "number": {"type": "string"}},
            }
        ),
    )
    return st.builds(
        lambda keyword, branches: {keyword: branches},
        st.sampled_from(["oneOf", "anyOf"]),
        st.lists(branch, min_size=2, max_size=3),
    )


REFERRED = {
    "p": {"type": "string", "maxLength": 9, "title": "Referred"},
    "tree": {
        "type": "object",
        "properties": {
            "a": {"type": "integer"},
            "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
        },
    },
}

SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.one_of(CELLS, CELLS, LOCKED, MIXED),
    lambda inner: st.one_of(
        _objects(inner),
        _objects(inner),
        _choices(_objects(inner)),
        _maps(inner),
        _places(inner),
        st.builds(lambda item: {"type": "array", "items": item}, inner),
        st.builds(lambda one, two: {"allOf": [one, two]}, _objects(inner), _objects(inner)),
        st.just({"$ref": "#/$defs/p"}),
        st.just({"$ref": "#/$defs/tree", "title": "Tree"}),
    ),
    max_leaves=10,
).map(lambda schema: {**schema, "$defs": REFERRED} if isinstance(schema, dict) else schema)
"""Schemas as people write them, most of which are drawn."""


def data_for(schema: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Data near a schema: mostly of its shape, sometimes anything."""
    like = _like(schema, depth)
    return st.one_of(like, like, like, JSON)


def _like(schema: Any, depth: int) -> st.SearchStrategy[Any]:
    if not isinstance(schema, dict) or depth > 6:
        return JSON
    for keyword in ("oneOf", "anyOf"):
        branches = schema.get(keyword)
        if branches and all("const" in b for b in branches if isinstance(b, dict)):
            return st.sampled_from([b["const"] for b in branches])
        if branches:
            return st.one_of([data_for(b, depth + 1) for b in branches])
    if "allOf" in schema:
        parts = [_like(part, depth + 1) for part in schema["allOf"]]
        return st.tuples(*parts).map(
            lambda found: {
                k: v for part in found if isinstance(part, dict) for k, v in part.items()
            }
        )
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "$ref" in schema:
        return _like(REFERRED[schema["$ref"].rpartition("/")[2]], depth + 1)
    return _typed(schema, depth)


_REST = ("additionalProperties", "unevaluatedProperties")


def _like_map(schema: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    """Members by declared names, by names that fit a pattern, and by any others."""
    found = [(name, part) for name, part in schema.get("properties", {}).items()]
    found += [
        (name, part)
        for pattern, part in schema.get("patternProperties", {}).items()
        for name in {"^x": ["x", "x/1~"], "[0-9]$": ["0", "n#9"], "名": ["名字"]}[pattern]
    ]
    rest = next((schema[k] for k in _REST if k in schema), True)
    found += [(name, rest) for name in ["", "c", "C#", " spaced ", "two\nlines", "toolong"]]
    members = st.fixed_dictionaries(
        {}, optional={name: data_for(part, depth + 1) for name, part in found}
    )
    return st.builds(
        lambda some, turn: dict(reversed(some.items())) if turn else some, members, st.booleans()
    )


def _typed(schema: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    kind = schema.get("type")
    if isinstance(kind, list):
        return st.one_of(JSON, *(_typed({**schema, "type": one}, depth) for one in kind))
    if kind == "object" and not {"patternProperties", *_REST}.isdisjoint(schema):
        return _like_map(schema, depth)
    if kind == "array" and "prefixItems" in schema:
        first = st.tuples(*(data_for(part, depth + 1) for part in schema["prefixItems"]))
        rest = st.lists(data_for(schema.get("items", True), depth + 1), max_size=2)
        return st.builds(
            lambda one, more, count: [*one, *more][:count], first, rest, st.integers(0, 5)
        )
    if kind == "object" and "properties" in schema:
        members = {n: data_for(s, depth + 1) for n, s in schema["properties"].items()}
        for branch in ("then", "else"):
            for name, part in schema.get(branch, {}).get("properties", {}).items():
                members[name] = data_for(part, depth + 1)
        extra = st.dictionaries(st.sampled_from(["extra", "x1"]), JSON, max_size=1)
        return st.builds(
            lambda some, more: {**some, **more}, st.fixed_dictionaries({}, optional=members), extra
        )
    if kind == "array" and isinstance(schema.get("items"), dict):
        unique = bool(schema.get("uniqueItems"))
        return st.lists(data_for(schema["items"], depth + 1), max_size=3).filter(
            lambda found: not unique or len(found) == len(set(map(repr, found)))
        )
    formats: dict[str, list[Any]] = {
        "date": ["2026-10-05", "not a day"],
        "month": ["2026-10"],
        "email": ["a@b.example", " a@b.example"],
    }
    simple: dict[Any, st.SearchStrategy[Any]] = {
        "string": st.one_of(TEXT, st.sampled_from(formats.get(schema.get("format", ""), ["x"]))),
        "integer": st.one_of(st.integers(-(10**20), 10**20), st.just(3.0), st.just(Decimal("4.0"))),
        "number": st.one_of(st.integers(), st.decimals(places=2, min_value=-1000, max_value=10**6)),
        "boolean": st.booleans(),
    }
    return simple.get(kind, JSON)
