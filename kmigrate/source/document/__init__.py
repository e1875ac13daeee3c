"""Documents: the Python blocks of a Markdown or reStructuredText file, read where they stand."""
