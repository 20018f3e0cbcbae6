"""An entry: what is drawn, what was posted, its problems, and its life from draft to snapshot. Not for pages."""
