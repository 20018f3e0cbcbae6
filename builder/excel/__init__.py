"""From a department's Excel sheet to a form, and the sheet as its template. Not for filling it: the runtime does."""
