# ruff: noqa: E501  the programs of the tables stand on one line each
"""Does a migration touch nothing but what it must: comments, quotes, line ends, encodings, statements on one line?"""

from __future__ import annotations

from textwrap import dedent

import pytest
from fidelity import migrated

CALLS = {
    "comments-behind-the-arguments": (
        """\
        from keras.layers import LSTM
        a = LSTM(
            output_dim=3,
            stateful=True,   # goes on
            unroll=True      # at once
        )
        b = LSTM(
            3,
            stateful=True,  # goes on
        )
        """,
        """\
        from keras.layers import LSTM
        a = LSTM(
            units=3,
            stateful=True,   # goes on
            unroll=True,     # at once
            recurrent_activation='hard_sigmoid',
            recurrent_initializer='glorot_uniform'
        )
        b = LSTM(
            3,
            stateful=True,  # goes on
            recurrent_activation='hard_sigmoid',
            recurrent_initializer='glorot_uniform',
        )
        """,
    ),
    "one-argument-a-line": (
        """\
        from keras.layers import Convolution2D
        x = Convolution2D(
            32,  # filters, not (rows
            3,   # rows )
            3,   # columns
            border_mode = "same",  # quotes stay
        )
        """,
        """\
        from keras.layers import Conv2D
        x = Conv2D(
            32,  # filters, not (rows
            (3,  # rows )
            3),  # columns
            padding = "same",  # quotes stay
        )
        """,
    ),
    "comma-first": (
        """\
        from keras.layers import Convolution2D
        x = Convolution2D(32
            ,3
            ,3
            ,border_mode='same'
            )
        """,
        """\
        from keras.layers import Conv2D
        x = Conv2D(32
            ,(3, 3)
            ,padding='same'
            )
        """,
    ),
    "parenthesised-arguments": (
        """\
        from keras.layers import Dense
        x = Dense((3), init=(  # the start
            'uniform'), bias=((False)))
        """,
        """\
        from keras.layers import Dense
        x = Dense((3), kernel_initializer=(  # the start
            'uniform'), use_bias=((False)))
        """,
    ),
    "backslashes": (
        """\
        from keras.layers import Dense, \\
            merge
        x = Dense(3, \\
                  init \\
                  = 'uniform')
        y = merge([x, x], \\
                  mode='concat', \\
                  concat_axis=1)
        """,
        """\
        from keras.layers import Dense, \\
            concatenate
        x = Dense(3, \\
                  kernel_initializer \\
                  = 'uniform')
        y = concatenate([x, x], \\
                        axis=1)
        """,
    ),
    "lines-less-indented-than-the-one-that-opens": (
        """\
        from keras.layers import Convolution2D, merge
        x = merge([
            Convolution2D(3, 5, 5, name='a',
                          border_mode='same')(
                split(axis=1,
                      part=0)(a)
            ) for a in b], mode='concat')
        """,
        """\
        from keras.layers import Conv2D, concatenate
        x = concatenate([
            Conv2D(3, (5, 5), name='a',
                   padding='same')(
                split(axis=1,
                      part=0)(a)
            ) for a in b])
        """,
    ),
    "lines-that-follow-the-one-that-opens": (
        """\
        from keras.layers import Convolution2D, merge
        x = merge([a,
                   Convolution2D(3, 5, 5,
                                 border_mode='same')(
                       a)], mode='sum')
        """,
        """\
        from keras.layers import Conv2D, add
        x = add([a,
                 Conv2D(3, (5, 5),
                        padding='same')(
                     a)])
        """,
    ),
    "callee-apart": (
        "from keras.layers import Dense\nx = (Dense\n     (3, init='uniform'))\ny = Dense (3, init='uniform')\n",
        "from keras.layers import Dense\nx = (Dense\n     (3, kernel_initializer='uniform'))\ny = Dense (3, kernel_initializer='uniform')\n",
    ),
    "edits-inside-edits": (
        "from keras.layers import Convolution2D, Dense, merge\n"
        "x = merge([Convolution2D(3, 5, 5, name='é漢')(a), merge([Dense(4, init='uniform')(b), c], mode='sum')], mode='concat')\n",
        "from keras.layers import Conv2D, Dense, concatenate, add\n"
        "x = concatenate([Conv2D(3, (5, 5), name='é漢')(a), add([Dense(4, kernel_initializer='uniform')(b), c])])\n",
    ),
    "non-ascii-before": (
        "x = 'é漢𝔘'; from keras.layers import Dense; a = 'ß', Dense(3, name='漢', init='uniform')  # é\n",
        "x = 'é漢𝔘'; from keras.layers import Dense; a = 'ß', Dense(3, name='漢', kernel_initializer='uniform')  # é\n",
    ),
    "one-line-blocks": (
        "from keras.layers import Dense; x = Dense(3, init='a'); y = 2\nif x: y = Dense(4, init='b'); z = 1\nclass A: x = Dense(5, init='c')\n",
        "from keras.layers import Dense; x = Dense(3, kernel_initializer='a'); y = 2\n"
        "if x: y = Dense(4, kernel_initializer='b'); z = 1\nclass A: x = Dense(5, kernel_initializer='c')\n",
    ),
    "every-place-an-expression-stands": (
        "from keras.layers import Dense\n@Dense(1, init='a')\ndef f(x=Dense(2, init='b')) -> Dense(3, init='c'): yield Dense(4, init='d')\n"
        "g = lambda x=Dense(5, init='e'): Dense(6, init='f')\nassert Dense(7, init='g'), Dense(8, init='h')\n"
        "g[Dense(9, init='i')] = [*Dense(10, init='j')]\nh: Dense(11, init='k') = {**Dense(12, init='l')}\n"
        "with Dense(13, init='m') as z: pass\nwhile Dense(14, init='n'): break\n",
        "from keras.layers import Dense\n@Dense(1, kernel_initializer='a')\n"
        "def f(x=Dense(2, kernel_initializer='b')) -> Dense(3, kernel_initializer='c'): yield Dense(4, kernel_initializer='d')\n"
        "g = lambda x=Dense(5, kernel_initializer='e'): Dense(6, kernel_initializer='f')\n"
        "assert Dense(7, kernel_initializer='g'), Dense(8, kernel_initializer='h')\n"
        "g[Dense(9, kernel_initializer='i')] = [*Dense(10, kernel_initializer='j')]\n"
        "h: Dense(11, kernel_initializer='k') = {**Dense(12, kernel_initializer='l')}\n"
        "with Dense(13, kernel_initializer='m') as z: pass\nwhile Dense(14, kernel_initializer='n'): break\n",
    ),
    "keywords-in-any-order": (
        'from keras.layers import Convolution2D\nx = Convolution2D(3, nb_col=5, nb_row=7, name="x")\n',
        'from keras.layers import Conv2D\nx = Conv2D(3, kernel_size=(7, 5), name="x")\n',
    ),
    "type-comments-and-annotations": (
        "from keras.models import Sequential\nm = Sequential()  # type: Sequential\nn: int = m.fit(x, y, nb_epoch=3)  # type: ignore\n",
        "from keras.models import Sequential\nm = Sequential()  # type: Sequential\nn: int = m.fit(x, y, epochs=3)  # type: ignore\n",
    ),
    "match-and-async": (
        "from keras.models import Sequential\nasync def f(x):\n    m = Sequential()\n    match x:\n        case {'a': [1, *_]} if m.fit(x, y, nb_epoch=1):\n"
        "            await m.fit(x, y, nb_epoch=3)\n        case _:\n            m.fit(x, y, nb_epoch=4)\n",
        "from keras.models import Sequential\nasync def f(x):\n    m = Sequential()\n    match x:\n        case {'a': [1, *_]} if m.fit(x, y, epochs=1):\n"
        "            await m.fit(x, y, epochs=3)\n        case _:\n            m.fit(x, y, epochs=4)\n",
    ),
    "form-feed-and-tabs": (
        "from keras.layers import Dense\n\x0cdef f():\n\treturn Dense(3,\n\t\t\tinit='uniform')\t# t\n",
        "from keras.layers import Dense\n\x0cdef f():\n\treturn Dense(3,\n\t\t\tkernel_initializer='uniform')\t# t\n",
    ),
    "no-newline-at-the-end": (
        "from keras.layers import Dense\nx = Dense(3, init='uniform')",
        "from keras.layers import Dense\nx = Dense(3, kernel_initializer='uniform')",
    ),
}


