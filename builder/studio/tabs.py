"""The studio with all its tabs: each module puts its pages on the one blueprint. Not for what a tab does."""

from __future__ import annotations

from builder.studio import here, history_tab, pages, translations

TABS = (pages, here, history_tab, translations)
studio = pages.studio
