"""Sources: which files there are, what their bytes say, and where in them a syntax node stands."""
