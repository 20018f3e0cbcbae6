# ruff: noqa: E501 - a row of a sheet is one line
"""XLSForms as they occur in the field, written for these tests: each shows something that people use.

A row is a text: the type, the name, the English label, the Chinese one, then `column=what stands in it`, with `|`
between.
"""

from __future__ import annotations

from builder.exchange.sheets import Grid, Sheets

EN, ZH = "label::English (en)", "label::中文 (zh)"


def sheet(rows: str, first: tuple[str, ...]) -> Grid:
    """The rows as a sheet whose first columns are `first`."""
    read = [_row(text, first) for text in rows.strip().split("\n")]
    headers = list(dict.fromkeys([*first, *(key for row in read for key in row)]))
    grid = [[row.get(header, "") for header in headers] for row in read]
    for row in grid:
        while row and not row[-1]:
            row.pop()
    return [headers, *grid]


def _row(text: str, first: tuple[str, ...]) -> dict[str, str]:
    parts = [part.strip() for part in text.split("|")]
    row = dict(zip(first, parts, strict=False))
    for part in parts[len(first) :]:
        key, _sign, value = part.partition("=")
        row[key.strip()] = value.strip()
    return {key: value for key, value in row.items() if value}


def form(
    survey: str,
    choices: str = "",
    settings: str = "",
    languages: tuple[str, ...] = (EN, ZH),
    **others: Grid,
) -> Sheets:
    """A workbook of these sheets."""
    made = {"survey": sheet(survey, ("type", "name", *languages))}
    if choices:
        made["choices"] = sheet(choices, ("list_name", "name", *languages))
    if settings:
        pairs = [part.partition("=") for part in settings.split("|")]
        made["settings"] = [[k.strip() for k, _s, _v in pairs], [v.strip() for _k, _s, v in pairs]]
    return {**made, **others}


