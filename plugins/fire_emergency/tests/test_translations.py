"""Each message of the checks has its Chinese."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parents[1]


def test_each_message_has_its_chinese() -> None:
    code = (HERE / "plugin.py").read_text("utf-8")
    used = set(re.findall(r'_\(\s*"([^"]+)"', code))
    with (HERE / "translations/zh_CN/fire_emergency.po").open("rb") as file:
        known = {message.id: message.string for message in read_po(file) if message.id}
    assert used == set(known)
    assert all(known.values())
