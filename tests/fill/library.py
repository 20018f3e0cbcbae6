"""Definitions for the small town: two registers, three code lists, indicators, a report and a form about a person."""

from functools import cache

from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library

BASE = "https://yibiao.example/defs/"
REPORT = BASE + "forms/test/report.json"
MEASURES = BASE + "forms/test/measures.json"
SUMS = BASE + "forms/test/sums.json"
WORKED = BASE + "forms/test/worked.json"
VISIT = BASE + "forms/test/visit.json"


def _codes(*codes, **bands):
    return {"title": "Codes", "type": "string", "oneOf": [_code(c, bands.get(c)) for c in codes]}


def _code(code, band):
    low, high = band or (None, None)
    limits = {"minimum": low, "maximum": high}
    return {"const": code, "title": code} | {k: v for k, v in limits.items() if v is not None}


def _field(**schema):
    return {"title": "Field", "steward": "test", **schema}


_GRADED = {"type": "object", "properties": {"grade": {"enum": ["1", "2"]}}, "required": ["grade"]}

_DOCUMENTS = {
    "code-lists/sex.json": _codes("1", "2"),
    "code-lists/grade.json": _codes("1", "2"),
    "code-lists/age.json": _codes("young", "grown", young=(None, 17), grown=(18, None)),
    "dictionary/resident.json": {
        "title": "Residents",
        "type": "object",
        "identity": [["name"]],
        "label": ["name"],
        "properties": {
            "name": _field(type="string"),
            "sex": {"$ref": "../code-lists/sex.json", **_field()},
            "birth_date": _field(type="string", format="date"),
            "grade": {"$ref": "../code-lists/grade.json", **_field()},
            "house": _field(type="string"),
            "phone": _field(type="string", maxAge="P6M"),
        },
        "derive": {
            "age": {
                "type": "integer",
                "title": "Age",
                "rule": {"whole": "years", "since": "birth_date"},
            }
        },
    },
    "dictionary/aid.json": {
        "title": "Aid cases",
        "type": "object",
        "identity": [["kind", "granted_date"]],
        "label": ["kind"],
        "properties": {
            "kind": _field(type="string"),
            "granted_date": _field(type="string", format="date"),
            "amount": _field(type="number", digits=2),
        },
    },
    "indicators/people.json": {
        "title": "People",
        "type": "object",
        "properties": {
            "graded": {
                "title": "Graded",
                "type": "object",
                "kind": "stock",
                "by": ["grade", {"field": "age", "bands": "../code-lists/age.json"}],
                "fill": {"count": "resident", "where": _GRADED},
            },
            "all": {
                "title": "All",
                "type": "integer",
                "kind": "stock",
                "fill": {"count": "resident"},
            },
            "paid": {
                "title": "Paid",
                "type": "number",
                "digits": 2,
                "kind": "flow",
                "fill": {"sum": "aid", "field": "amount", "on": "granted_date"},
            },
            "age": {
                "title": "Average age",
                "type": "object",
                "digits": 1,
                "kind": "stock",
                "by": ["sex"],
                "fill": {"average": "resident", "field": "age"},
            },
            "eldest": {
                "title": "Born first",
                "type": "string",
                "format": "date",
                "kind": "stock",
                "fill": {"min": "resident", "field": "birth_date"},
            },
            "most": {
                "title": "Most paid",
                "type": "number",
                "digits": 2,
                "kind": "flow",
                "fill": {"max": "aid", "field": "amount", "on": "granted_date"},
            },
            "houses": {
                "title": "Houses",
                "type": "object",
                "kind": "stock",
                "by": ["grade"],
                "fill": {"distinct": "resident", "field": "house"},
            },
            "share": {
                "title": "Share of graded women, of all",
                "type": "number",
                "digits": 1,
                "kind": "stock",
                "fill": {
                    "ratio": [
                        "#/properties/graded/properties/2/properties/total",
                        "#/properties/all",
                    ],
                    "percent": True,
                },
            },
            "each": {
                "title": "Paid to each",
                "type": "number",
                "digits": 2,
                "kind": "flow",
                "fill": {"ratio": ["#/properties/paid", "#/properties/all"]},
            },
            "others": {
                "title": "The share of all others",
                "type": "number",
                "digits": 2,
                "kind": "stock",
                "fill": {
                    "formula": "=IF(all>3,100-share-a/1000,-1)",
                    "cells": {"a": "#/properties/age/properties/total"},
                },
            },
            "lent": {"title": "Lent", "type": "integer", "minimum": 0, "kind": "flow"},
        },
    },
    "forms/test/report.json": {
        "title": "Report",
        "number": "T-01",
        "department": "test",
        "frequency": "monthly",
        "level": ["community"],
        "due": {"days": 5},
        "type": "object",
        "properties": {
            "graded": {"$ref": "../../indicators/people.json#/properties/graded"},
            "all": {"$ref": "../../indicators/people.json#/properties/all"},
            "paid": {"$ref": "../../indicators/people.json#/properties/paid"},
            "lent": {"$ref": "../../indicators/people.json#/properties/lent"},
            "sum": {"title": "Sum", "type": "integer", "totalOf": ["1/all", "1/lent"]},
            "kind": {"title": "Kind", "const": "monthly", "readOnly": True},
            "remarks": {"title": "Remarks", "type": "string", "maxLength": 20},
            "people": {
                "title": "People",
                "type": "array",
                "fill": {"list": "resident", "where": _GRADED, "order": ["name"]},
                "items": {
                    "type": "object",
                    "properties": {
                        "name": {"$ref": "../../dictionary/resident.json#/properties/name"},
                        "age": {"$ref": "../../dictionary/resident.json#/derive/age"},
                        "phone": {"$ref": "../../dictionary/resident.json#/properties/phone"},
                        "note": {"title": "Note", "type": "string"},
                    },
                },
            },
        },
        "required": ["lent"],
        "if": {"properties": {"all": {"minimum": 4}}, "required": ["all"]},
        "then": {
            "properties": {
                "many": {"title": "How many are many", "type": "integer"},
                "again": {"$ref": "../../indicators/people.json#/properties/all"},
            },
            "required": ["many"],
        },
    },
    "forms/test/visit.json": {
        "title": "Visit",
        "department": "test",
        "subject": "resident",
        "type": "object",
        "properties": {
            "name": {"$ref": "../../dictionary/resident.json#/properties/name"},
            "age": {"$ref": "../../dictionary/resident.json#/derive/age"},
            "grade": {"$ref": "../../dictionary/resident.json#/properties/grade"},
            "phone": {"$ref": "../../dictionary/resident.json#/properties/phone"},
            "found": {"title": "What was found", "type": "string"},
        },
        "required": ["name", "found"],
    },
}

