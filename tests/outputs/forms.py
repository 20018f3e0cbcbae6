"""Plans made by hand, small and large, with data that fit them; for tests of what is written from them."""

from decimal import Decimal

from runtime.definitions.plan import (
    Branch,
    Cell,
    Choice,
    Columns,
    Condition,
    CrossTable,
    Form,
    Group,
    Header,
    Locked,
    Note,
    Plan,
    Rows,
    Section,
    Words,
)
from runtime.fields.catalogue import field_types

ADDRESS = "https://yibiao.example/defs/forms/disabled-persons/sample.json"


def words(en, zh="", *, text="", unit=("", "")):
    return Words(
        title={"en": en, **({"zh-CN": zh} if zh else {})},
        description={"en": text} if text else {},
        unit={"en": unit[0], "zh-CN": unit[1]} if unit[0] else {},
    )


def cell(path, said, schema, **more):
    """A cell whose field type is the one that fits `schema`."""
    kind = field_types.of(schema)
    return Cell(
        path=tuple(filter(None, path.split("/"))),
        words=said,
        field=kind.name,
        options=kind.options(schema),
        **more,
    )


def plan(*parts, outputs=None, bundle=None, number="DPF-07", title=None):
    said = title or words("Sample, monthly", "样表", text="By the fifth of the month.")
    return Plan(
        root=Group(words=said, children=parts),
        words=said,
        form=Form(
            number=number,
            department="disabled-persons",
            frequency="monthly",
            outputs=outputs or {},
        ),
        address=ADDRESS,
        digest="a3f1c2d4e5f607182930",
        bundle=bundle or {"$id": ADDRESS, "type": "object"},
    )


PERSONS = ("persons", "人")
YUAN = ("yuan", "元")
GRADES = [("1", "Grade 1", "一级"), ("2", "Grade 2", "二级"), ("3", "Grade 3", "三级")]
AGES = [("0-17", "Under 18", "18岁以下"), ("18-", "18 and over", "18岁及以上")]
SEXES = [("female", "Female", "女"), ("male", "Male", "男")]
TOTAL = {"en": "Total", "zh-CN": "合计"}


def header(en, zh, *below):
    return Header(title={"en": en, "zh-CN": zh}, children=below)


def cross_table(ages=AGES):
    """Grades down, ages over sexes across, with totals of both."""
    leaves = [f"{age}/{sex}" for age, _en, _zh in ages for sex, _en, _zh in SEXES]
    figure = {"type": "integer", "minimum": 0}
    computed = {"type": "integer", "totalOf": ["0"]}
    unit = words("", unit=PERSONS)
    lines = []
    for grade, _en, _zh in GRADES:
        total = tuple(f"1/{leaf}" for leaf in leaves)
        lines.append(
            (
                *(cell(f"{grade}/{leaf}", unit, figure) for leaf in leaves),
                cell(f"{grade}/total", unit, computed, total_of=total),
            )
        )
    lines.append(
        (
            *(
                cell(
                    f"total/{leaf}",
                    unit,
                    computed,
                    total_of=tuple(f"3/{grade}/{leaf}" for grade, _en, _zh in GRADES),
                )
                for leaf in leaves
            ),
            cell("total/total", unit, computed, total_of=("2/1/total", "2/2/total", "2/3/total")),
        )
    )
    return CrossTable(
        id="holders",
        path=("holders",),
        corner={"en": "Grade", "zh-CN": "等级"},
        columns=(
            *(header(en, zh, *(header(e, z) for _s, e, z in SEXES)) for _age, en, zh in ages),
            Header(title=TOTAL, total=True),
        ),
        rows=(
            *(header(en, zh) for _grade, en, zh in GRADES),
            Header(title=TOTAL, total=True),
        ),
        cells=tuple(lines),
    )


def figures(ages=AGES):
    """Figures for `cross_table`, with their totals."""
    codes = [grade for grade, _en, _zh in GRADES]
    table = {
        grade: {
            age: {sex: 3 * i + 2 * j + k for k, (sex, _e, _z) in enumerate(SEXES)}
            for j, (age, _en, _zh) in enumerate(ages)
        }
        for i, grade in enumerate(codes)
    }
    for line in table.values():
        line["total"] = sum(n for age in line.values() for n in age.values())
    table["total"] = {
        age: {sex: sum(table[g][age][sex] for g in codes) for sex, _e, _z in SEXES}
        for age, _en, _zh in ages
    }
    table["total"]["total"] = sum(table[g]["total"] for g in codes)
    return table


