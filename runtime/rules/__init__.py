"""What a definition's rules say of one subject: conditions, derived fields, what it adds to which figure. Pure; knows no table."""
