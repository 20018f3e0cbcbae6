"""LibreOffice opens the workbook, computes it anew, and finds what was stored."""

import re
import shutil
import subprocess
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from runtime.outputs.document import Heading, document, values
from runtime.outputs.workbook import cell_name
from runtime.outputs.xlsx import XlsxOutput
from tests.outputs import forms

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def recalculated(file, folder):
    """The workbook as LibreOffice saves it, its stored values taken away before."""
    bare = BytesIO()
    with ZipFile(BytesIO(file)) as source, ZipFile(bare, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = _without_values(content)
            target.writestr(name, content)
    (folder / "sheet.xlsx").write_bytes(bare.getvalue())
    subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"),
            str(folder / "sheet.xlsx"),
        ],
        check=True, capture_output=True, timeout=110,
    )  # fmt: skip
    return openpyxl.load_workbook(folder / "out" / "sheet.xlsx", data_only=True)


def _without_values(content):
    return re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", content)


def test_totals_computed_anew_are_those_stored(tmp_path):
    data = forms.report_data(200)
    doc = document(forms.report(), data, forms.REPORT_CHOICES, language="zh-CN", heading=Heading())
    book = recalculated(XlsxOutput().write(doc), tmp_path)
    checked = 0
    for value in values(doc.blocks):
        if value.is_total:
            ((title, where),) = book.defined_names[cell_name(value.pointer)].destinations
            found = book[title][where.replace("$", "")].value
            assert Decimal(str(found)) == value.raw, value.pointer
            checked += 1
    assert checked == 9


def test_totals_of_nothing_stay_empty(tmp_path):
    doc = document(forms.report(), {}, {}, language="en", heading=Heading())
    book = recalculated(XlsxOutput().write(doc), tmp_path)
    ((title, where),) = book.defined_names["c_sum"].destinations
    assert book[title][where.replace("$", "")].value in (None, "")
