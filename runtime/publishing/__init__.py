"""What a form must show before it becomes a version: its cost, its paper, who admits it, and what it changes."""
