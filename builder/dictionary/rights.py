"""Who may do what in the dictionary: stewards change what their department answers for. Not for doing it."""

from __future__ import annotations

from runtime.api import Session, access, user

CHANGE, ADD = "dictionary.design", "dictionary.add"


def may_change(session: Session, department: str) -> bool:
    """Whether who is signed in may change what this department answers for; of what has no steward: of any."""
    return access.may(session, user(), CHANGE, department=department or None)


def require_change(session: Session, *departments: str) -> None:
    """Raise `NotAllowed` unless who is signed in may change what each of these departments answers for."""
    for department in departments:
        access.require(session, user(), CHANGE, department=department or None)


def require_add(session: Session, department: str) -> None:
    """Raise `NotAllowed` unless who is signed in may add what this department will answer for.

    Designers may as well: the stewards of the department see it among what is new.
    """
    access.require(session, user(), ADD, department=department)


def departments_to_add(session: Session, known: list[str]) -> list[str]:
    """The departments for which who is signed in may add something."""
    return [code for code in known if access.may(session, user(), ADD, department=code)]
