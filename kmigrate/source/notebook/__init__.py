"""Notebooks: their code cells as one Python text, and the way back into the JSON, changed strings only."""
