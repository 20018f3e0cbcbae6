"""The tables of stored parts of figures, and whose membership they rest on. Only their shape."""
