"""What is known of whom, from which day on: units, subjects and their timelines."""
