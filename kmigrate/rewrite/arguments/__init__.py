"""How the arguments of a call move: the argument table of a rule applied to the text of one call."""
