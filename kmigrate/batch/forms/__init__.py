"""The formats of a roll-up, one module each."""
