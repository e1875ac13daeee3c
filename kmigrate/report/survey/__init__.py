"""What is there to do before the work starts: counts, hardest files, and the time that it will take a person."""
