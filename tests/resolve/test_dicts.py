"""Is what a call gives that makes a dict, or asks one, known from what the dict holds?"""

from __future__ import annotations

import pytest
from probed_program import probed

DENSE, LSTM = "keras.layers.Dense", "keras.layers.LSTM"
BOTH = "d = {'a': Dense, 'b': LSTM}\n"


@pytest.mark.parametrize(
    ("program", "means"),
    [
        (BOTH + "for c in d.values():\n    probe(c)", {DENSE, LSTM}),
        (BOTH + "for c in d.itervalues():\n    probe(c)", {DENSE, LSTM}),
        (BOTH + "for k, c in d.items():\n    probe(c)", {DENSE, LSTM}),
        (BOTH + "for k, c in d.iteritems():\n    probe(k)", {"other"}),
        ("d = {k: Dense}\nfor k, c in d.items():\n    probe(k)", {"unknown"}),
        (BOTH + "for i, (k, c) in enumerate(sorted(d.items())):\n    probe(c)", {DENSE, LSTM}),
        (BOTH + "probe(list(d.values())[0])", {DENSE, LSTM}),
        (BOTH + "probe(next(iter(d.values())))", {DENSE, LSTM}),
        (BOTH + "[probe(c) for c in d.values()]", {DENSE, LSTM}),
        (BOTH + "probe(d.pop('a'))", {DENSE}),
        (BOTH + "probe(d.pop('a', LSTM))", {DENSE, LSTM}),
        (BOTH + "d.pop('a')\nprobe(d['b'])", {LSTM}),
        (BOTH + "probe(d.setdefault('a', LSTM))", {DENSE, LSTM, "unknown"}),
        (BOTH + "d.setdefault(k, LSTM)\nprobe(d['a'])", {DENSE, "unknown"}),
        ("d = {}\nd['a'] = Dense\nfor c in d.values():\n    probe(c)", {DENSE}),
        ("d = {'a': Dense}\nfill(d)\nfor c in d.values():\n    probe(c)", {DENSE, "unknown"}),
        ("d = dict([('a', Dense), ('b', LSTM)])\nprobe(d['b'])", {LSTM}),
        ("d = dict([('a', Dense)], b=LSTM)\nprobe(d['b'])", {LSTM}),
        ("d = dict(zip(names, [Dense, LSTM]))\nprobe(d['b'])", {DENSE, LSTM, "unknown"}),
        (BOTH + "e = dict(d)\nprobe(e['b'])", {DENSE, LSTM, "unknown"}),
        (BOTH + "e = d.copy()\nprobe(e['b'])", {DENSE, LSTM, "unknown"}),
        (BOTH + "e = dict(d)\nprobe(d['b'])", {LSTM}),
        ("d = dict(more)\nprobe(d['b'])", {"unknown"}),
        ("from collections import OrderedDict\nd = OrderedDict([('a', Dense)])\nprobe(d['a'])", {DENSE}),
        ("import collections\nd = collections.OrderedDict(a=Dense)\nprobe(d.get('a', LSTM))", {DENSE, LSTM}),
        ("from mine import OrderedDict\nd = OrderedDict([('a', Dense)])\nprobe(d.popitem())", {"unknown"}),
        ("import random\nprobe(random.choice([Dense, LSTM]))", {DENSE, LSTM}),
        ("import numpy as np\nprobe(np.random.choice(5))", {"other"}),
        ("def make():\n    d = {'a': Dense}\n    d['b'] = LSTM\n    return d\nprobe(make()['b'])", {LSTM}),
        ("def make():\n    d = dict(a=Dense)\n    d[k] = LSTM\n    return d\nprobe(make()['a'])", {DENSE, LSTM}),
        ("def f():\n    d = {'a': Dense}\n    d['b'] = LSTM\n    fill(d)\n    return d\nprobe(f()['b'])", {LSTM, "unknown"}),
        ("def f():\n    d = {'b': Dense}\n    d.update(b=LSTM)\n    return d\nprobe(f()['b'])", {DENSE, "unknown"}),
        ("def f():\n    d = {'b': Dense}\n    d.setdefault(k, LSTM)\n    return d\nprobe(f()['b'])", {DENSE, "unknown"}),
        ("def f():\n    d = {'b': Dense}\n    fill(d)\n    return d\nprobe(f()['b'])", {DENSE, "unknown"}),
        ("def f():\n    d = {'b': Dense}\n    d['b'], x = LSTM, 1\n    return d\nprobe(f()['b'])", {DENSE, "unknown"}),
        ("def f():\n    d = {'a': Dense}\n    print(d.get('a'))\n    return d\nprobe(f()['a'])", {DENSE}),
        (BOTH + "d.update(b=Dense)\ne = d\nprobe(e['b'])", {LSTM, "unknown"}),
        ("d, x = {'a': Dense}, 1\nd['b'] = LSTM\nprobe(d['b'])", {LSTM}),
        ("d = {'a': Dense} if x else {}\nd['b'] = LSTM\ne = d\nprobe(e['b'])", {LSTM, "unknown"}),
        ("t = {}\nfill(t)\nt['b'] = Dense\nprobe(t['a'])", {DENSE, "unknown"}),
        ("class C(object):\n  kinds = {'a': Dense}\n  def f(self):\n    for c in self.kinds.values():\n      probe(c)", {DENSE}),
    ],
)  # fmt: skip
def test_what_a_dict_gives(program: str, means: set[str]) -> None:
    assert probed(f"from keras.layers import Dense, LSTM\n{program}") == means
