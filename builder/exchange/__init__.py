"""Forms out to files and in from files: our own JSON, any JSON Schema, XLSForm, and sets of them."""
