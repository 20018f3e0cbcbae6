"""The sample city: invented people in an invented place, the same for the same seed, living January to October 2026."""
