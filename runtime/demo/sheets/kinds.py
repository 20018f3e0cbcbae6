"""Which thirteen sheets there are: of what they tell, under which headers, and how they look. Data only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header (two texts where it stands under a merged one), its field, and how values are spelled."""

    header: tuple[str, ...]
    field: str = ""
    spelling: str = ""
    """date: `/`, `.`, `年`, `serial`, `compact`; code: `code`; boolean: `√`; number: `yuan`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet. `of` says which subjects of the register it lists."""

    name: str
    register: str
    department: str
    title: str
    columns: tuple[Column, ...]
    of: Callable[[Document], bool]
    ending: str = "xlsx"
    """xlsx, or how the CSV is written: gbk, utf8, semicolon, tab."""
    unit: str = ""
    """The header over the community's name; empty: the sheet does not say where."""
    changing: tuple[str, ...] = ()
    """Fields of which the department knows better in some rows."""
    made_up: Mapping[str, Callable[[int], Any]] | None = None
    """Fields that no register holds yet, each by the row's number."""
    most: int = 400


def _c(header: str, field: str = "", spelling: str = "") -> Column:
    return Column(tuple(header.split("/")), field, spelling)


def _has(field: str) -> Callable[[Document], bool]:
    return lambda document: field in document


KINDS: tuple[Kind, ...] = (
    Kind(
        "low-income-aid", "resident", "civil-affairs", "2026年10月低收入对象救助花名册",
        (_c("序号"), _c("姓名", "name"), _c("身份证号码", "identity_number"), _c("性别", "sex"),
         _c("救助情况/低收入救助类别", "low_income_class"), _c("救助情况/救助认定日期", "low_income_since", "."),
         _c("户号", "household_number"), _c("联系电话", "phone"), _c("备注")),
        _has("low_income_class"), unit="所属社区", changing=("phone",),
    ),
    Kind(
        "disability", "resident", "disabled-persons", "星澜市持证残疾人信息表（截至2026年10月31日）",
        (_c("序号"), _c("残疾人姓名*", "name"), _c("公民身份号码", "identity_number"), _c("性别", "sex", "code"),
         _c("残疾信息/残疾类别", "disability_kind"), _c("残疾信息/残疾等级（1-4级）", "disability_grade"),
         _c("残疾人证号", "disability_certificate"), _c("残疾人证有效期至", "disability_certificate_until", "年"),
         _c("已完成无障碍改造", "home_adapted", "√")),
        _has("disability_grade"), unit="社区", changing=("disability_grade", "disability_certificate_until"),
    ),
    Kind(
        "elderly-allowance", "resident", "civil-affairs", "高龄津贴发放名册",
        (_c("姓名", "name"), _c("身份证号", "identity_number"), _c("出生日期", "birth_date", "/"),
         _c("高龄津贴档次", "elderly_allowance"), _c("高龄津贴起始日期", "elderly_allowance_since", "serial"),
         _c("独居", "living_alone", "√"), _c("手机号", "phone")),
        _has("elderly_allowance"), ending="gbk", unit="所在社区", changing=("living_alone", "phone"),
    ),
    Kind(
        "veterans", "resident", "veterans-affairs", "退役军人和其他优抚对象登记表",
        (_c("序号"), _c("姓 名", "name"), _c("公民身份号码", "identity_number"), _c("退役军人类别", "veteran_kind"),
         _c("优待证编号", "veteran_card"), _c("退役日期", "discharge_date", "compact"), _c("联系电话", "phone")),
        _has("veteran_kind"), unit="社区", changing=("veteran_kind",),
    ),
    Kind(
        "orphans", "resident", "civil-affairs", "孤儿和困境儿童台账（2026年10月）",
        (_c("儿童姓名/姓名", "name"), _c("身份证号", "identity_number"), _c("困境儿童类别", "child_difficulty"),
         _c("孤儿养育方式", "orphan_care"), _c("孤儿认定日期", "orphan_since", "."), _c("就学状况", "schooling"),
         _c("监护人/监护人姓名", "guardian_name"), _c("监护人/监护人电话", "guardian_phone")),
        _has("child_difficulty"), unit="社区", changing=("schooling",),
        made_up={"orphan_care": lambda n: ("institution", "family", "family")[n % 3],
                 "orphan_since": lambda n: f"20{15 + n % 10}-0{1 + n % 9}-1{n % 10}"},
    ),
    Kind(
        "temporary-aid", "aid", "civil-affairs", "临时救助资金发放明细表",
        (_c("序号"), _c("办件编号", "case_number"), _c("申请人姓名", "person_name"),
         _c("申请人公民身份号码", "person_identity_number"), _c("救助项目", "kind"),
         _c("申请日期", "applied_date", "/"),
         _c("批准日期", "granted_date", "/"), _c("发放金额（元）", "amount", "yuan"), _c("办理状态", "state")),
        lambda document: document.get("kind") == "temporary", ending="semicolon", changing=("amount",),
    ),
    Kind(
        "rental-housing", "household", "housing", "出租房屋登记汇总表",
        (_c("序号"), _c("户编号", "household_number"), _c("房屋/住房地址", "address"),
         _c("房屋/建筑面积（㎡）", "floor_area"),
         _c("房屋/房屋类型", "building_kind"), _c("住房产权类型", "tenure"), _c("租赁/月租金", "monthly_rent", "yuan"),
         _c("租赁/租期至", "lease_until", "年")),
        lambda document: document.get("tenure") == "rented", changing=("monthly_rent", "lease_until"),
    ),
    Kind(
        "business-licences", "business", "market-regulation", "市场主体登记信息导出",
        (_c("统一社会信用代码", "uscc"), _c("企业名称", "name"), _c("市场主体类型", "kind"), _c("行业门类", "industry"),
         _c("法人", "legal_representative"), _c("经营地址", "address"), _c("成立日期", "registered_on", "-"),
         _c("经营状态", "state"), _c("从业人员数", "employees")),
        _has("uscc"), ending="utf8", changing=("state", "employees"),
    ),
    Kind(
        "food-venues", "venue", "market-regulation", "餐饮服务单位食品安全量化分级公示",
        (_c("序号"), _c("场所编号", "venue_number"), _c("店名", "name"), _c("场所地址", "address"),
         _c("餐饮服务类型", "food_service"), _c("食品安全/食品安全量化等级", "food_grade"),
         _c("食品安全/最近食品检查日期", "food_inspected_on", ".")),
        _has("food_service"), changing=("food_grade",),
    ),
    Kind(
        "fire-inspections", "venue", "fire-emergency", "九小场所消防检查台账（2026年10月）",
        (_c("序号"), _c("场所编号", "venue_number"), _c("场所名称", "name"), _c("场所地址", "address"),
         _c("消防安全责任人", "contact_name"), _c("责任人电话", "contact_phone"),
         _c("检查情况/最近消防检查日期", "fire_inspected_on", "年"), _c("检查情况/消防检查结果", "fire_result"),
         _c("检查情况/灭火器数", "extinguishers"), _c("三合一", "lodging_inside", "√"), _c("检查人签字")),
        _has("fire_result"), changing=("fire_result", "extinguishers"),
    ),
    Kind(
        "special-equipment", "equipment", "market-regulation", "特种设备使用登记表",
        (_c("序号"), _c("使用登记证编号", "registration_number"), _c("设备种类", "kind"),
         _c("使用单位名称", "user_name"),
         _c("使用单位信用代码", "user_uscc"), _c("使用地点", "address"),
         _c("检验/最近检验日期", "inspected_on", "serial"),
         _c("检验/下次检验日期", "inspection_due", "serial"), _c("设备状态", "state")),
        lambda document: document.get("special_equipment", 0) > 0 or document.get("employees", 0) > 2, unit="社区",
        made_up={"registration_number": lambda n: f"TS-9901-{n:05}",
                 "kind": lambda n: ("3000", "3000", "1000", "2000", "5000")[n % 5],
                 "inspected_on": lambda n: f"2026-0{1 + n % 9}-1{n % 10}",
                 "inspection_due": lambda n: f"2027-0{1 + n % 9}-1{n % 10}",
                 "state": lambda n: "stopped" if n % 17 == 0 else "in-use"},
    ),
    Kind(
        "volunteers", "resident", "civil-affairs", "注册志愿者名单",
        (_c("姓名", "name"), _c("性别", "sex"), _c("身份证号", "identity_number"), _c("志愿者", "volunteer", "√"),
         _c("注册编号", "volunteer_number"), _c("累计时长（小时）", "volunteer_hours"),
         _c("注册日期", "volunteer_since", "/")),
        _has("volunteer"), ending="tab",
        made_up={"volunteer_number": lambda n: f"9901{n:08}", "volunteer_hours": lambda n: n * 7 % 400,
                 "volunteer_since": lambda n: f"20{16 + n % 10}-{1 + n % 12:02}-{1 + n % 28:02}"},
    ),
    Kind(
        "vacant-homes", "household", "housing", "空置房屋排查表",
        (_c("序号"), _c("户号", "household_number"), _c("住房地址", "address"), _c("空置", "vacant", "√"),
         _c("居室数", "rooms"), _c("建筑面积", "floor_area"), _c("房屋危险性等级", "safety_grade")),
        lambda document: document.get("vacant") is True, unit="社区", changing=("floor_area",),
    ),
)  # fmt: skip
