"""Where a cell's value comes from: derived fields, figures by a scan, rows, facts, and why. Not for storing entries."""
