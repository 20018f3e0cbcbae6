"""The tables of changes that a steward is to accept. Only their shape."""
