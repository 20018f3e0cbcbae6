"""Sheets kept aside: written with the others before the recogniser, and first tried when it was finished."""

from __future__ import annotations

from tests.builder.excel.sheets.describe import Described, Page

UNSEEN = tuple(
    Described(name, pages, seen=False)
    for name, pages in {
        "veterans by kind and age": (
            Page(
                [
                    "~退役军人年龄结构统计表 | > | > | > | > | >",
                    "~填报单位（公章）：{@unit} | > | > | ~单位：人 | > | >",
                    "类  别 | 年  龄 | > | > | > | 合计",
                    "^ | 40岁以下 | 40-59岁 | 60-79岁 | 80岁及以上 | ^",
                    *(
                        " | ".join(
                            [
                                title,
                                *(
                                    f"[veterans.registered/{code}/{age}]"
                                    for age in ("-39", "40-59", "60-79", "80-", "total")
                                ),
                            ]
                        )
                        for code, title in (
                            ("officer", "退役军官"),
                            ("sergeant", "退役军士"),
                            ("conscript", "退役义务兵"),
                            ("disabled", "残疾军人"),
                            ("total", "合计"),
                        )
                    ),
                    "~审核人：{@reviewed_by} | > | > | ~填表人：{@filled_by} | > | >",
                ]
            ),
        ),
        "children by class, age and sex": (
            Page(
                [
                    "~困境儿童统计表 | > | > | > | > | > | >",
                    "儿童类别 | 0-5岁 | > | 6-11岁 | > | 12-14岁 | >",
                    "^ | 男 | 女 | 男 | 女 | 男 | 女",
                    *(
                        " | ".join(
                            [
                                title,
                                *(
                                    f"[children.in_difficulty/{code}/{age}/{sex}]"
                                    for age in ("0-5", "6-11", "12-14")
                                    for sex in "12"
                                ),
                            ]
                        )
                        for code, title in (
                            ("orphan", "孤儿"),
                            ("unsupported", "事实无人抚养儿童"),
                            ("left-behind", "留守儿童"),
                        )
                    ),
                ],
                shaded=True,
            ),
        ),
        "one venue": (
            Page("""
~消防安全检查记录表 | > | > | >
场所名称 | [venue.name] | 场所类别 | [venue.kind]
场所地址 | [venue.address] | > | >
消防安全责任人 | [venue.contact_name] | 责任人电话 | [venue.contact_phone]
灭火器数 | [venue.extinguishers] | 灭火器有效期至 | [venue.extinguishers_until]
可燃气体报警装置 | [venue.gas_alarm] | 是否违规住人 | [venue.lodging_inside]
存在隐患 | [venue.fire_defects] | > | >
整改期限 | [venue.remedy_due] | 整改完成日期 | [venue.remedied_on]
检查人员（签名） | [] | 陪同人员 | []
"""),
        ),
        "one person, English, colons": (
            Page(
                """
~Volunteer registration | > | > | >
Full name: | [resident.name] | Gender: | [resident.sex]
Birthday: | [resident.birth_date] | Mobile: | [resident.phone]
Home address: | [resident.address] | > | >
Level of education: | [resident.education] | Volunteer since: | [resident.volunteer_since]
Hours of volunteering: | [resident.volunteer_hours] | Skills: | []
"""
            ),
        ),
        "aid cases listed": (
            Page("""
~临时救助发放明细表 | > | > | > | > | > | >
序号 | 办件编号 | 申请人姓名 | 救助项目 | 申请日期 | 批准日期 | 发放金额（元）
1 | [aid.case_number] | [aid.person_name] | [aid.kind] | [aid.applied_date] | [aid.granted_date] | [aid.amount]
2 | [aid.case_number] | [aid.person_name] | [aid.kind] | [aid.applied_date] | [aid.granted_date] | [aid.amount]
3 | [aid.case_number] | [aid.person_name] | [aid.kind] | [aid.applied_date] | [aid.granted_date] | [aid.amount]
4 | [aid.case_number] | [aid.person_name] | [aid.kind] | [aid.applied_date] | [aid.granted_date] | [aid.amount]
"""),
        ),
        "work log": (
            Page(
                """
~社区工作台账 | | | | |
登记编号 | 事项类别 | 开展日期 | 参加人数 | 事项说明 | 负责人
[activity.log_number] | [activity.kind] | [activity.held_on] | [activity.persons] | [activity.activity_note] | []
[activity.log_number] | [activity.kind] | [activity.held_on] | [activity.persons] | [activity.activity_note] | []
""",
                shaded=True,
            ),
        ),
        "fire figures in two columns of lines": (
            Page("""
~消防安全工作月报 | > | > | > | > | >
指标 | 单位 | 数量 | 指标 | 单位 | 数量
检查场所 | 家 | [fire.inspected] | 完成整改 | 家 | [fire.remedied]
违规住人场所 | 家 | [fire.lodging] | 灭火器过期场所 | 家 | [fire.extinguishers_expired]
开展演练 | 次 | [fire.drills] | 参加演练人数 | 人 | [fire.drill_persons]
发放宣传资料 | 份 | [fire.leaflets] | 清理楼道电动自行车 | 辆 | [fire.bicycles]
"""),
        ),
        "dangerous dwellings and figures, two tables": (
            Page("""
~住房安全季报 | > | > | > | >
危险性等级 | A级 | B级 | C级 | D级
套数 | [housing.dangerous/A] | [housing.dangerous/B] | [housing.dangerous/C] | [housing.dangerous/D]
 | | | |
~其他指标 | > | > | > | >
指标名称 | > | > | > | 数值
月租金合计（元） | > | > | > | [housing.rent]
90天内到期租约（套） | > | > | > | [housing.leases_ending]
公租房轮候家庭（户） | > | > | > | [housing.waiting]
外墙脱落处数（处） | > | > | > | []
"""),
        ),
        "aid by class, this month and since January": (
            Page("""
~救助家庭统计表 | > | >
救助类别 | 期末户数 | 本年累计户数
最低生活保障 | [low-income.households/minimum] | []
特困人员救助供养 | [low-income.households/destitute] | []
最低生活保障边缘 | [low-income.households/borderline] | []
刚性支出困难 | [low-income.households/burden] | []
合计 | [low-income.households/total] | []
"""),
        ),
        "licences on several sheets": (
            Page(
                """
~食品经营户信息卡 | > | > | >
市场主体名称 | [business.name] | 信用代码 | [business.uscc]
食品经营许可证编号 | [business.food_licence] | 食品经营许可证有效期至 | [business.food_licence_until]
经营地址 | [business.address] | > | >
""",
                name="经营户",
            ),
            Page(
                """
~从业人员健康证登记 | > | > | >
姓名 | 性别 | 联系电话 | 健康证有效期
[resident.name] | [resident.sex] | [resident.phone] | []
[resident.name] | [resident.sex] | [resident.phone] | []
""",
                name="从业人员",
            ),
        ),
        "empty of meaning": (
            Page("""
~会议签到表 | > | >
序号 | 议题 | 结论
1 | [] | []
2 | [] | []
3 | [] | []
"""),
        ),
    }.items()
)
