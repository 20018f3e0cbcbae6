"""Tests of the studio: its tabs through the front door and in a browser."""
