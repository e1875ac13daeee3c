"""Which families of programs are there?"""

from __future__ import annotations

from hypothesis import strategies as st

from kmigrate.referee.programs import compiling, generators, merges, stacks
from kmigrate.referee.programs.layers import LAYERS
from kmigrate.referee.programs.text import Written

FAMILIES: dict[str, st.SearchStrategy[Written]] = {
    **{name: stacks.single(name) for name in LAYERS},
    "TimeDistributed": stacks.time_distributed(),
    "Bidirectional": stacks.bidirectional(),
    "Masked": stacks.masked(),
    "Stateful": stacks.stateful(),
    **{f"merge {mode}": merges.merged(mode) for mode in merges.MODES},
    **{f"optimizer {name}": compiling.optimized(name) for name in compiling.OPTIMIZERS},
    "losses": compiling.lossy(),
    "fit": compiling.fitted(),
    "fit_generator": generators.own(),
    "fit_generator of images": generators.iterated(),
}
"""By name: one for each layer class, and those that are about how layers work together."""
