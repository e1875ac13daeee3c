"""The one walk over the syntax tree of a module: what to do with each class of nodes, by kind of node."""