@pytest.mark.parametrize("before, after", [pytest.param(*pair, id=name) for name, pair in CALLS.items()])
def test_text_of_calls(before: str, after: str) -> None:
    result = migrated(dedent(before))
    assert result.after == dedent(after)
    assert not result.reviews


PROGRAM = (
    "# {cookie}\n"
    "from keras.layers import Dense, merge, Convolution2D  # {text}\n"
    "x = '{text}'; y = Dense(3, name='{text}', init='uniform')\n"
    "def f():\n"
    "\tz = merge([x, y],  # {text}\n"
    "\t          mode='concat',\n"
    "\t          concat_axis=1)\n"
    "\treturn Convolution2D(1, 2, 3)(z)\n"
)
RESULT = (
    "# {cookie}\n"
    "from keras.layers import Dense, concatenate, Conv2D  # {text}\n"
    "x = '{text}'; y = Dense(3, name='{text}', kernel_initializer='uniform')\n"
    "def f():\n"
    "\tz = concatenate([x, y],  # {text}\n"
    "\t          axis=1)\n"
    "\treturn Conv2D(1, (2, 3))(z)\n"
)
ENCODINGS = {
    "utf-8": "é漢𝔘",
    "latin-1": "éß",
    "cp1252": "é€",
    "gbk": "汉字",
    "euc-jp": "漢字",
    "koi8-r": "привет",
    "ascii": "abc",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize(
    "encoding, bom",
    [*[pytest.param(name, False, id=name) for name in ENCODINGS], pytest.param("utf-8", True, id="utf-8-with-bom")],
)
def test_bytes(encoding: str, bom: bool, newline: str) -> None:
    words = {"cookie": f"-*- coding: {encoding} -*-", "text": ENCODINGS[encoding]}
    mark = b"\xef\xbb\xbf" if bom else b""
    before = mark + PROGRAM.format(**words).replace("\n", newline).encode(encoding)
    after = mark + RESULT.format(**words).replace("\n", newline).encode(encoding)
    assert migrated(before).to_bytes() == after


def test_mixed_line_ends_stay() -> None:
    before = b"from keras.layers import Dense\r\nx = Dense(3,\n  init='a')\r\ny = Dense(4, \r  init='b')\n"
    after = before.replace(b"init=", b"kernel_initializer=")
    assert migrated(before).to_bytes() == after


def test_line_separators_of_unicode_are_no_line_ends() -> None:
    before = "from keras.layers import Dense\nx = '\u2028\x85\x1c'; y = Dense(3, init='a')\n# \u2028\nz = Dense(3, init='b')\n"
    assert migrated(before).after == before.replace("init=", "kernel_initializer=")


FOLDED = """\
from keras.layers import Convolution2D
v = Convolution2D(nb_row=3,  # rows
                  nb_filter=3,  # filters
                  # a line of its own
                  nb_col=5  # columns
                  , border_mode='same')
"""


def test_a_comment_between_arguments_that_fold_is_lost_by_consent_only() -> None:
    careful = migrated(FOLDED)
    assert careful.after == FOLDED
    assert [review.unsafe for review in careful.reviews] == [True]
    assert "kernel_size=(3, 5)" in migrated(FOLDED, unsafe=True).after


def test_a_comment_before_an_argument_that_goes_to_the_front_is_lost_by_consent_only() -> None:
    text = "from keras.optimizers import SGD\nopt = SGD(momentum=0.9,  # heavy\n          lr=0.1)\n"
    careful = migrated(text)
    assert careful.after == text
    assert [review.unsafe for review in careful.reviews] == [True]
    assert "SGD(0.1, momentum=0.9)" in migrated(text, unsafe=True).after


F_STRINGS = (
    "print(f'{K.image_dim_ordering()}')",
    "print(f\"a {K.image_dim_ordering() == 'th'!r:>10} b\")",
    "print(f'''\n{K.image_dim_ordering()} {1:{K.image_dim_ordering()}}\n''')",
    "x = f\"{'é'}{K.image_dim_ordering()}\" + K.image_dim_ordering()",
    "x = rf'\\d{K.image_dim_ordering()}' f'{{{K.epsilon()}}}'",
)


@pytest.mark.parametrize("line", F_STRINGS)
def test_formatted_strings_never_break(line: str) -> None:
    result = migrated(f"from keras import backend as K\n{line}\n")
    assert result.reviews or "dim_ordering" not in result.after


DROPPED = {
    "comment-before": (
        "o = Adagrad(lr=0.1,  # rate\n            decay=0.)\n",
        "o = Adagrad(0.1,  # rate\n            epsilon=1e-8)\n",
    ),
    "in-front-of-the-one-that-moves": ("o = Adagrad(decay=0., lr=0.1)\n", "o = Adagrad(0.1, epsilon=1e-8)\n"),
    "on-two-lines": (
        "o = Adagrad(decay=0.,\n            lr=0.1)\n",
        "o = Adagrad(0.1,\n            epsilon=1e-8)\n",
    ),
    "trailing-comma": ("o = Adagrad(0.1, decay=0.,)\n", "o = Adagrad(0.1, epsilon=1e-8,)\n"),
}


@pytest.mark.parametrize("before, after", [pytest.param(*pair, id=name) for name, pair in DROPPED.items()])
def test_a_dropped_argument_leaves_no_trace(before: str, after: str) -> None:
    head = "from keras.optimizers import Adagrad\n"
    assert migrated(head + before).after == head + after


def test_a_dropped_argument_with_a_comment_before_and_a_comma_behind() -> None:
    result = migrated("from keras.optimizers import SGD\no = SGD(0.1,  # rate\n        decay=0.,)\n")
    assert "decay" not in result.after


def test_a_comment_in_front_of_the_comma_of_an_argument_that_moves_first_is_not_lost() -> None:
    text = "from keras.optimizers import SGD\no = SGD(momentum=n  # why\n        , lr=0.1, decay=0.)\n"
    careful, unsafe = migrated(text), migrated(text, unsafe=True)

    assert careful.after == text
    assert [review.unsafe for review in careful.reviews] == [True]
    assert "SGD(0.1, momentum=n" in unsafe.after


@pytest.mark.parametrize("comma", ["", ","])
def test_an_argument_that_is_added_does_not_go_with_the_last_one(comma: str) -> None:
    text = f"from keras.optimizers import Adamax\no = Adamax(0.1,\n    beta_2=3  # why\n    ,\n    decay=0.{comma})\n"

    assert migrated(text).after == text.replace(f"decay=0.{comma}", "epsilon=1e-8")


def test_arguments_that_are_added_stand_below_the_last_line_of_the_call() -> None:
    before = (
        "from keras.layers import GRU\n"
        "layer = GRU(256, return_sequences=True, input_shape=(10, 20),\n"
        "                  activation='relu', inner_init='identity')\n"
    )
    added = "".join(
        f",\n                  {text}"
        for text in ("recurrent_activation='hard_sigmoid'", "recurrent_initializer='glorot_uniform'", "reset_after=False")
    )
    assert migrated(before).after == before.replace(", inner_init='identity'", added)
