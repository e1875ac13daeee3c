"""Weights that a layer makes by hand in `build` (`self.W = self.init(shape)`), and how add_weight makes them."""
