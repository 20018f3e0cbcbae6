"""The tables of department data in bulk. Only their shape."""
