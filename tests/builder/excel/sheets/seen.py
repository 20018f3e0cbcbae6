"""The sheets that the recogniser was worked on with."""

# ruff: noqa: E501 - a line of a sheet is one line

from __future__ import annotations

from tests.builder.excel.sheets.describe import Described, Page

SEX = ("1", "2")
GRADES = (("1", "一级"), ("2", "二级"), ("3", "三级"), ("4", "四级"))
AGES = ("0-17", "18-59", "60-")
KINDS = (
    ("1", "视力残疾"), ("2", "听力残疾"), ("3", "言语残疾"), ("4", "肢体残疾"), ("5", "智力残疾"),
    ("6", "精神残疾"), ("7", "多重残疾"),
)  # fmt: skip


def _row(*parts: str) -> str:
    return " | ".join(parts)


def _holders_three_rows() -> Page:
    """Statistics with three header rows, totals at the side and at the bottom."""
    head = [
        "~残疾人基本情况统计表" + " | >" * 7,
        "~填报单位：{@unit} | > | > | ~报告期：{@period} | > | ~计量单位：人 | > | >",
        "残疾等级 | 持证残疾人数 | > | > | > | > | > | >",
        "^ | 18岁以下 | > | 18至59岁 | > | 60岁及以上 | > | 合计",
        "^ | 男 | 女 | 男 | 女 | 男 | 女 | ^",
    ]
    body = [
        _row(
            title,
            *(f"[disability.holders/{grade}/{age}/{sex}]" for age in AGES for sex in SEX),
            f"[disability.holders/{grade}/total/total]",
        )
        for grade, title in (*GRADES, ("total", "合计"))
    ]
    foot = [
        "~填表人：{@filled_by} | > | > | ~负责人：{@responsible} | > | > | ~填报日期：{@reported_on} | >"
    ]
    return Page([*head, *body, *foot], widths={1: 12})


def _holders_by_kind() -> Page:
    head = ["~持证残疾人类别统计表 | > | > | >", "残疾类别 | 男性 | 女性 | 小计"]
    body = [
        _row(title, *(f"[disability.holders_by_kind/{kind}/{sex}]" for sex in (*SEX, "total")))
        for kind, title in (*KINDS, ("total", "合计"))
    ]
    return Page([*head, *body], shaded=True)


def _holders_numbered() -> Page:
    """A line of column numbers under the headers, a column of line numbers, grades in figures."""
    head = [
        "~持证残疾人按等级性别统计 | > | > | > | >",
        "等级 | 行次 | 男 | 女 | 合计",
        "甲 | 乙 | 1 | 2 | 3",
    ]
    body = [
        _row(
            f"{grade}级" if grade != "total" else "总计",
            str(n),
            *(f"[disability.holders/{grade}/total/{sex}]" for sex in (*SEX, "total")),
        )
        for n, (grade, _title) in enumerate((*GRADES, ("total", "")), start=1)
    ]
    return Page([*head, *body])


def _industry() -> Page:
    names = (
        ("A", "农、林、牧、渔业"), ("B", "采矿业"), ("C", "制造业"), ("E", "建筑业"), ("F", "批发和零售业"),
        ("H", "住宿和餐饮业"), ("K", "房地产业"), ("P", "教育"),
    )  # fmt: skip
    body = [_row(str(n), title, "户", f"[business.by_industry/{code}]")
            for n, (code, title) in enumerate(names, start=1)]  # fmt: skip
    return Page(
        ["~按行业分的在业市场主体 | > | > | >", "序号 | 行业门类 | 计量单位 | 在业户数", *body]
    )


def _businesses() -> Page:
    """Several indicators beside one another, each by the same kinds."""
    kinds = (("company", "公司"), ("branch", "分支机构"), ("sole", "个体工商户"),
             ("partnership", "合伙企业"), ("cooperative", "农民专业合作社"))  # fmt: skip
    names = ("operating", "suspended", "lost", "registered", "employees")
    body = [
        _row(title, *(f"[business.{name}/{kind}]" for name in names))
        for kind, title in (*kinds, ("total", "合计"))
    ]
    return Page(
        [
            "~市场主体情况季报 | > | > | > | > | >",
            "~单位（盖章）：{@unit} | > | > | > | ~{@period}年    季度 | >",
            "市场主体类型 | 在业户数 | 歇业户数 | 查无下落户数 | 新设户数 | 从业人员",
            *body,
        ],
        shaded=True,
    )