FORMS: dict[str, Sheets] = {
    "household-visit": form(
        """
start | start
end | end
today | today
deviceid | deviceid
text | name | Name of the head | 户主姓名 | hint::English (en)=As on the certificate | required=yes
integer | persons | Persons in the household | 家庭人数 | required=yes | constraint=. >= 1 and . <= 30 | constraint_message::English (en)=Between 1 and 30
select_one yes_no | alone | Does anybody live alone? | 有独居的吗？ | required=yes
begin_group | older | Older people | 老年人 | relevant=${alone} = 'yes'
integer | over80 | Persons of 80 or over | 80岁以上人数 | constraint=. <= 30
select_multiple needs | needs | What is needed? | 需要什么？ | relevant=${over80} > 0
text | needs_other | What else? | 还需要什么？ | relevant=selected(${needs}, 'other') | required=yes
end_group
date | visited | Day of the visit | 走访日期 | constraint=. <= today() | default=2026-10-01
geopoint | place | Where | 位置
image | photo | Photograph of the door | 门牌照片
note | thanks | Thank you. | 谢谢。
""",
        """
yes_no | yes | Yes | 是
yes_no | no | No | 否
needs | meals | Meals | 助餐
needs | care | Care | 照料
needs | other | Something else | 其他
""",
        "form_title=Household visit | form_id=household_visit | version=2026110101 | default_language=English (en)",
    ),
    "market-check": form(
        """
begin_group | venue | The venue | 场所 | appearance=field-list
text | title | Name | 名称 | required=yes
barcode | licence | Licence | 许可证 | constraint=string-length(.) = 18
select_one district | district | District | 区
select_one street | street | Street | 街道 | choice_filter=district=${district}
end_group
begin_repeat | faults | Faults found | 发现的问题
select_one fault | fault | Fault | 问题 | required=yes
text | words | In your own words | 具体情况 | appearance=multiline | relevant=${fault} = 'other'
image | picture | Picture | 照片
integer | fine | Fine (yuan) | 罚款（元） | constraint=. >= 0
end_repeat
calculate | fines | | | calculation=sum(${fine})
note | told | Fines: ${fines} | 罚款合计：${fines}
acknowledge | read | I have read this to the owner | 已向业主宣读 | required=yes
""",
        """
district | a | Riverside | 河滨区
district | b | Hillside | 山坡区
street | a1 | Mill Street | 磨坊街 | district=a
street | a2 | Bridge Street | 桥街 | district=a
street | b1 | Tower Street | 塔街 | district=b
fault | fire | Blocked exit | 安全出口堵塞
fault | food | Food past its date | 食品过期
fault | other | Other | 其他
""",
        "form_title=Market check | form_id=market_check",
    ),
    "plain-labels": form(
        """
text | a | First
integer | b | Second | required=true()
decimal | c | Third | constraint=.>0 and .<=100
time | d | At what time
dateTime | e | When exactly
""",
        languages=("label",),
    ),
    "chinese-only": form(
        """
text | xingming | 姓名 | required=yes
select_one xingbie | xingbie | 性别
integer | nianling | 年龄 | constraint=. >= 0 and . < 150 | constraint_message=年龄不对
""",
        """
xingbie | 1 | 男
xingbie | 2 | 女
""",
        "form_title=人员登记 | default_language=中文 (zh)",
        languages=("label",),
    ),
    "reckoned": form(
        """
integer | men | Men | 男
integer | women | Women | 女
calculate | all | All | 合计 | calculation=${men} + ${women}
decimal | share | Share of women | 女性占比 | calculation=round(${women} div ${all} * 100, 1) | read_only=yes
calculate | larger | | | calculation=if(${men} > ${women}, ${men}, ${women})
calculate | words | | | calculation=concat(${men}, ' men')
integer | due | Due | 应付 | calculation=int(${all} * 2.5)
calculate | once | | | calculation=once(random())
""",
    ),
    "or-other": form(
        """
select_one tap or_other | tap | Source of water | 水源
select_multiple tap or_other | also | Other sources | 其他水源 | constraint=count-selected(.) <= 2
text | why | Why? | 为什么？ | relevant=not(selected(${also}, 'well')) and ${tap} != ''
""",
        """
tap | pipe | Pipe | 自来水
tap | well | Well | 水井
""",
    ),
    "ranges": form(
        """
range | score | How well? | 满意度 | parameters=start=1 end=5 step=1
range | part | Which part? | 占比 | parameters=start=0 end=1 step=0.25
rank wishes | order | Order of wishes | 愿望排序
integer | code | Code | 编码 | appearance=thousands-sep
text | phone | Telephone | 电话 | appearance=numbers | constraint=regex(., '^1[0-9]{10}$')
""",
        """
wishes | park | Park | 公园
wishes | bus | Bus | 公交
wishes | shop | Shop | 商店
""",
    ),
    "nested-repeats": form(
        """
integer | floors | Floors | 层数
begin_repeat | floor | Floor | 楼层 | repeat_count=${floors}
text | mark | Mark | 标记
begin_repeat | flat | Flat | 房间 | repeat_count=4
text | door | Door | 门牌
integer | lives | Who lives there | 居住人数
select_one state | state | State | 状况 | relevant=${lives} = 0
text | note | Remarks | 备注 | relevant=${mark} != '' and ${lives} > 2
end_repeat
end_repeat
""",
        """
state | empty | Empty | 空置
state | let | Let | 出租
""",
    ),
    "nested-groups": form(
        """
begin_group | a | Part A | 甲部分
begin_group | b | Part B | 乙部分 | relevant=${kind} = '1' or ${kind} = '2'
text | x | X | 甲 | relevant=${y} != 'no'
begin_group | c | Part C | 丙部分
text | z | Z | 丙 | required=${x} != ''
end_group
end_group
select_one kind | kind | Kind | 类别
text | y | Y | 乙
end_group
""",
        """
kind | 1 | One | 一
kind | 2 | Two | 二
kind | 3 | Three | 三
""",
    ),
    "media": form(
        """
audio | said | What was said | 录音
video | film | Film | 视频
file | paper | Paper | 附件
image | drawing | Signature | 签名 | appearance=signature
geotrace | path | Path | 路线
geoshape | area | Area | 范围
select_one plant | plant | Which plant? | 哪种植物？ | media::image=plant.png
audit | audit | | | parameters=location-priority=balanced location-min-interval=60 location-max-age=120
background-audio | heard
""",
        """
plant | oak | Oak | 橡树 | media::image=oak.png
plant | elm | Elm | 榆树 | media::image=elm.png
""",
    ),
    "from-files": form(
        """
csv-external | schools
select_one_from_file towns.csv | town | Town | 乡镇
select_one school_list | school | School | 学校 | choice_filter=town=${town}
text | pulled | | | calculation=pulldata('schools', 'head', 'name', ${school})
hidden | key
username | who
""",
        """
school_list | s1 | First School | 第一小学 | town=t1
""",
    ),
    "odd-spellings": {
        "Survey": [
            ["Type", "Name", "Caption", "Relevance", "bind::required", "list name"],
            ["begin group", "g", "Group"],
            ["select1 colour", "c", "Colour", "", "TRUE"],
            ["select all that apply from colour", "d", "Colours", "${c} = 'red'"],
            ["string", "e", "Text", "${c}='red' or ${c}=\"blue\""],
            ["int", "f", "Number", "string-length(${e}) > 3"],
            [],
            ["photo", "p", "Photo"],
            ["end group"],
        ],
        "Choices": [
            ["list name", "name", "label"],
            ["colour", "red", "Red"],
            [],
            ["colour", "blue", "Blue"],
        ],
    },
    "four-languages": form(
        """
text | a | Name | 姓名 | label::Français (fr)=Nom | label::العربية (ar)=الاسم | hint::Français (fr)=Comme sur la carte
select_one s | s | Sex | 性别 | label::Français (fr)=Sexe | label::العربية (ar)=الجنس
""",
        """
s | f | Female | 女 | label::Français (fr)=Femme | label::العربية (ar)=أنثى
s | m | Male | 男 | label::Français (fr)=Homme | label::العربية (ar)=ذكر
""",
        "form_title=Four languages | default_language=English (en)",
    ),
    "limits": form(
        """
text | short | Short | 短 | constraint=string-length(.) <= 10 and regex(., '[A-Z]+')
integer | odd | Not seven | 不是七 | constraint=. != 7
integer | either | Small or large | 小或大 | constraint=. < 5 or . > 50
text | pick | a or b | a或b | constraint=. = 'a' or . = 'b'
integer | more | More than odd | 更大 | constraint=. > ${odd}
select_multiple l | some | At most two | 最多两个 | constraint=count-selected(.) <= 2 and not(selected(., 'none') and count-selected(.) > 1) | constraint_message::English (en)=None alone | hint::English (en)=Choose
date | from | From | 从 | constraint=. >= '2020-01-01'
decimal | back | Dated back | 倒签 | default=1.50 | read_only=yes
text | soon | Today | 今天 | default=today()
""",
        """
l | x | X | 某
l | y | Y | 某某
l | none | None | 无
""",
    ),
    "with-notes-and-sheets": form(
        """
note | n1 | **Read this** to the person | **请向对方宣读**
note | n2 | <span style="color:red">Only if older</span> | 仅限老年人 | relevant=${age} >= 60
integer | age | Age of ${name} | ${name}的年龄
text | name | Name | 姓名
""",
        settings="form_title=Notes | form_id=notes | style=pages | instance_name=${name}",
        _changes=[["day", "what"], ["2026-10-01", "=first"]],
        colophon=[["@", "+1"], ["-2", "'3"]],
    ),
    "long-survey": form(
        "\n".join(
            f"integer | q{n} | Question {n} | 第{n}问 | relevant={f'${{q{n - 1}}} > {n}' if n > 1 else ''}"
            for n in range(1, 121)
        )
    ),
    "entities": form(
        """
text | name | Name | 姓名 | save_to=full_name
integer | age | Age | 年龄 | save_to=age
""",
        settings="form_title=Entities | form_id=entities",
        entities=[["list_name", "label"], ["people", "${name}"]],
    ),
    "conditions": form(
        """
select_one k | k | Kind | 类别
select_multiple k | m | Kinds | 多类
integer | n | Number | 数
text | t | Text | 文字
acknowledge | ok | Agreed | 同意
text | r1 | one | 一 | relevant=${n} >= 3 and ${n} < 10
text | r2 | two | 二 | relevant=${n} != 5 or not(${t} = 'x')
text | r3 | three | 三 | relevant=selected(${m}, '1') and not(selected(${m}, '2'))
text | r4 | four | 四 | relevant=count-selected(${m}) >= 2
text | r5 | five | 五 | relevant=${ok} = 'OK'
text | r6 | six | 六 | relevant=${t} = ''
text | r7 | seven | 七 | relevant=5 < ${n}
text | r8 | eight | 八 | relevant=${n} > ${n} + 1
text | r9 | nine | 九 | relevant=regex(${t}, '^[a-z]+$')
text | r10 | ten | 十 | required=${k} = '1' and ${n} > 0
text | r11 | eleven | 十一 | relevant=coalesce(${t}, 'x') = 'x'
text | r12 | twelve | 十二 | relevant=true() | read_only=yes
""",
        """
k | 1 | One | 一
k | 2 | Two | 二
""",
    ),
}
"""The forms by name."""
