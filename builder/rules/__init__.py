"""Conditions and rules as people say and compose them: a `where` as rows of field, comparison, value.

For indicators, "shown when", fill rules and lists alike. Nothing here knows the database; pages draw what `composer`
gives with the macros of `builder/rules/composer.html`.
"""

from builder.rules.composer import Composed, Composer
from builder.rules.fields import Field, fields_of, fields_of_register
from builder.rules.reading import read
from builder.rules.rows import Group, Row, Where
from builder.rules.sentences import condition, rule
from builder.rules.writing import written

__all__ = [
    "Composed",
    "Composer",
    "Field",
    "Group",
    "Row",
    "Where",
    "condition",
    "fields_of",
    "fields_of_register",
    "read",
    "rule",
    "written",
]
