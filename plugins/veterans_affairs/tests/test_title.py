"""The department's paper: one block of the base sheet is its own, and each word in it has its Chinese."""

from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

HERE = Path(__file__).resolve().parents[1]
PARSED = Environment(autoescape=True).parse((HERE / "templates/title.html").read_text("utf-8"))


def constant(node: nodes.Expr) -> object:
    """The value of a constant in a template."""
    assert isinstance(node, nodes.Const)
    return node.value


def test_it_overrides_exactly_one_block_of_the_base_sheet() -> None:
    assert [constant(e.template) for e in PARSED.find_all(nodes.Extends)] == ["base.html"]
    assert [block.name for block in PARSED.find_all(nodes.Block)] == ["title"]


def test_each_message_has_its_chinese() -> None:
    calls = [c for c in PARSED.find_all(nodes.Call) if getattr(c.node, "name", "") == "_"]
    used = {constant(call.args[0]) for call in calls}
    with (HERE / "translations/zh_CN/veterans_affairs.po").open("rb") as file:
        known = {message.id: message.string for message in read_po(file) if message.id}
    assert used == set(known)
    assert all(known.values())
