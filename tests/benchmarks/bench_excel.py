"""A department's sheet of 200 cells recognised: from its bytes to a proposal for each cell, beside reading it alone."""

import io
import statistics
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from builder.excel.reading import picture_of
from builder.excel.recognise import recognise
from builder.excel.vocabulary import Vocabulary, vocabulary_of
from runtime.settings import Settings
from runtime.site import open_site
from tests.benchmarks.measuring import Measure, milliseconds
from tests.builder.excel.sheets.describe import Described, Page

KINDS = ("视力残疾", "听力残疾", "言语残疾", "肢体残疾", "智力残疾", "精神残疾", "多重残疾", "合计")
INDUSTRIES = (
    "采矿业",
    "制造业",
    "建筑业",
    "批发和零售业",
    "住宿和餐饮业",
    "房地产业",
    "教育",
    "合计",
)
BUSINESSES = ("公司", "分支机构", "个体工商户", "合伙企业", "农民专业合作社", "合计")
GRADES = ("一级", "二级", "三级", "四级", "合计")


def measure() -> Iterator[Measure]:
    content = sheet().content()
    library = open_site(Settings(Path(), "sqlite://", "for a measurement only")).library
    known = vocabulary_of(library)
    cells = len(recognise(picture_of(content), known).proposals)
    assert cells >= 200, cells
    seconds = (
        statistics.median(milliseconds(lambda: _recognised(content, Vocabulary(library)), 10))
        / 1_000
    )
    alone = statistics.median(milliseconds(lambda: load_workbook(io.BytesIO(content)), 10)) / 1_000
    yield Measure("builder.excel200.s", seconds, "s", "≤ 1", "openpyxl reading alone", alone)


def _recognised(content: bytes, known: Vocabulary) -> None:
    recognise(picture_of(content), known)


def sheet() -> Described:
    """Four tables on a sheet, 209 cells to fill, with names that the vocabulary has not met before."""
    lines = ["~基层报表汇总 | > | > | > | > | > | >", "类别 | 男 | 女 | 合计"]
    lines += [_line(kind, 3) for kind in KINDS]
    lines += [" | |", "~二、市场主体 | > | > | > | > | >",
              "类型 | 在业户数 | 歇业户数 | 查无下落户数 | 新设户数 | 从业人员"]  # fmt: skip
    lines += [_line(kind, 5) for kind in BUSINESSES]
    lines += [" | |", "~三、行业 | >", "行业门类 | 在业户数"]
    lines += [_line(kind, 1) for kind in INDUSTRIES]
    lines += [" | |", "~四、残疾等级 | > | > | > | > | > | >", "等级 | 18岁以下 | > | 18至59岁 | > | 60岁及以上 | >",
              "^ | 男 | 女 | 男 | 女 | 男 | 女"]  # fmt: skip
    lines += [_line(kind, 6) for kind in GRADES]
    lines += [
        " | |",
        "~五、自定指标 | > | > | > | >",
        "站点名称 | 已建数 | 在建数 | 面积 | 投入资金",
    ]
    lines += [_line(f"第{n}号便民服务站", 4) for n in range(30)]
    return Described("200 cells", (Page(lines),))


def _line(head: str, cells: int) -> str:
    return " | ".join([head, *["[]"] * cells])
