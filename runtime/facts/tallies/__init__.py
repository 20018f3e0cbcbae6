"""Parts of figures kept as facts change: adopting rules, keeping up, reading, proving. What they are is in `rules.tallying`."""
