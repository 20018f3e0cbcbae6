"""Headers and fields: what is sure is taken, what is likely is offered, what was said is remembered."""

from importlib.resources import files

import pytest

from runtime.definitions.load import Library
from runtime.fields.catalogue import field_types
from runtime.imports.fields import fields_of
from runtime.imports.match import Names, match_columns


@pytest.fixture(scope="module")
def library():
    return Library.read([files("form_defs")])


@pytest.fixture(scope="module")
def names(library):
    return Names(fields_of(library, field_types, "resident"))


def one(names, *texts, remembered=None, chosen=None):
    return match_columns([list(texts)], names, remembered or {}, chosen)[0]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓名", "name"),
        ("姓 名*", "name"),
        ("Name", "name"),
        ("identity_number", "identity_number"),
        ("身份证号", "identity_number"),
        ("身份证号码", "identity_number"),
        ("残疾等级（1-4级）", "disability_grade"),
        ("Ｇender", "sex"),
        ("所属社区", "_unit"),
        ("网格", "_unit"),
    ],
)
def test_a_header_that_is_sure(names, header, field):
    assert one(names, header).field == field


@pytest.mark.parametrize("header", ["序号", "备注", "电话号码", "检查人", "", "x"])
def test_a_header_that_is_not_sure_is_not_taken(names, header):
    assert one(names, header).field == ""


def test_what_is_likely_is_offered(names):
    found = one(names, "残疾人等级")
    assert (found.field or found.offered) == "disability_grade"
    assert one(names, "残疾程度等级").offered == "disability_grade"


def test_a_field_is_taken_once_by_who_is_surest(names):
    found = match_columns([["身份证号码"], ["公民身份号码"]], names, {})
    assert [match.field for match in found] == ["", "identity_number"]
    assert found[0].offered == "identity_number"


def test_what_was_said_goes_before_any_name(names):
    assert one(names, "姓名", remembered={"姓名": "guardian_name"}).field == "guardian_name"
    assert one(names, "姓名", remembered={"姓名": ""}).field == ""
    found = one(names, "姓名", remembered={"姓名": "guardian_name"}, chosen={"姓名": "phone"})
    assert (found.field, found.how) == ("phone", "chosen")


def test_every_title_of_every_field_means_that_field(library):
    for address in library.addresses("register"):
        fields = fields_of(library, field_types, address.rpartition("/")[2].removesuffix(".json"))
        known = Names(fields)
        for field in fields.fields.values():
            for title in (*field.titles.values(), field.name):
                assert one(known, title).field == field.name, title
