"""The roles, and what each of them may do. Not for where: that is `access`."""

from __future__ import annotations

from types import MappingProxyType

from runtime.language import gettext as _

ACTIONS_OF = MappingProxyType(
    {
        "staff": frozenset(
            {
                "entry.read",
                "entry.fill",
                "entry.submit",
                "subject.read",
                "subject.write",
                "audit.read",
            }
        ),
        "reviewer": frozenset({"entry.read", "entry.review", "worth.read"}),
        "designer": frozenset(
            {
                "form.read",
                "form.design",
                "form.publish",
                "dictionary.add",
                "register.import",
                "worth.read",
            }
        ),
        "steward": frozenset(
            {
                "form.read",
                "form.admit",
                "dictionary.add",
                "dictionary.design",
                "proposal.decide",
                "register.import",
            }
        ),
        "administrator": frozenset(
            {"user.manage", "unit.manage", "audit.read", "register.import", "worth.read"}
        ),
    }
)
"""Role -> actions. Designers, stewards and administrators read no entries: those hold personal records.

Staff read of the log who read the subjects of their own units (`web/subject_page`), and nothing else of it.
Who may import sees of a register what the own file does to it, and nothing else of it.
A steward sees of a person what a proposal says, the name it is about and what is known of that field, and no more.
"""

ROLES = tuple(ACTIONS_OF)
ACTIONS = frozenset().union(*ACTIONS_OF.values())


def roles_for(*actions: str) -> tuple[str, ...]:
    """The roles that may do one of these; raises `ValueError` for an action that is nobody's."""
    if unknown := set(actions) - ACTIONS:
        raise ValueError(f"unknown actions: {sorted(unknown)}")
    return tuple(role for role, held in ACTIONS_OF.items() if held & set(actions))


def words(action: str) -> str:
    """What an action is called after “may”, in the language in force."""
    return {
        "audit.read": _("see who read what"),
        "dictionary.add": _("add to the dictionary"),
        "dictionary.design": _("change the dictionary"),
        "entry.fill": _("fill in reports"),
        "entry.read": _("read reports"),
        "entry.review": _("accept and return reports"),
        "entry.submit": _("submit reports"),
        "form.admit": _("admit and retire forms"),
        "form.design": _("change forms"),
        "form.publish": _("publish forms"),
        "form.read": _("look at the forms and the dictionary"),
        "proposal.decide": _("decide proposals"),
        "register.import": _("import a department's data"),
        "subject.read": _("read the registers"),
        "subject.write": _("record in the registers"),
        "unit.manage": _("look after units"),
        "user.manage": _("look after users and their roles"),
        "worth.read": _("see what reports cost and how much is filled"),
    }[action]


def title(role: str) -> str:
    """What a role is called, in the language in force."""
    return {
        "staff": _("Staff"),
        "reviewer": _("Reviewer"),
        "designer": _("Designer"),
        "steward": _("Steward"),
        "administrator": _("Administrator"),
    }[role]