def rows():
    """Repeated rows with a group in them, and their sum."""
    return (
        Rows(
            path=("rows",),
            words=words("Aid cases", "救助对象"),
            item=Group(
                children=(
                    cell("name", words("Name", "姓名"), {"type": "string"}),
                    cell(
                        "number",
                        words("Identity number", "身份证号码"),
                        {"type": "string", "format": "cn-ric"},
                    ),
                    Group(
                        path=("home",),
                        words=words("Home", "住址"),
                        children=(
                            cell("street", words("Street", "街道"), {"type": "string"}),
                            cell("address", words("Address", "地址"), {"type": "string"}),
                        ),
                    ),
                    cell(
                        "amount",
                        words("Amount", "金额", unit=YUAN),
                        {"type": "number", "digits": 2},
                    ),
                    cell(
                        "day", words("Granted on", "批准日期"), {"type": "string", "format": "date"}
                    ),
                )
            ),
        ),
        cell(
            "sum",
            words("Total of aid", "救助金额合计", unit=YUAN),
            {"type": "number", "digits": 2, "totalOf": ["1/rows/*/amount"]},
            total_of=("1/rows/*/amount",),
        ),
    )


def cases(count):
    """So many rows for `rows`."""
    return [
        {
            "name": f"王芳{i}",
            "number": f"65010319800101{i:04}",
            "home": {"street": "湖滨街道", "address": f"友好北路{i}号3号楼2单元{100 + i}室"},
            "amount": Decimal(10_000 + 37 * i) / 100,
            "day": f"2026-10-{1 + i % 28:02}",
        }
        for i in range(count)
    ]


def report(**more):
    """A report of every shape: cross-table, fields in columns, rows, a choice, conditions, a locked part."""
    yes = {"type": "object", "properties": {"visited": {"const": True}}, "required": ["visited"]}
    kinds = (
        Branch(
            key="0",
            words=words("By post", "邮寄"),
            schema={},
            node=Group(children=(cell("address", words("Address", "地址"), {"type": "string"}),)),
        ),
        Branch(
            key="1",
            words=words("By phone", "电话"),
            schema={},
            node=Group(
                children=(
                    cell(
                        "phone", words("Phone", "电话号码"), {"type": "string", "format": "phone"}
                    ),
                )
            ),
        ),
    )
    return plan(
        Section(id="one", words=words("1 Holders", "一、持证人数"), children=(cross_table(),)),
        Section(
            id="two",
            words=words("2 Services", "二、服务"),
            children=(
                Columns(
                    id="pair",
                    count=2,
                    children=(
                        cell(
                            "services/visits",
                            words("Visits", "走访", unit=("times", "次")),
                            {"type": "integer"},
                        ),
                        cell(
                            "services/paid",
                            words("Paid", "发放", unit=YUAN),
                            {"type": "number", "digits": 2},
                        ),
                        cell("visited", words("Visited at home", "是否入户"), {"type": "boolean"}),
                        cell(
                            "visited_on",
                            words("Visited on", "入户日期"),
                            {"type": "string", "format": "date"},
                            when=(Condition(schema=yes),),
                        ),
                    ),
                ),
                cell(
                    "remarks", words("Remarks", "备注"), {"type": "string", "format": "long-text"}
                ),
            ),
        ),
        Section(id="three", words=words("3 Cases", "三、名单"), children=rows()),
        Choice(path=("reply",), words=words("Reply", "答复方式"), keyword="oneOf", branches=kinds),
        Locked(path=("extra",), words=words("Extra", "附加"), reason="patternProperties"),
        Note(id="note", words=words("", text="Count each household once.")),
        **more,
    )


def report_data(count=3):
    """An entry of `report`."""
    listed = cases(count)
    return {
        "holders": figures(),
        "services": {"visits": 38, "paid": Decimal("15700.50")},
        "visited": True,
        "visited_on": "2026-10-29",
        "remarks": "本月新增两名。\n均已核查。",
        "rows": listed,
        "sum": sum(case["amount"] for case in listed),
        "reply": {"phone": "010-12345678"},
        "extra": {"b": [1, Decimal("2.50")]},
    }


REPORT_CHOICES = {"/reply#oneOf": "1"}
