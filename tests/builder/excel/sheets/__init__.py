"""Sheets as departments send them, invented, each with what its cells should be bound to."""
