"""A draft through the door: its designer asks, the steward admits."""

from __future__ import annotations

import re

from tests.rig.city import City


def hidden(page: str, name: str) -> str:
    """What a hidden input of the page holds."""
    found = re.search(rf'name="{name}" value="(\d+)"', page)
    return found[1] if found else ""


def asked(city: City, form: str, note: str = "") -> None:
    """Ask that the draft be admitted as it is now."""
    client = city.client("sunli")
    page = client.get(f"{form}/publish").text
    data = {"_do": "ask", "_revision": hidden(page, "_revision"), "note": note}
    answer = client.post(f"{form}/publish", data=data)
    assert answer.status_code == 303, answer.text


def admitted(city: City, form: str) -> None:
    """Ask, and admit it without its papers."""
    form = form.removesuffix("/json")
    asked(city, form)
    steward = city.client("hejun")
    page = steward.get(f"{form}/publish").text
    data = {"_do": "admit", "_asked": hidden(page, "_asked"), "unseen": "1"}
    answer = steward.post(f"{form}/publish", data=data)
    assert answer.status_code == 303, answer.text
