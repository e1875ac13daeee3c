"""Is what a dict holds under a key known from all that the module puts there?"""

from __future__ import annotations

import pytest
from probed_program import probed

DENSE, LSTM = "keras.layers.Dense", "keras.layers.LSTM"


@pytest.mark.parametrize(
    ("program", "means"),
    [
        ("d = {}\nd['a'] = Dense\nprobe(d['a'])", {DENSE}),
        ("d = dict(a=Dense)\nd['b'] = LSTM\nprobe(d['a'])", {DENSE}),
        ("d = {'a': Dense}\nd['a'] = LSTM\nprobe(d['a'])", {DENSE, LSTM}),
        ("d = {'a': Dense}\nfor k in names:\n    d[k] = LSTM\nprobe(d['a'])", {DENSE, LSTM}),
        ("d = {'a': Dense}\nd['b'] = LSTM\nprobe(d[k])", {DENSE, LSTM}),
        ("d = {'a': Dense}\nd['b'] = LSTM\nprobe(d.get(k))", {DENSE, LSTM, "other"}),
        ("d = {'a': Dense}\nd['b'] = LSTM\nprobe(d.get('a', LSTM))", {DENSE, LSTM}),
        ("d = {'a': Dense, 'b': LSTM}\nfill(d)\nprobe(d[k])", {DENSE, LSTM, "unknown"}),
        ("d = {k: Dense for k in names}\nd['b'] = LSTM\nprobe(d['a'])", {DENSE}),
        ("d = {'a': Dense}\ndef f():\n    d['a'] = LSTM\nprobe(d['a'])", {DENSE, LSTM}),
        ("d = {'a': Dense}\ndef f():\n    d = {}\n    d['a'] = LSTM\nprobe(d['a'])", {DENSE}),
        ("d = {'a': Dense}\nd.update(more)\nprobe(d['a'])", {DENSE, "unknown"}),
        ("d = {'a': Dense}\nfill(d)\nprobe(d['a'])", {DENSE, "unknown"}),
        ("d = {'a': Dense, **more}\nprobe(d['a'])", {DENSE, "unknown"}),
        ("d = {'a': Dense}\nd['a'] += 1\nprobe(d['a'])", {DENSE, "unknown"}),
        ("d = {'a': Dense}\nd['b'], d['a'] = pair\nprobe(d['a'])", {DENSE, "unknown"}),
        ("d = {'a': Dense}\nprint(len(d), d.get('b'), f(**d), 'a' in d)\nprobe(d['a'])", {DENSE}),
    ],
)
def test_what_a_dict_holds(program: str, means: set[str]) -> None:
    assert probed(f"from keras.layers import Dense, LSTM\n{program}") == means
