"""Changes of many subjects that are prepared unseen, seen all at once, and then moved to where they belong."""
