"""Parts of figures kept as facts change: rules adopted, followed, read, proved. What they are says `rules.tallying`."""