_MORE = {}
"""Forms that only the tests of filling know."""

_MEASURES = BASE + "indicators/people.json#/properties/"

_MORE["forms/test/measures.json"] = {
    "title": "Measures",
    "department": "test",
    "frequency": "monthly",
    "level": ["community"],
    "due": {"days": 5},
    "type": "object",
    "properties": {
        name: {"$ref": _MEASURES + name} for name in ("age", "eldest", "most", "houses")
    },
}

_MORE["forms/test/worked.json"] = {
    "title": "Worked out",
    "department": "test",
    "frequency": "monthly",
    "level": ["community"],
    "due": {"days": 5},
    "type": "object",
    "properties": {
        **{name: {"$ref": _MEASURES + name} for name in ("share", "each", "others", "all", "lent")},
        "part": {
            "title": "Part lent, per cent",
            "type": "number",
            "digits": 1,
            "fill": {"formula": "=ROUND(lent/all*100, 1)"},
        },
        "twice": {
            "title": "Twice the part",
            "type": "integer",
            "fill": {"formula": "=a*2", "cells": {"a": "1/part"}},
        },
        "rows": {
            "title": "Rows",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "n": {"title": "N", "type": "integer"},
                    "share": {
                        "title": "Share",
                        "type": "number",
                        "digits": 2,
                        "fill": {"formula": "=n/whole", "cells": {"whole": "3/lent"}},
                    },
                },
            },
        },
    },
}

_MORE["forms/test/sums.json"] = {
    "title": "Sums of the units below",
    "department": "test",
    "frequency": "monthly",
    "level": ["community", "street"],
    "due": {"days": 5},
    "type": "object",
    "properties": {
        "lent": {"$ref": _MEASURES + "lent", "fill": {"below": "sum"}},
        "staff": {"title": "Staff", "type": "integer", "fill": {"carry": True}},
        "before": {"title": "Before", "type": "integer", "fill": {"carry": "/lent"}},
        "team": {
            "title": "Team",
            "type": "array",
            "fill": {"carry": True},
            "items": {"title": "Name", "type": "string"},
        },
        "unit": {"title": "Unit", "type": "string", "fill": {"unit": "title"}},
        "level": {"title": "Level", "type": "string", "fill": {"unit": "level"}},
        "units": {
            "title": "Units",
            "type": "array",
            "fill": {"below": "rows"},
            "items": {
                "type": "object",
                "properties": {
                    "code": {"title": "Code", "type": "string", "fill": {"unit": "code"}},
                    "lent": {
                        "title": "Lent",
                        "type": "integer",
                        "fill": {"below": "cell", "of": "/lent"},
                    },
                    "note": {"title": "Note", "type": "string"},
                },
            },
        },
    },
}

_KINDS = {
    "code-lists": "code-list",
    "dictionary": "register",
    "indicators": "indicators",
    "forms": "form",
}


def documents(more=()):
    """Address -> document."""
    return {
        BASE + path: {
            "$schema": f"{BASE}schemas/{_KINDS[path.partition('/')[0]]}.json",
            "$id": BASE + path,
            **document,
        }
        for path, document in (_DOCUMENTS | dict(more)).items()
    }


@cache
def library():
    return Library.of(documents())


@cache
def wide_library():
    """The same with a form for each way to fill."""
    return Library.of(documents(_MORE))


@cache
def plan_of(address):
    return compile_form(address, library=wide_library())
