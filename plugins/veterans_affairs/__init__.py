"""Veterans affairs: two forms, their indicators, and the title block of their paper. No code of its own."""
