"""Matching: every use of Keras in a module, the arguments it was given, and the rule that treats it."""
