"""The finished workbook's package: the values of formulas put beside them, and a fixed time on every part.

openpyxl writes `<f>` without `<v>`, so that whatever does not calculate (a phone's preview, a reader) shows
nothing; and it stamps the time of saving. Both are put right in the package, in one pass, by this rule: in
the named sheets, each `<c r="REF" …><f>…</f><v/></c>` whose REF has a value gets it as `<v>`; all parts get
one date; `dcterms:modified` is set to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markupsafe import escape

_FORMULA = re.compile(
    r'<c r="(?P<ref>[A-Z]+[0-9]+)"(?P<rest>[^>]*)>(?P<f><f>[^<]*</f>)<v\s*(?:/>|>\s*</v>)</c>'
)
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_TYPE = re.compile(r'\s+t="[^"]*"')


def finish(package: bytes, computed: Mapping[str, Mapping[str, str]], moment: datetime) -> bytes:
    """The package with the values of its formulas; `computed` maps sheet part -> cell -> value as text.

    A value that is no number (the empty text of a total of nothing) is stored as text.
    """
    out = BytesIO()
    with ZipFile(BytesIO(package)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name in computed:
                content = with_values(content.decode(), computed[name]).encode()
            elif name == "docProps/core.xml":
                stamp = rf"\g<1>{moment:%Y-%m-%dT%H:%M:%SZ}\g<2>"
                content = _MODIFIED.sub(stamp, content.decode()).encode()
            target.writestr(_part(name, moment), content, ZIP_DEFLATED, 6)
    return out.getvalue()


def with_values(sheet: str, computed: Mapping[str, str]) -> str:
    """A sheet's XML with the value of each formula beside it."""

    def put(match: re.Match[str]) -> str:
        value = computed.get(match["ref"])
        if value is None:
            return match[0]
        rest = _TYPE.sub("", match["rest"]) + ("" if _is_number(value) else ' t="str"')
        return f'<c r="{match["ref"]}"{rest}>{match["f"]}<v>{escape(value)}</v></c>'

    return _FORMULA.sub(put, sheet)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text))


def _part(name: str, moment: datetime) -> ZipInfo:
    when = max(moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    info = ZipInfo(name, date_time=(when[0], when[1], when[2], when[3], when[4], when[5]))
    info.external_attr = 0o600 << 16
    return info
