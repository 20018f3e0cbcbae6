"""Department sheets for the sample city: thirteen kinds, as untidy as in life. Not for reading them."""
