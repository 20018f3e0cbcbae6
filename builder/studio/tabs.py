"""The studio with all its tabs: each module puts its pages on the one blueprint. Not for what a tab does."""

from __future__ import annotations

from builder.studio import here, history_tab, pages, preview, rules_tab, stepping, translations

TABS = (pages, stepping, here, history_tab, preview, rules_tab, translations)
studio = pages.studio
