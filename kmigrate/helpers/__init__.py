"""Layers that Keras 2 does not have, as a small module that a project gets on request."""
