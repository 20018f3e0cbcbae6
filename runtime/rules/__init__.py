"""What rules say of one subject: conditions, derived fields, its part in a figure. Pure; knows no table."""
