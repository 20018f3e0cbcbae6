"""Every code that a check of definitions may give, with its severity and meaning. Not the checks."""

from __future__ import annotations

from typing import NamedTuple

from runtime.errors import Problem, Severity


class Code(NamedTuple):
    """How bad it is, and what it means in one line."""

    severity: Severity
    meaning: str


def _error(meaning: str) -> Code:
    return Code("error", meaning)


def _warning(meaning: str) -> Code:
    return Code("warning", meaning)


CODES: dict[str, Code] = {
    # Files
    "no-folder": _error("a folder to read from does not exist"),
    "unreadable": _error("a file or folder cannot be read"),
    "too-large": _error("a file is too large to be a definition"),
    "loop": _error("a folder leads back into itself"),
    "encoding": _error("a file is not in UTF-8"),
    "json": _error("a file is not JSON, or one of its objects has a key twice"),
    "not-object": _error("a definition is not a JSON object"),
    "address": _error("an address lies outside the tree"),
    "duplicate": _error("two files have one address"),
    # Keywords
    "dialect": _error("`$schema` names another kind of definition than its folder"),
    "dialect-missing": _warning("`$schema` is not there, so that editors cannot help"),
    "keyword-type": _error("the value of a keyword has the wrong type"),
    "keyword-value": _error("the value of a keyword is not one of those that it may have"),
    "keyword-missing": _error("something that must be there is not"),
    "keyword-unknown": _error("a closed object has a key that it does not know"),
    "misspelt": _warning("an unknown keyword looks like one of ours"),
    "format-unknown": _error("a `format` that nobody checks, which the validator refuses"),
    "limits-empty": _error("limits that no value can meet"),
    "digits-type": _warning("`digits` or `currency` beside something that is not a number"),
    "latest-type": _warning("`latest` beside something that is no day or month"),
    "validator": _error("the validator refuses the definition as a whole"),
    # Texts
    "title-missing": _warning("something that people read has no title"),
    "translation-missing": _warning("a text is not there in a language of the site"),
    # References
    "ref-unknown": _error("a reference leads to no definition"),
    "ref-pointer": _error("a reference leads to a definition, but to no part of it"),
    "ref-cycle": _error("references lead in a circle and never to a type"),
    "ref-beside": _error("a keyword that may not stand beside a reference to a field or indicator"),
    "ref-looser": _error("a limit beside a reference that is not tighter than the field's own"),
    # Registers and code lists
    "department-unknown": _error("a department that no `department.json` describes"),
    "steward-missing": _error("a field without the department that answers for it"),
    "sensitivity-missing": _error("a field that does not say who may see it"),
    "purpose-missing": _error("a personal field that does not say what it is kept for"),
    "retention-missing": _error("a personal field that does not say how long it is kept"),
    "type-missing": _error("a field without a type"),
    "reserved": _error("a name that is kept for our own use"),
    "field-unknown": _error("a field that the register does not have"),
    "field-type": _error("a field of the wrong type for what is done with it"),
    "derive-rule": _error("a derived field without exactly one rule"),
    "derive-type": _error("a derived field whose type is not that of its rule"),
    "derive-clash": _error("a derived field with the name of a stored one"),
    "code-duplicate": _error("a code that stands twice in its list"),
    "code-dates": _error("a code that ends before it begins"),
    "band-limits": _error("a list of which some codes are bands and others are not"),
    "band-overlap": _error("two bands that share a number, so that somebody is counted twice"),
    # Indicators
    "register-unknown": _error("a register that does not exist"),
    "fill-operation": _error("a `fill` without exactly one way to find the value"),
    "fill-beside": _error("a part of `fill` that its operation does not read"),
    "fill-incomplete": _error("a `fill` without the field or date that it needs"),
    "fill-type": _error("an indicator whose type cannot hold its figure"),
    "digits-missing": _error("a quotient that does not say to how many places it is rounded"),
    "source-unknown": _error("a `source` that no installed plugin brings"),
    "fill-place": _error("a `fill` where nothing reads it"),
    "fill-period": _error("a value from other reports in a form that has no period"),
    "fill-below": _error("a value from the units below in a form that none of them owes"),
    "fill-pointer": _error("a value from a cell that is not there"),
    "fill-reference": _error("a figure worked out from one that is not there"),
    "fill-cycle": _error("figures that are worked out from each other in a circle"),
    "formula-wrong": _error("a formula that is none, or uses what is not listed"),
    "kind-missing": _error("an indicator that is neither stock nor flow"),
    "by-field": _error("a breakdown by a field without a closed list of codes"),
    "by-bands": _error("bands that are none, or of a field that is no whole number"),
    "by-repeated": _error("one field broken down by twice"),
    "by-place": _error("a `by` without a `fill`, or beside `properties` of its own"),
    "by-too-many": _error("breakdowns that make too many cells"),
    # Conditions
    "where-keyword": _error("a keyword that a `where` may not use"),
    "where-type": _error("a `where` that compares a field with what it can never be"),
    "where-code": _error("a `where` with a code that the list does not have"),
    "where-required": _warning("a tested field that is not `required`: subjects without it count too"),
    # Forms
    "extends-unknown": _error("a form that extends one that does not exist"),
    "extends-kind": _error("a form that extends something that is no form"),
    "extends-cycle": _error("forms that extend each other in a circle"),
    "extends-remove": _error("a removal of something that is not there"),
    "extends-place": _error("a layout item placed beside one that is not there"),
    "extends-type": _error("an extension that changes the type or meaning of an inherited cell"),
    "extends-place-only": _error("`remove` or `place` in a form that extends nothing"),
    "form-about": _error("a form that is neither periodic nor about a subject, or both"),
    "level-missing": _error("a periodic form that no level of units owes"),
    "due-missing": _warning("a periodic form without a day by which it is due"),
    "department-folder": _warning("a form that lies in the folder of another department"),
    "required-unknown": _warning("a required cell that the form does not have"),
    "cell-own": _warning("a figure whose meaning is not in the dictionary"),
    "list-register": _error("a cell of filled rows that refers to another register than the rows"),
    "subject-register": _warning("a form about one subject refers to a field of another register"),
    # Conditions, labels and the catalogue's card
    "rule-idle": _warning("a condition on which nothing hangs"),
    "rule-dead": _warning("a condition that can never hold"),
    "rule-always": _warning("a condition that always holds"),
    "rule-unknown": _error("a condition on a cell that the form does not have"),
    "rule-cycle": _error("cells that are shown only once they are filled, in a circle"),
    "label-blank": _warning("a label of nothing but spaces"),
    "label-long": _warning("a label that is too long to be read"),
    "label-twice": _warning("two cells side by side under one label"),
    "template": _error("a template that is missing, broken, or asks for what there is not"),
    "paper-failed": _error("a paper that cannot be made"),
    "paper-clipped": _warning("a value that does not fit its place on paper"),
    "paper-glyph": _warning("characters that no font of this machine has"),
    "sample-none": _warning("a form for which no valid data were found"),
    "card-number": _warning("a form without a number for the catalogue"),
    "card-basis": _warning("a form that names no law or rule by which it asks"),
    "card-expiry": _warning("a form without a day on which it expires"),
    "form-expired": _warning("a form that is no longer asked"),
    "form-expires": _warning("a form that will soon be asked no longer"),
    # Totals
    "total-pointer": _error("a total of cells that do not exist"),
    "total-type": _error("a total of something that is not a number, or that is not one itself"),
    "total-cycle": _error("totals or formulas that are made of each other in a circle"),
    # Layout
    "layout-id": _error("two layout items with one id"),
    "layout-at": _error("a layout item for a cell that the form does not have"),
    "layout-kind": _error("a layout item that cannot show what is at its place"),
    "layout-twice": _error("a cell that is placed twice"),
    "layout-axis": _error("an axis of a cross-table that does not fit the indicator"),
    "layout-unplaced": _warning("a cell that the layout leaves out, so that it is drawn at the end"),
}  # fmt: skip
"""Codes are stable: other programs may act on them."""


def problem(code: str, message: str, address: str, pointer: str = "") -> Problem:
    """The problem with the severity that its code has."""
    return Problem(code, message, pointer, address, CODES[code].severity)
