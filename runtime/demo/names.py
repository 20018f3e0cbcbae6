"""What places, roads and shops of the sample city are called, in English and Chinese. Data only."""

from __future__ import annotations

Name = tuple[str, str]
"""English, Chinese."""

CITY: Name = ("Xinglan City", "星澜市")

DISTRICTS: tuple[Name, ...] = (
    ("Lakefront District", "湖滨区"),
    ("Hillside District", "山前区"),
    ("Harbour District", "港湾区"),
    ("Garden District", "园林区"),
    ("Meadow District", "芳草区"),
    ("Bridge District", "长桥区"),
    ("Sunrise District", "朝霞区"),
    ("Orchard District", "果园区"),
)

STREETS: tuple[Name, ...] = (
    ("Lotus Street", "荷花"),
    ("Drum Tower Street", "钟鼓"),
    ("East Gate Street", "东关"),
    ("South Bridge Street", "南桥"),
    ("West Park Street", "西苑"),
    ("North Hill Street", "北岭"),
    ("Silk Street", "锦丝"),
    ("Tea Market Street", "茶市"),
    ("Ferry Street", "渡口"),
    ("Library Street", "书院"),
)

COMMUNITIES: tuple[Name, ...] = (
    ("Lakeside", "湖畔"),
    ("Willow", "柳岸"),
    ("Peach Blossom", "桃源"),
    ("Bell Tower", "钟楼"),
    ("Bamboo", "翠竹"),
    ("Clear Spring", "清泉"),
    ("White Crane", "白鹤"),
    ("Osmanthus", "桂香"),
    ("Old Wharf", "古渡"),
    ("Sunny Slope", "向阳"),
    ("Plum Garden", "梅园"),
    ("Stone Bridge", "石桥"),
    ("Maple", "红枫"),
    ("Morning Light", "晨光"),
    ("Green Pine", "青松"),
    ("Jade Spring", "玉泉"),
    ("Wheat Field", "麦田"),
    ("Harmony", "和顺"),
    ("Pear Orchard", "梨园"),
    ("Swallow", "春燕"),
    ("Camphor", "香樟"),
    ("Magnolia", "玉兰"),
    ("Poplar", "白杨"),
    ("Rainbow", "彩虹"),
    ("Ginkgo", "银杏"),
    ("Sparrow Lane", "雀巷"),
    ("Cloud Hill", "云岭"),
    ("Mulberry", "桑园"),
    ("Heron", "鹭洲"),
    ("Star Lake", "星湖"),
    ("Persimmon", "柿林"),
    ("Reed Bank", "苇岸"),
)

QUARTERS: tuple[Name, ...] = (
    ("", ""),
    ("East", "东"),
    ("West", "西"),
    ("South", "南"),
    ("North", "北"),
    ("New Village", "新村"),
    ("Garden", "花园"),
    ("Heights", "高地"),
)
"""Put behind a community's name where the city has more communities than names."""

ROADS = (
    "清风路",
    "明月路",
    "文昌路",
    "长乐街",
    "百花巷",
    "书香路",
    "新民街",
    "和平里",
    "丰收路",
    "平安巷",
)

ELSEWHERE = (
    "临江省安平县",
    "临江省平湖县",
    "望海省东屏市",
    "望海省白沙县",
    "青原省云溪县",
    "本市外区",
)
"""Invented places where people who live here are registered, or go to."""

SHOPS: dict[str, tuple[str, ...]] = {
    "restaurant": ("家常菜馆", "面馆", "饺子馆", "小吃店", "饮品店", "烘焙坊"),
    "shop": ("便利店", "水果店", "文具店", "五金店", "服装店", "药店"),
    "hotel": ("宾馆", "民宿", "旅馆"),
    "leisure": ("棋牌室", "健身房", "书吧"),
    "clinic": ("口腔诊所", "中医诊所", "诊所"),
    "workshop": ("豆腐坊", "家具作坊", "印刷作坊", "缝纫加工店"),
    "market": ("农贸市场",),
    "school": ("幼儿园", "小学"),
    "care-home": ("养老院", "日间照料中心"),
    "canteen": ("职工食堂",),
}
"""Kind of venue -> endings of its name."""
