"""The radar as a page asks it while a name is typed: “you may have this already”. Not for judging likeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup

from builder.dictionary.freshness import of_register
from builder.dictionary.pages import department, form_url, url_of
from builder.dictionary.places import FOLDERS, Spot, spot_of
from builder.radar.index import index_of
from builder.radar.likeness import NEEDS_REASON, Alike, Wanted, similar
from runtime.api import BASE, db, looked_over, needs, site
from runtime.api import gettext as _

radar = Blueprint("radar", __name__, url_prefix="/builder/radar")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A likeness with how well what is there is known."""

    alike: Alike
    why: str
    fresh: looked_over.LookedOver | None

    @property
    def needs_reason(self) -> bool:
        """Whether something so like is not to be made without a reason."""
        return self.alike.score >= NEEDS_REASON


@radar.get("")
@needs("form.read")
def look() -> str:
    """What the dictionary has that may mean the same; a fragment.

    `name` (any number, also `title`, `title@zh-CN`, `synonyms`), `home` (`registers/resident`), `codes` (the name of a
    code list), `kind` (`indicator` or `field`), `itself` (an address).
    """
    asked = request.args
    names = [*asked.getlist("name"), *asked.getlist("title"), *asked.getlist("title@zh-CN")]
    for text in (*asked.getlist("synonyms"), *asked.getlist("synonyms@zh-CN")):
        names += text.replace("，", ",").split(",")
    folder, _slash, home = asked.get("home", "").partition("/")
    codes = asked.get("codes", "")
    kind = asked.get("kind", "")
    wanted = Wanted(
        tuple(one.strip()[:LONGEST] for one in names if one.strip())[:8],
        Spot(folder, home).document if folder in FOLDERS and home else "",
        f"{BASE}code-lists/{codes}.json" if codes else "",
        {"indicator": True, "field": False}.get(kind),
        asked.get("itself", ""),
    )
    return drawn_alike(similar(index_of(site().library), wanted)) if wanted.names else Markup()


def drawn_alike(some: list[Alike]) -> Markup:
    """The candidates as HTML."""
    shown = [Shown(one, why(one), _fresh(one)) for one in some]
    drawn = render_template(
        "builder/dictionary/radar.html",
        shown=shown,
        url_of=url_of,
        form_url=form_url,
        says=department,
    )
    return Markup(drawn)  # noqa: S704 - a template has escaped it


def why(alike: Alike) -> str:
    """The reasons in words."""
    return _("; ").join(dict.fromkeys(_said(reason, name) for reason, name in alike.reasons))


def _said(reason: str, name: str) -> str:
    says: dict[str, Any] = {
        "title": _("called the same"),
        "translation": _("translated as “%(name)s”", name=name),
        "synonym": _("also called “%(name)s”", name=name),
        "key": _("its key reads the same"),
        "pinyin": _("sounds the same: “%(name)s”", name=name),
        "spelling": _("spelt nearly so: “%(name)s”", name=name),
        "part": _("nearly the same words: “%(name)s”", name=name),
        "codes": _("the same code list"),
        "register": _("in the same register"),
    }
    return str(says[reason])


def _fresh(alike: Alike) -> looked_over.LookedOver | None:
    where = spot_of(alike.entry.address)
    if where is None or where.kind != "field":
        return None
    return of_register(db(), site(), where.home).get(where.name)
