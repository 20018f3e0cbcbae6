"""The tables of work in the background. Only their shape."""
