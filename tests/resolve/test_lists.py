"""Is what a list holds known from all that the module puts into it, takes out of it, or moves in it?"""

from __future__ import annotations

import pytest
from probed_program import probed

DENSE, LSTM = "keras.layers.Dense", "keras.layers.LSTM"


@pytest.mark.parametrize(
    ("program", "means"),
    [
        ("l = [Dense, LSTM]\nprobe(l[0])", {DENSE}),
        ("l = [Dense, LSTM]\nprint(len(l), l[1], l.index(x), l.count(x))\nprobe(l[0])", {DENSE}),
        ("l = [Dense]\nl.append(LSTM)\nprobe(l[0])", {DENSE, LSTM}),
        ("l = []\nfor i in r:\n    l.append(LSTM)\nprobe(l[-1])", {LSTM}),
        ("l = [Dense]\nl.extend([LSTM])\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense]\nl.extend(more)\nprobe(l[0])", {DENSE, "unknown"}),
        ("l = [Dense]\nl.insert(0, LSTM)\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense]\nl += [LSTM]\nfor c in l:\n    probe(c)", {DENSE, LSTM}),
        ("l = [Dense, Dense]\nl[1] = LSTM\nprobe(l[1])", {DENSE, LSTM}),
        ("l = [Dense, Dense]\nl[1:] = [LSTM]\nprobe(l[1])", {DENSE, LSTM}),
        ("l = [Dense, Dense]\nl[1], x = pair\nprobe(l[1])", {DENSE, "unknown"}),
        ("l = [Dense, LSTM]\nl.pop(0)\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense, LSTM]\nl.remove(x)\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense, LSTM]\nl.reverse()\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense, LSTM]\nl.sort()\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense, LSTM]\ndel l[0]\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [None] * 3\nl[1] = LSTM\nprobe(l[1])", {LSTM, "other"}),
        ("l = [Dense for i in r]\nl.append(LSTM)\nprobe(l[0])", {DENSE, LSTM}),
        ("l = list((Dense, Dense))\nl.append(LSTM)\nprobe(l[0])", {DENSE, LSTM}),
        ("l, x = [Dense], 1\nl.append(LSTM)\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense] if x else [Dense]\nl.append(LSTM)\nprobe(l[0])", {DENSE, LSTM}),
        ("l = [Dense]\ndef f():\n    l = []\n    l.append(LSTM)\nprobe(l[0])", {DENSE}),
    ],
)
def test_what_a_list_holds(program: str, means: set[str]) -> None:
    assert probed(f"from keras.layers import Dense, LSTM\n{program}") == means
