"""Who signs in, and what they may do for which unit and department. Not for pages."""
