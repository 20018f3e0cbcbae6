"""Field types: one class each, holding all aspects of one kind of value."""
