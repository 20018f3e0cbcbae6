"""The studio with all its tabs: each module puts its pages on the one blueprint. Not for what a tab does."""

from __future__ import annotations

from builder.studio import here, history_tab, pages, preview, translations

TABS = (pages, here, history_tab, preview, translations)
studio = pages.studio
