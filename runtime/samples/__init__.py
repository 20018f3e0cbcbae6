"""Data that a form could hold: plausible for previews, as wide as may be for checks. Not of anybody, and never kept."""
