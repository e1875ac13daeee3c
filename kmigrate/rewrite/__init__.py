"""Rewriting: from a matched use and its rule to frozen edits."""
