"""What becomes of the user's own initializers: partial objects and functions that make the variable of a weight."""
