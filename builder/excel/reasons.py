"""Why something is proposed, in words. Not for how sure it is."""

from __future__ import annotations

from builder.excel.proposals import SURE, Proposal
from builder.excel.vocabulary import Vocabulary
from runtime.api import gettext as _
from runtime.api import say


def reasons(proposal: Proposal, known: Vocabulary) -> list[str]:
    """The reasons of a proposal, each as a sentence without its stop."""
    return [said for one in proposal.reasons if (said := _said(one, known))]


def sureness(proposal: Proposal) -> str:
    """How sure a proposal is, in a word."""
    if proposal.score >= 0.9:
        return _("sure")
    return _("likely") if proposal.score >= SURE else _("unsure")


def _said(reason: tuple[str, ...], known: Vocabulary) -> str:
    kind, one, two = (*reason, "", "", "")[:3]
    if kind == "missing":
        return _("not broken down by %(name)s: the total is meant", name=_field(one, known))
    if kind == "close":
        return _("“%(name)s” fits nearly as well", name=title_of(one, known))
    if kind in ("codes", "unit"):
        return _of_two(kind, one, two)
    return _of_name(kind, one) or _fixed(kind)


def _of_two(kind: str, one: str, two: str) -> str:
    if kind == "codes":
        return _("the codes of the list match %(n)s of %(all)s cells of its line", n=one, all=two)
    return _("the sheet counts in %(one)s, the dictionary in %(two)s", one=one, two=two)


def _of_name(kind: str, name: str) -> str:
    match kind:
        case "title":
            return _("the title is the same: “%(name)s”", name=name)
        case "synonym":
            return _("a synonym: “%(name)s”", name=name)
        case "near":
            return _("nearly the same title: “%(name)s”", name=name)
        case "code":
            return _("the name in the dictionary is the same: “%(name)s”", name=name)
        case "pinyin":
            return _("it sounds the same: “%(name)s”", name=name)
        case "like":
            return _("it is like “%(name)s”", name=name)
        case "continues":
            return _("it goes on from “%(name)s”", name=name)
        case "measure":
            return _("a header names it: “%(name)s”", name=name)
        case _:
            return ""


def _fixed(kind: str) -> str:
    return {
        "about": _("the sheet's own words for it"),
        "unknown": _("the dictionary has nothing of that name"),
        "context": _("the title or caption speaks of it"),
        "partial": _(
            "the sheet shows only some of the codes; our total counts them all, the sheet's own may not"
        ),
        "elsewhere": _("it belongs to another register or group than the cells around it"),
        "alone": _("it is the only name here that the dictionary knows"),
        "twice": _("another cell of the table is that already"),
    }.get(kind, "")


def title_of(address: str, known: Vocabulary) -> str:
    """What a field or indicator is called, in the language in force."""
    meaning = known.by_address.get(address)
    return (say(meaning.item.title) or meaning.item.name) if meaning else address


def _field(name: str, known: Vocabulary) -> str:
    return next(
        (say(m.item.title) for m in known.meanings if m.item.name == name and m.is_field), name
    )
