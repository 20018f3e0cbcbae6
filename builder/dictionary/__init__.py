"""The dictionary: what is known and counted, where it is used, and how it is changed so that nothing breaks.

`items`, `found`, `grouped`, `where_used` and `read_by` list it; `making.make` adds a field or an indicator.
"""

from builder.dictionary.items import Item, found, grouped, items, read_by, where_used

__all__ = ["Item", "found", "grouped", "items", "read_by", "where_used"]
