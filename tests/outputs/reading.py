"""Reads back what was written: the words of a PDF, its structure, the cells of a workbook."""

import re
from functools import lru_cache
from io import BytesIO

import openpyxl
import pikepdf

_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s+<([0-9a-fA-F]+)>")


def pdf_text(file):
    """All words of a PDF in reading order, page by page, without spaces and line breaks."""
    with pikepdf.open(BytesIO(file)) as pdf:
        return ["".join(_words(page)) for page in pdf.pages]


def bare(text):
    """A text as `pdf_text` gives it: without blanks, nor the hyphens at which lines are broken."""
    return re.sub(r"\s", "", text)


def _words(page):
    letters, font = {}, None
    for name, found in page.Resources.get("/Font", {}).items():
        letters[name] = _letters(found)
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = letters[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    pairs = (codes[i : i + 2] for i in range(0, len(codes), 2))
                    yield bare("".join(font.get(pair, "?") for pair in pairs))


def _letters(font):
    """Code of two bytes -> text, from the font's ToUnicode."""
    table = font.ToUnicode.read_bytes()
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in _PAIR.findall(block):
            found[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def structure(file):
    """Each element of a PDF's structure tree: its type, depth and attributes."""
    with pikepdf.open(BytesIO(file)) as pdf:
        return list(_elements(pdf.Root.StructTreeRoot.K, 0))


def _elements(element, depth):
    for child in element if isinstance(element, pikepdf.Array) else [element]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            attributes = child.get("/A")
            yield str(child.S)[1:], depth, str(attributes) if attributes is not None else ""
            if "/K" in child:
                yield from _elements(child.K, depth + 1)


def sheet(file, *, values=False):
    """The first worksheet; with `values` as a program sees it that does not calculate."""
    return _book(file, values).worksheets[0]


def at(file, name, *, values=False):
    """The cell of a defined name."""
    book = _book(file, values)
    ((title, where),) = book.defined_names[name].destinations
    return book[title][where.replace("$", "")]


@lru_cache(8)
def _book(file, values):
    return openpyxl.load_workbook(BytesIO(file), data_only=values)


def texts(worksheet):
    """All that stands in a worksheet, row by row."""
    return [
        str(cell.value) for row in worksheet.iter_rows() for cell in row if cell.value is not None
    ]
