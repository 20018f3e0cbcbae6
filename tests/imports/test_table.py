"""The table is found among titles, merged headers, totals and notes."""

from datetime import date

import pytest

from runtime.errors import EntryError
from runtime.imports.sheet import Sheet
from runtime.imports.table import find_table, suggested_day

NAMES = {"姓名", "性别", "残疾等级", "残疾类别", "电话"}


def found(rows, merged=(), name="a"):
    return find_table([Sheet(name, rows, list(merged))], NAMES.__contains__)


def test_titles_above_and_totals_and_notes_below():
    table = found(
        [
            ["残疾人名单（截至2026年9月30日）", "", ""],
            ["填报单位：", "", ""],
            ["序号", "姓名", "性别"],
            ["1", "张三", "男"],
            ["", "", ""],
            ["一、湖畔社区", "", ""],
            ["序号", "姓名", "性别"],
            ["2", "李四", "女"],
            ["小计", "", "2"],
            ["合计", "2", ""],
            ["注：本表一式两份", "", ""],
            ["填表人：王五", "", "审核人："],
        ]
    )
    assert table.headers == [["序号"], ["姓名"], ["性别"]]
    assert [(n, row[1]) for n, row in table.rows] == [(4, "张三"), (8, "李四")]
    assert [n for n, _text in table.left_out] == [6, 7, 9, 10, 11, 12]
    assert suggested_day(table, date(2026, 11, 1)) == date(2026, 9, 30)


def test_a_row_with_its_number_alone_is_a_row_and_a_line_of_a_section_is_none():
    numbers = ["110000197708060015", "11000019770806002X", "GA-123456"]
    lines = ["荷花社区", "一、在册", "2026年", "3"]
    rows = [["编号", "姓名", "性别"], *([text, "", ""] for text in numbers + lines)]
    table = found(rows)
    assert [row[0] for _n, row in table.rows] == numbers
    assert [text for _n, text in table.left_out] == lines


def test_a_person_called_as_a_total_is_still_a_person():
    table = found([["姓名", "性别"], ["小计生", "男"], ["总建国", "男"]])
    assert len(table.rows) == 2


def test_a_header_of_two_rows_that_are_merged():
    rows = [
        ["姓名", "残疾", "", "电话"],
        ["", "残疾类别", "残疾等级", ""],
        ["张三", "肢体", "一级", "1"],
    ]
    merged = [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)]
    table = found(rows, merged)
    assert table.headers == [["姓名"], ["残疾", "残疾类别"], ["残疾", "残疾等级"], ["电话"]]
    assert list(table.rows) == [(3, rows[2])]
    assert found(rows).headers == table.headers  # as CSV has it, without any merges


def test_what_is_merged_over_rows_stands_in_each():
    table = found([["社区", "姓名"], ["湖畔", "张三"], ["", "李四"]], [(1, 0, 2, 0)])
    assert [row for _n, row in table.rows] == [["湖畔", "张三"], ["湖畔", "李四"]]


def test_the_sheet_with_the_names_is_taken_whatever_comes_first():
    cover = Sheet("说明", [["填表说明", "版本"], ["请", "填"]])
    table = find_table(
        [cover, Sheet("数据", [["姓名", "性别"], ["张三", "男"]])], NAMES.__contains__
    )
    assert table.sheet == "数据"


def test_no_header_at_all():
    with pytest.raises(EntryError, match="No row of headers"):
        found([["1", "2"], ["3", "4"]])


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("2026年9月报表", date(2026, 9, 30)),
        ("截至2026.02.28", date(2026, 2, 28)),
        ("2030年1月1日", date(2026, 11, 1)),
        ("2026年13月", date(2026, 11, 1)),
        ("名单", date(2026, 11, 1)),
        ("依据2015年3月2日文件核定的2026年10月名单", date(2026, 10, 31)),
        ("依据2015年3月2日文件核定的2026年11月名单", date(2026, 11, 1)),
        ("2026年10月名单，有效期至2027年12月31日", date(2026, 10, 31)),
        ("存档0201年3月2日", date(2026, 11, 1)),
    ],
)
def test_the_day_that_a_title_names(title, day):
    table = found([[title, ""], ["姓名", "性别"], ["张三", "男"]])
    assert suggested_day(table, date(2026, 11, 1)) == day


def test_what_is_merged_far_beyond_the_table_costs_nothing():
    """A few bytes may merge a million rows with a thousand columns."""
    far = [(0, 0, 1_048_575, 499)] * 50_000 + [(1, 0, 1_048_575, 0)]
    table = found([["姓名", "性别"], ["张三", "男"], ["", "女"]], far)
    assert [row for _n, row in table.rows] == [["张三", "男"], ["张三", "女"]]
    assert len(table.headers) == 2


def test_of_what_is_merged_only_its_own_rows_are_filled():
    rows = [["社区", "姓名"], *(["", str(n)] for n in range(6))]
    rows[1][0], rows[4][0] = "湖畔", "山下"
    table = found(rows, [(4, 0, 5, 0), (1, 0, 2, 0)])
    assert [row[0] for _n, row in table.rows] == ["湖畔", "湖畔", "", "山下", "山下", ""]
