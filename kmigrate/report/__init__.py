"""Reports: one model of what a run found, and one module per format that shows it."""
