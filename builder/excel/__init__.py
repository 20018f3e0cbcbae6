"""From a department's Excel sheet to a form, and the sheet as its template. Not for filling it: that is the runtime's."""
