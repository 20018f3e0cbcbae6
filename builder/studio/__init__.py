"""The studio: one form on its way to a version, put together in place. Not for the list of forms or the dictionary."""
