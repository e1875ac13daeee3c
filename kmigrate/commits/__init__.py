"""A migration as a row of commits, one for each rule that fired."""
