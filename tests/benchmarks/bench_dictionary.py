"""Where-used over a thousand forms, and the radar over five thousand fields: what a designer waits for while typing.

Where-used is told as a page asks it: after somebody has changed one form, so that one of the thousand is read anew.
Each form has a sheet of its own, no two the same, and every cell of it that shows the field is told.
The radar's names are made of words that many share, as in a real dictionary, half of them with Chinese translations.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from builder.dictionary.uses import Where
from builder.radar import Wanted, index_of, similar
from runtime.api import BASE, Library, own_sheets
from runtime.storage.tables import Base
from tests.benchmarks.measuring import Measure, milliseconds, percentile

FORMS, FIELDS, CELLS = 1_000, 5_000, 40
REGISTERS = 50
WHAT = [
    "birth",
    "death",
    "licence",
    "permit",
    "lease",
    "rent",
    "visit",
    "phone",
    "mobile",
    "account",
    "card",
    "certificate",
    "grade",
    "class",
]
OF = [
    "resident",
    "household",
    "venue",
    "business",
    "owner",
    "tenant",
    "guardian",
    "carer",
    "doctor",
    "officer",
    "school",
    "shop",
]
HOW = [
    "date",
    "number",
    "name",
    "kind",
    "state",
    "place",
    "reason",
    "amount",
    "days",
    "level",
    "office",
    "remark",
]
CHINESE = "出生死亡执照许可租约租金走访电话手机账户证件等级类别日期号码名称种类状态地点原因金额天数"
QUERIES = (
    "Birth date of the resident",
    "date of birth",
    "Mobile numbr of guardian",
    "出生日期",
    "Lease",
    "licence state",
    "something that nobody has",
    "chushengriqi",
)


def measure() -> Iterator[Measure]:
    session = Session(create_engine("sqlite://"))
    Base.metadata.create_all(session.connection())
    sheets = [own_sheets.keep_asset(session, one, None) for one in workbooks()]
    library = made(sheets)
    some = [
        f"{BASE}dictionary/r{n % REGISTERS}.json#/properties/f{n}" for n in range(0, FIELDS, 250)
    ]
    assert any(use.cells for use in Where(library, session).of(some[0]))
    taken = milliseconds(lambda: _used_after_a_change(library, session, sheets, some), 40)
    yield Measure("builder.where_used1000.ms", percentile(taken, 0.95), "ms", "≤ 50")
    index = index_of(library)
    slowest = max(
        percentile(milliseconds(lambda q=query: similar(index, Wanted((q,))), 40), 0.95)
        for query in QUERIES
    )
    yield Measure("builder.radar5000.ms", slowest, "ms", "≤ 30")


_round = iter(range(1_000_000))


def _used_after_a_change(
    library: Library, session: Session, sheets: list[str], some: list[str]
) -> int:
    n = next(_round)
    changed = library.with_documents({form_address(n % FORMS): form(n, sheets)})
    return len(Where(changed, session).of(some[n % len(some)]))


def workbooks() -> Iterator[bytes]:
    """A sheet for each form, with a name for each cell; they differ by a remark."""
    book = Workbook()
    for cell in range(CELLS):
        name = own_sheets.defined_name(f"/c{cell}")
        book.defined_names[name] = DefinedName(name, attr_text=f"Sheet!$B${cell + 1}")
    out = BytesIO()
    book.save(out)
    for n in range(FORMS):
        one = BytesIO(out.getvalue())
        with ZipFile(one, "a") as package:
            package.comment = str(n).encode()
        yield one.getvalue()


def made(sheets: list[str]) -> Library:
    """A dictionary of so many fields, and so many forms over it."""
    chance = random.Random(11)
    registers: dict[str, dict[str, Any]] = {
        f"{BASE}dictionary/r{n}.json": {
            "title": f"Register {n}",
            "type": "object",
            "properties": {},
        }
        for n in range(REGISTERS)
    }
    for n in range(FIELDS):
        home = registers[f"{BASE}dictionary/r{n % REGISTERS}.json"]
        home["properties"][f"f{n}"] = field(chance)
    forms = {form_address(n): form(n, sheets) for n in range(FORMS)}
    return Library.of({**registers, **forms})


def field(chance: random.Random) -> dict[str, Any]:
    """A field with a name of words that many share."""
    words = [chance.choice(WHAT), chance.choice(HOW), "of the", chance.choice(OF)]
    found: dict[str, Any] = {"type": "string", "title": " ".join(words).capitalize()}
    if chance.random() < 0.5:
        found["translations"] = {"zh-CN": {"title": "".join(chance.sample(CHINESE, 4))}}
    if chance.random() < 0.3:
        found["synonyms"] = [f"{chance.choice(OF)} {chance.choice(WHAT)}"]
    return found


def form_address(n: int) -> str:
    """The address of one of the forms."""
    return f"{BASE}forms/d{n % 20}/form-{n}.json"


def form(n: int, sheets: list[str]) -> dict[str, Any]:
    """A form of so many cells, each of a field."""
    chance = random.Random(n)
    cells = {}
    for cell in range(CELLS):
        k = chance.randrange(FIELDS)
        cells[f"c{cell}"] = {"$ref": f"../../dictionary/r{k % REGISTERS}.json#/properties/f{k}"}
    outputs = {"xlsx": {"template": sheets[n % FORMS]}}
    return {"title": f"Form {n}", "type": "object", "properties": cells, "outputs": outputs}
