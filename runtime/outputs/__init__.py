"""One document tree from a plan and an entry, and the files made from it: HTML, PDF, XLSX, CSV, JSON."""
