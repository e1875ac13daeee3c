"""How a Keras 2 name is spelled at each use, and which imports that needs."""
