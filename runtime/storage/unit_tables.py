"""The tables of what became of units. Only their shape."""
