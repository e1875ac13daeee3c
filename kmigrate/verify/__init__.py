"""Proof before writing: the text compiles, its names are bound, its Keras calls fit Keras 2, a second run is empty."""
