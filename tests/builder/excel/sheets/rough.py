"""Rough sheets, written after the recogniser: as people really draw them. Nothing was changed for a single one."""

# ruff: noqa: E501 - a line of a sheet is one line

from __future__ import annotations

from tests.builder.excel.sheets.describe import Described, Page

ROUGH = tuple(
    Described(name, pages, seen=False)
    for name, pages in {
        "spread letters, broken lines": (
            Page(
                [
                    "~高 龄 老 人 走 访 登 记 表 | > | > | >",
                    "姓   名 | [resident.name] | 性   别 | [resident.sex]",
                    "出 生 年 月 | [resident.birth_date] | 文 化 程 度 | [resident.education]",
                    "身份证\n号  码 | [resident.identity_number] | 联 系\n电 话 | [resident.phone]",
                    "住    址 | [resident.address] | > | >",
                    "走访\n情况 | [] | > | >",
                ]
            ),
        ),
        "photo box and tall merges": (
            Page("""
~志愿者登记表 | > | > | > | >
姓名 | [resident.name] | 性别 | [resident.sex] | []
出生日期 | [resident.birth_date] | 婚姻状况 | [resident.marital_status] | ^
手机号码 | [resident.phone] | > | > | ^
现住址 | [resident.address] | > | > | >
紧急联系人 | [resident.emergency_contact] | 紧急联系电话 | [resident.emergency_phone] | >
"""),
        ),
        "totals first": (
            Page("""
~持证残疾人情况 | > | > | >
残疾类别 | 合计 | 其中：男 | 女
合计 | [disability.holders_by_kind/total/total] | [disability.holders_by_kind/total/1] | [disability.holders_by_kind/total/2]
视力残疾 | [disability.holders_by_kind/1/total] | [disability.holders_by_kind/1/1] | [disability.holders_by_kind/1/2]
听力残疾 | [disability.holders_by_kind/2/total] | [disability.holders_by_kind/2/1] | [disability.holders_by_kind/2/2]
言语残疾 | [disability.holders_by_kind/3/total] | [disability.holders_by_kind/3/1] | [disability.holders_by_kind/3/2]
肢体残疾 | [disability.holders_by_kind/4/total] | [disability.holders_by_kind/4/1] | [disability.holders_by_kind/4/2]
智力残疾 | [disability.holders_by_kind/5/total] | [disability.holders_by_kind/5/1] | [disability.holders_by_kind/5/2]
精神残疾 | [disability.holders_by_kind/6/total] | [disability.holders_by_kind/6/1] | [disability.holders_by_kind/6/2]
多重残疾 | [disability.holders_by_kind/7/total] | [disability.holders_by_kind/7/1] | [disability.holders_by_kind/7/2]
"""),
        ),
        "codes across the top, one line": (
            Page("""
~残疾人持证情况一览 | > | > | > | >
项目 | 一级 | 二级 | 三级 | 四级
持证残疾人数 | [disability.holders/1/total/total] | [disability.holders/2/total/total] | [disability.holders/3/total/total] | [disability.holders/4/total/total]
"""),
        ),
        "ten thousands of yuan": (
            Page("""
~低收入救助资金情况 | > | >
指标 | 计量单位 | 本月
发放最低生活保障金 | 万元 | []
发放临时救助金 | 元 | [low-income.relief_paid]
批准临时救助 | 件 | [low-income.relief_cases]
"""),
        ),
        "list with a title inside the frame and notes": (
            Page("""
特种设备使用单位明细表 | > | > | > | > | >
序号 | 使用单位名称 | 设备类别 | 登记证号 | 使用地点 | 管理员电话
1 | [equipment.user_name] | [equipment.kind] | [equipment.registration_number] | [equipment.address] | [equipment.safety_phone]
2 | [equipment.user_name] | [equipment.kind] | [equipment.registration_number] | [equipment.address] | [equipment.safety_phone]
3 | [equipment.user_name] | [equipment.kind] | [equipment.registration_number] | [equipment.address] | [equipment.safety_phone]
注：本表由使用单位填写，加盖公章后报送。 | > | > | > | > | >
"""),
        ),
        "wrong letters": (
            Page("""
~退役军人信息 | > | > | >
姓明 | [resident.name] | 姓别 | [resident.sex]
联系电话 | [resident.phone] | 文化成度 | [resident.education]
退役军人类别 | [resident.veteran_kind] | 退役日期 | [resident.discharge_date]
优待证编号 | [resident.veteran_card] | 就业状况 | [resident.employment_status]
"""),
        ),
        "several figures asked in one line, English": (
            Page("""
~Market regulation, monthly return | > | > | >
~Reporting unit: {@unit} | > | ~Period: {@period} | >
Figure | Unit | This month | Last month
Venues inspected | venues | [food.inspected] | []
Quick tests made | items | [food.tests] | []
Quick tests failed | items | [food.tests_failed] | []
Complaints handled | cases | [food.complaints] | []
Amount of penalties | yuan | [food.penalty_amount] | []
~Prepared by: {@filled_by} | > | ~Checked by: {@reviewed_by} | >
"""),
        ),
        "what staff tick": (
            Page("""
~入户核查表 | > | > | >
户主姓名 | [household.head_name] | 住户联系电话 | [household.phone]
房屋类型 | [household.building_kind]=□电梯楼房 □平房 | > | >
是否空置 | [household.vacant]=□是 □否 | 燃气种类 | [household.gas_kind]=□管道 □瓶装
核查人： | [] | 核查日期： | []
"""),
        ),
        "two small tables beside one another": (
            Page("""
~消防工作情况 | > | > | > | >
项目 | 数量 |  | 项目 | 数量
开展演练 | [fire.drills] |  | 检查场所 | [fire.inspected]
参加演练人数 | [fire.drill_persons] |  | 完成整改 | [fire.remedied]
"""),
        ),
    }.items()
)