def _housing() -> Page:
    """Rows and columns together name the indicator."""
    kinds = (("rented", "市场租赁住房"), ("public", "公共租赁住房"))
    body = [
        _row(title, *(f"[housing.{kind}_{what}]" for what in ("homes", "persons", "area")))
        for kind, title in kinds
    ]
    return Page(
        [
            "~住房租赁情况统计表 | > | > | >",
            "住房类别 | 套数（套） | 居住人数（人） | 建筑面积（平方米）",
            *body,
            "空置住房 | [housing.vacant_homes] | - | [housing.vacant_area]",
        ]
    )


SEEN = (
    Described("holders, three header rows", (_holders_three_rows(),)),
    Described("holders by kind", (_holders_by_kind(),)),
    Described("holders with numbered lines", (_holders_numbered(),)),
    Described("industries with units", (_industry(),)),
    Described("businesses, five indicators", (_businesses(),)),
    Described("rented dwellings", (_housing(),)),
    Described(
        "one resident",
        (
            Page("""
~残疾人入户调查登记表 | > | > | >
姓名 | [resident.name] | 性别 | [resident.sex]
出生日期 | [resident.birth_date] | 身份证号 | [resident.identity_number]
联系电话 | [resident.phone] | 文化程度 | [resident.education]
现居住地址 | [resident.address] | > | >
残疾类别 | [resident.disability_kind] | 残疾等级 | [resident.disability_grade]
残疾人证号 | [resident.disability_certificate] | 有效期至 | [resident.disability_certificate_until]
监护人姓名 | [resident.guardian_name] | 监护人电话 | [resident.guardian_phone]
调查员意见 | [] | > | >
"""),
        ),
    ),
    Described(
        "one resident, filled",
        (
            Page(
                """
~高龄老人信息卡 | > | > | > | > | >
姓名 | [resident.name]=王秀兰 | 性别 | [resident.sex]=女 | 出生日期 | [resident.birth_date]=1938-03-12
公民身份号码 | [resident.identity_number]=990101193803120021 | > | 联系电话 | [resident.phone]=13900000018 | >
家庭住址 | [resident.address]=湖滨路12号3栋201室 | > | > | > | >
婚姻状况 | [resident.marital_status]=丧偶 | 老年人能力等级 | [resident.elderly_ability]=能力完好 | 是否独居 | [resident.living_alone]=是
高龄津贴档次 | [resident.elderly_allowance]=80至89岁档 | 高龄津贴起始日期 | [resident.elderly_allowance_since]=2018-04-01 | 备注 | []=
""",
                shaded=True,
            ),
        ),
    ),
    Described(
        "one resident, English",
        (
            Page(
                """
~Home visit record | > | > | >
Name | [resident.name] | Sex | [resident.sex]
Date of birth | [resident.birth_date] | Phone | [resident.phone]
Address | [resident.address] | > | >
Lives alone | [resident.living_alone] | Last home visit | [resident.visited_on]
Emergency contact | [resident.emergency_contact] | Emergency phone | [resident.emergency_phone]
What was agreed | [] | > | >
~Visited by: {@filled_by} | > | > | >
""",
                shaded=True,
            ),
        ),
    ),
    Described(
        "one business",
        (
            Page("""
~市场主体实地核查表 | > | > | >
企业名称 | [business.name] | > | >
统一社会信用代码 | [business.uscc] | 法定代表人 | [business.legal_representative]
市场主体类型 | [business.kind] | 行业门类 | [business.industry]
经营场所 | [business.address] | > | >
成立日期 | [business.registered_on] | 营业期限至 | [business.licence_until]
从业人员数 | [business.employees] | 特种设备数 | [business.special_equipment]
经营状态 | [business.state] | 市场主体联系电话 | [business.phone]
核查情况 | [] | > | >
"""),
        ),
    ),
    Described(
        "one household with section lines",
        (
            Page("""
~出租房屋登记表 | > | > | >
一、房屋基本情况 | > | > | >
户编号 | [household.household_number] | 房屋类型 | [household.building_kind]
住房地址 | [household.address] | > | >
居室数 | [household.rooms] | 建筑面积 | [household.floor_area]
二、租赁情况 | > | > | >
户主姓名 | [household.head_name] | 居住人数 | [household.persons]
月租金 | [household.monthly_rent] | 租期至 | [household.lease_until]
租赁合同备案日期 | [household.lease_filed_on] | 燃气种类 | [household.gas_kind]
三、安全情况 | > | > | >
独立式感烟报警器 | [household.smoke_alarm] | 房屋危险性等级 | [household.safety_grade]
说明：本表一式两份，社区和街道各存一份。 | > | > | >
"""),
        ),
    ),
    Described(
        "list of children",
        (
            Page("""
~困境儿童花名册 | > | > | > | > | > | > | >
~填报单位：{@unit} | > | > | > | ~填报日期：{@reported_on} | > | > | >
序号 | 姓名 | 性别 | 身份证号码 | 困境儿童类别 | 就学状况 | 监护人姓名 | 监护人电话
1 | [resident.name] | [resident.sex] | [resident.identity_number] | [resident.child_difficulty] | [resident.schooling] | [resident.guardian_name] | [resident.guardian_phone]
2 | [resident.name] | [resident.sex] | [resident.identity_number] | [resident.child_difficulty] | [resident.schooling] | [resident.guardian_name] | [resident.guardian_phone]
3 | [resident.name] | [resident.sex] | [resident.identity_number] | [resident.child_difficulty] | [resident.schooling] | [resident.guardian_name] | [resident.guardian_phone]
"""),
        ),
    ),
    Described(
        "list of veterans, two header rows, no numbers",
        (
            Page(
                """
~退役军人信息登记表 | > | > | > | > | >
基本信息 | > | > | 服役信息 | > | 备注
姓名 | 性别 | 手机号 | 退役军人类别 | 退役日期 | ^
[resident.name] | [resident.sex] | [resident.phone] | [resident.veteran_kind] | [resident.discharge_date] | []
[resident.name] | [resident.sex] | [resident.phone] | [resident.veteran_kind] | [resident.discharge_date] | []
[resident.name] | [resident.sex] | [resident.phone] | [resident.veteran_kind] | [resident.discharge_date] | []
[resident.name] | [resident.sex] | [resident.phone] | [resident.veteran_kind] | [resident.discharge_date] | []
""",
                shaded=True,
            ),
        ),
    ),
    Described(
        "list, filled",
        (
            Page("""
~特种设备台账 | > | > | > | > | >
序号 | 使用单位 | 设备种类 | 使用登记证编号 | 下次检验日期 | 安全管理员
1 | [equipment.user_name]=湖滨百货商场 | [equipment.kind]=电梯 | [equipment.registration_number]=梯11990001 | [equipment.inspection_due]=2026-12-01 | [equipment.safety_officer]=刘洋
2 | [equipment.user_name]=河东宾馆 | [equipment.kind]=电梯 | [equipment.registration_number]=梯11990002 | [equipment.inspection_due]=2027-02-11 | [equipment.safety_officer]=陈敏
3 | [equipment.user_name]=龙泉浴池 | [equipment.kind]=锅炉 | [equipment.registration_number]=锅21990003 | [equipment.inspection_due]=2026-11-20 | [equipment.safety_officer]=赵磊
"""),
        ),
    ),
    Described(
        "list, English, no borders",
        (
            Page(
                """
~Fire inspection list | | | |
Venue | Address of the venue | Last fire inspection | Result of the fire inspection | Defects found
[venue.name]=Lakeside Hotel | [venue.address]=12 Lake Road | [venue.fire_inspected_on]=2026-10-02 | [venue.fire_result]=Passed | [venue.fire_defects]=none
[venue.name]=East Workshop | [venue.address]=3 East Road | [venue.fire_inspected_on]=2026-10-04 | [venue.fire_result]=Minor defects | [venue.fire_defects]=cable
""",
                borders=False,
                shaded=True,
            ),
        ),
    ),
    Described(
        "indicators in lines",
        (
            Page("""
~低收入救助工作月报表 | > | > | >
~填报单位：{@unit} | > | ~{@period}年   月 | >
指标名称 | 计量单位 | 代码 | 本月数
最低生活保障家庭 | 户 | 01 | [low-income.minimum_households]
最低生活保障人数 | 人 | 02 | [low-income.minimum_persons]
特困供养人数 | 人 | 03 | [low-income.destitute_persons]
受理申请 | 件 | 04 | [low-income.applications]
新批准 | 件 | 05 | [low-income.granted]
终止救助 | 件 | 06 | [low-income.ended]
入户核查 | 户次 | 07 | [low-income.checks]
发放最低生活保障金 | 元 | 08 | [low-income.paid]
"""),
        ),
    ),
    Described(
        "indicators as label and value",
        (
            Page("""
~养老服务情况 | > | > | >
80周岁及以上未享受津贴人数 | [elderly.entitled] | 新增享受 | [elderly.begun]
独居老年人 | [elderly.living_alone] | 重度及完全失能老年人 | [elderly.dependent]
助餐服务（人次） | [elderly.meals] | 电话关爱（次） | [elderly.calls]
存在的问题 | [] | > | >
"""),
        ),
    ),
    Described(
        "two tables on a sheet",
        (
            Page("""
~残疾人工作月报 | > | > | >
~一、持证残疾人类别 | > | > | >
类别 | 男 | 女 | 合计
视力残疾 | [disability.holders_by_kind/1/1] | [disability.holders_by_kind/1/2] | [disability.holders_by_kind/1/total]
听力残疾 | [disability.holders_by_kind/2/1] | [disability.holders_by_kind/2/2] | [disability.holders_by_kind/2/total]
肢体残疾 | [disability.holders_by_kind/4/1] | [disability.holders_by_kind/4/2] | [disability.holders_by_kind/4/total]
 | | |
~二、本月服务情况 | > | > | >
项目 | 数量 | 项目 | 数量
入户走访持证残疾人 | [disability.visited] | 借出辅助器具 | [disability.devices_lent]
完成无障碍改造 | [disability.home_adaptations] | 社区康复服务 | [disability.rehabilitation]
"""),
        ),
    ),
    Described(
        "several sheets",
        (
            Page(
                """
~食品安全监督检查情况 | > | >
项目 | 单位 | 数量
检查场所 | 户 | [food.inspected]
快速检测批次 | 批次 | [food.tests]
快检不合格批次 | 批次 | [food.tests_failed]
处理投诉举报 | 件 | [food.complaints]
罚没金额 | 元 | [food.penalty_amount]
""",
                name="汇总",
            ),
            Page(
                """
~不合格样品明细 | > | > | > | >
序号 | 食品名称 | 不合格项目 | 检测值 | 限量值
1 | [sample.food] | [sample.substance] | [sample.value] | [sample.limit]
2 | [sample.food] | [sample.substance] | [sample.value] | [sample.limit]
""",
                name="明细",
            ),
            Page(
                "~填表说明：一、本表每月报送一次；二、数据截至月末。 | > | >",
                name="说明",
                borders=False,
            ),
        ),
    ),
    Described(
        "record with a list below",
        (
            Page("""
~低保家庭核查表 | > | > | > | > | >
户主姓名 | [household.head_name] | 户编号 | [household.household_number] | 住户联系电话 | [household.phone]
家庭救助类别 | [household.low_income_class] | 家庭人均月收入 | [household.income_per_head] | 保障人数 | [household.aid_persons]
家庭成员情况 | > | > | > | > | >
姓名 | 与户主关系 | 公民身份号码 | 就业状况 | 基本医疗保险 | 备注
[resident.name] | [resident.relation_to_head] | [resident.identity_number] | [resident.employment_status] | [resident.medical_insurance] | []
[resident.name] | [resident.relation_to_head] | [resident.identity_number] | [resident.employment_status] | [resident.medical_insurance] | []
[resident.name] | [resident.relation_to_head] | [resident.identity_number] | [resident.employment_status] | [resident.medical_insurance] | []
核查人签字 | [] | > | > | > | >
"""),
        ),
    ),
    Described(
        "totals as formulas",
        (
            Page("""
~高龄津贴领取人统计 | > | > | >
档次 | 男 | 女 | 合计
80至89岁 | [elderly.allowances/80/1] | [elderly.allowances/80/2] | =B3+C3
90至99岁 | [elderly.allowances/90/1] | [elderly.allowances/90/2] | =B4+C4
百岁及以上 | [elderly.allowances/100/1] | [elderly.allowances/100/2] | =B5+C5
合计 | =SUM(B3:B5) | =SUM(C3:C5) | =SUM(D3:D5)
"""),
        ),
    ),
    Described(
        "ages in rows, sexes in columns, away from the corner",
        (
            Page(
                """
~60周岁及以上居民年龄构成 | > | > | >
年龄 | 男（人） | 女（人） | 合计（人）
60－69岁 | [elderly.residents/60-69/1] | [elderly.residents/60-69/2] | [elderly.residents/60-69/total]
70－79岁 | [elderly.residents/70-79/1] | [elderly.residents/70-79/2] | [elderly.residents/70-79/total]
80－89岁 | [elderly.residents/80-89/1] | [elderly.residents/80-89/2] | [elderly.residents/80-89/total]
90－99岁 | [elderly.residents/90-99/1] | [elderly.residents/90-99/2] | [elderly.residents/90-99/total]
100岁及以上 | [elderly.residents/100-/1] | [elderly.residents/100-/2] | [elderly.residents/100-/total]
合计 | [elderly.residents/total/1] | [elderly.residents/total/2] | [elderly.residents/total/total]
""",
                at=(3, 2),
            ),
        ),
    ),
    Described(
        "food venues by kind and grade, English",
        (
            Page(
                """
~Venues that serve food | > | > | > | >
Kind of food service | A: excellent | B: good | C: fair | Total
Restaurant | [food.venues/restaurant/A] | [food.venues/restaurant/B] | [food.venues/restaurant/C] | [food.venues/restaurant/total]
Snack bar | [food.venues/snack/A] | [food.venues/snack/B] | [food.venues/snack/C] | [food.venues/snack/total]
Canteen of an employer | [food.venues/canteen/A] | [food.venues/canteen/B] | [food.venues/canteen/C] | [food.venues/canteen/total]
Total | [food.venues/total/A] | [food.venues/total/B] | [food.venues/total/C] | [food.venues/total/total]
""",
                shaded=True,
            ),
        ),
    ),
    Described(
        "a table of the department's own",
        (
            Page("""
~志愿服务站点建设情况 | > | > | >
站点类型 | 已建数 | 在建数 | 面积
综合站 | [] | [] | []
专项站 | [] | [] | []
流动站 | [] | [] | []
"""),
        ),
    ),
    Described(
        "tenure by building, groups in rows",
        (
            Page(
                [
                    "~按产权和房屋类型分的有人居住住房 | > | > | > | > | >",
                    "产权类型 | 有人居住住房（套） | > | > | > | >",
                    "^ | 电梯楼房 | 无电梯楼房 | 平房 | 自建房 | 合计",
                    *(
                        _row(
                            title,
                            *(
                                f"[housing.by_tenure/{code}/{kind}]"
                                for kind in ("tower", "walk-up", "single", "self-built", "total")
                            ),
                        )
                        for code, title in (
                            ("owned", "自有住房"),
                            ("rented", "市场租赁"),
                            ("public-rental", "公共租赁"),
                            ("total", "合  计"),
                        )
                    ),
                ]
            ),
        ),
    ),
    Described(
        "venues by result with groups of rows",
        (
            Page("""
~场所消防检查情况 | > | > | > | >
场所 | > | 合格 | 一般隐患 | 重大隐患
人员密集场所 | 宾馆、民宿 | [fire.venues/hotel/passed] | [fire.venues/hotel/minor] | [fire.venues/hotel/serious]
^ | 养老机构 | [fire.venues/care-home/passed] | [fire.venues/care-home/minor] | [fire.venues/care-home/serious]
^ | 文化娱乐场所 | [fire.venues/leisure/passed] | [fire.venues/leisure/minor] | [fire.venues/leisure/serious]
九小场所 | 小商店 | [fire.venues/shop/passed] | [fire.venues/shop/minor] | [fire.venues/shop/serious]
^ | 小作坊 | [fire.venues/workshop/passed] | [fire.venues/workshop/minor] | [fire.venues/workshop/serious]
"""),
        ),
    ),
    Described(
        "label, blank and unit after one another, no borders",
        (
            Page(
                """
~特殊困难老年人月报 | | |
~单位名称： | [@unit] | |
~独居老年人： | [elderly.living_alone] | ~人 |
~其中超过30天未走访： | [elderly.unvisited] | ~人 |
~电话关爱： | [elderly.calls] | ~次 |
~经办人： | [@filled_by] | |
""",
                borders=False,
            ),
        ),
    ),
)
