"""Which Keras 1 programs can be written? Strategies for hypothesis over the table of Keras 1.2.2.

`values.py` knows what a parameter takes, `calls.py` how arguments are written, `layers.py` what a layer class needs,
`stacks.py`, `merges.py`, `compiling.py` and `generators.py` build models from that, `families.py` lists them all.
"""
