"""How the cells of a worksheet look: a few named styles, which a department finds in Excel's own gallery."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook

_THIN = Side(style="thin", color="222222")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TINT = PatternFill("solid", fgColor="F1F2F0")
_FONTS = {"zh-CN": "宋体"}

POINTS = {"title": 18.0, "heading": 12.0, "small": 9.0}
"""Sizes of letters that are not the usual 11 points."""


def add_styles(book: Workbook, language: str) -> None:
    """Register the named styles; all begin with `yb`."""
    font = _FONTS.get(language, "Arial")

    def add(
        name: str,
        horizontal: str,
        size: float = 10.5,
        *,
        bold: bool = False,
        box: bool = True,
        tint: bool = False,
        vertical: str = "center",
    ) -> None:
        style = NamedStyle(f"yb {name}")
        style.font = Font(name=font, size=size, bold=bold)
        style.alignment = Alignment(
            horizontal=horizontal,
            vertical=vertical,
            wrap_text=horizontal != "right" or not box,
            indent=1 if box and horizontal != "center" else 0,
        )
        if box:
            style.border = _BOX
        if tint:
            style.fill = _TINT
        book.add_named_style(style)

    add("title", "center", POINTS["title"], bold=True, box=False)
    add("heading", "left", POINTS["heading"], bold=True, box=False)
    add("caption", "left", bold=True, box=False)
    add("text", "left", box=False)
    add("small", "left", POINTS["small"], box=False)
    add("small end", "right", POINTS["small"], box=False)
    add("end", "right", box=False)
    add("center", "center", box=False)
    add("label", "left", tint=True)
    add("head", "center", tint=True)
    add("head total", "center", tint=True, bold=True)
    add("stub", "left", tint=True)
    add("stub total", "left", tint=True, bold=True)
    add("number", "center")
    add("value", "left")
    add("writing", "left", vertical="top")
    add("figure", "right")
    add("figure boxed", "left")
    add("total", "right", bold=True)
    add("total boxed", "left", bold=True)
    add("absent", "left", tint=True)
