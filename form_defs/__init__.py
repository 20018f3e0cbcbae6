"""Shipped definitions, as data: read through `importlib.resources`, never imported for code."""
