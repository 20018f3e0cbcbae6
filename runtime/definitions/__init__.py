"""Definitions: loaded, addressed, resolved, checked, compiled to a plan, compared, published."""
