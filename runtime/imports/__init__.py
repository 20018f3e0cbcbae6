"""Department data in bulk: sheets read, matched, tried and applied. Not for single changes."""
