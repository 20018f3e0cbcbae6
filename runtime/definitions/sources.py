"""The names of the programs that may fill cells, as plugins bring them. Not for asking them: that is `fill.sources`."""

from __future__ import annotations

NAMES: set[str] = set()
"""Of all sites that this process has opened, as with field types."""
