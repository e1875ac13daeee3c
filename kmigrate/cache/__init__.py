"""Results of earlier runs, for files of which nothing changed that their results depend on."""
