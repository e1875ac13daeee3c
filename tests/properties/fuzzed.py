# ruff: noqa: E501  the lists of accidents stand on one line each
"""Inputs for fuzzing: files of every shape (our examples, samples, Python 2, notebooks, documents), spoiled in every way."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from keyword import iskeyword
from pathlib import Path

from hypothesis import strategies as st

from kmigrate.ruleset.loader import load_rules

TESTS = Path(__file__).parents[1]
PYTHON_2 = """\
# -*- coding: utf-8 -*-
from keras.models import Sequential
from keras.layers.core import Dense, Merge
def build((rows, cols), units=0777):
\tmodel = Sequential(); print >>log, `units`, ur'é\\d', "%d" % units,
        model.add(Dense(output_dim=units, input_dim=rows * cols, init='uniform'))
\tif rows <> cols: print
\treturn model
try: net = build((2L, 3)); exec "x = 1" in {}
except ValueError, e: raise RuntimeError, 'bad'
net.fit(x, y, nb_epoch=10L, batch_size=len(x) / 2)
""".replace("        model", "\tmodel")
CELLS = ("%matplotlib inline\nimport keras", "%%bash\npip install keras", "!ls\nmodel?", "x = \n", "%time model.fit(x, y, nb_epoch=3)", "")
WORDS = re.compile(r"\w+|\r\n|[ \t]+|.|\n", re.DOTALL)
JUNK = (
    "(", ")", "[", "]", "{", "}", "'", '"', "'''", "\\", "\n", "\r", "\r\n", "\t", "        ", "\x0c", "#", ",", ";", ":", "=", "*", "**", ".",
    "...", "`", "<>", "0777", "10L", "ur''", "b'\\x'", "é", "漢", "🙂", "\ufeff", "\u2028", "\0", "\x1a", "lambda: ", "print ", "exec ", "async ", "yield ",
    "return ", "import ", "from keras import *\n", "as ", "if x: ", "else: ", "def f(): ", "class A(Dense): ", "@", "->", ":=", "f'{", "}'", "%", "!ls\n",
    "%%bash\n", "?", "# coding: latin-1\n", "# kmigrate: ignore", "nb_epoch=3", "*args", "**kwargs", "None", "True", "K.", "keras.", "self.", "del ",
    "global model\n", "merge", "Dense", "Sequential()", "model.add(", "output_dim=", "mode='concat'", "border_mode=mode", "/ 2", "// 2", "not ", "~", "-",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """A file: its name and its bytes."""

    name: str
    data: bytes


@cache
def programs() -> tuple[str, ...]:
    """Whole programs: what our rules show, a module of Python 2, and small projects."""
    examples = {
        text: None
        for rule in load_rules()
        for example in rule.examples
        for text in (example.before, example.unchanged, example.review)
        if text is not None
    }
    return (*examples, *[PYTHON_2] * 20, *(path.read_text("utf-8") for path in _projects()))


@st.composite
def inputs(draw: st.DrawFn) -> Input:
    """One of the programs after some accidents, in a file of some kind, in some encoding."""
    text = draw(st.sampled_from(programs()))
    for _ in range(draw(st.sampled_from((0, 1, 1, 2, 2, 3, 5)))):
        text = draw(st.sampled_from(GENTLE))(draw, text)
    for _ in range(draw(st.sampled_from((0, 0, 0, 0, 1, 1, 2, 4)))):
        text = draw(st.sampled_from(ROUGH))(draw, text)
    name = draw(st.sampled_from(("net.py",) * 5 + ("lesson.ipynb", "README.md", "guide.rst")))
    if name.endswith(".ipynb"):
        text = _notebook(draw, text)
    elif not name.endswith(".py"):
        text = _document(draw, text, name)
    if draw(st.sampled_from((0,) * 15 + (1,))):
        text = draw(st.sampled_from(ROUGH))(draw, text)
    return Input(name, draw(st.sampled_from(WRITERS))(text))


def _notebook(draw: st.DrawFn, text: str) -> str:
    """Cells of a few lines each, with others between them."""
    lines = text.splitlines(keepends=True)
    cells: list[str] = []
    while lines:
        size = draw(st.integers(1, max(1, len(lines))))
        cells.append("".join(lines[:size]).removesuffix("\n"))
        lines = lines[size:]
    for _ in range(draw(st.integers(0, 2))):
        cells.insert(draw(st.integers(0, len(cells))), draw(st.sampled_from(CELLS)))
    kinds = st.sampled_from(("code", "code", "code", "code", "markdown"))
    made = [{"cell_type": draw(kinds), "metadata": {}, "outputs": [], "source": _source(draw, cell)} for cell in cells]
    layout = draw(st.sampled_from(({"indent": 1}, {"indent": 1, "ensure_ascii": False}, {})))
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4}, **layout)


def _source(draw: st.DrawFn, text: str) -> object:
    return text if draw(st.booleans()) else text.splitlines(keepends=True)


def _document(draw: st.DrawFn, text: str, name: str) -> str:
    """One or two blocks behind a margin."""
    lines = re.split("(?<=\n)", text)
    place = draw(st.integers(0, len(lines)))
    margin = draw(st.sampled_from(("", "  ", "\t", "> ", ">>> ") if name.endswith(".md") else ("   ", "\t")))
    opening, closing = (margin.replace(">>> ", "") + "```python\n", "```\n") if name.endswith(".md") else (".. code:: python\n\n", "")
    blocks = ("".join(margin + line for line in part).rstrip("\n") + "\n" for part in (lines[:place], lines[place:]))
    return "A net, coding: brief\n\n" + "\ntext\n\n".join(opening + block + opening[:-len("```python\n")] + closing for block in blocks)


def _projects() -> list[Path]:
    return [path for path in sorted((TESTS / "projects").rglob("*.py")) if "test_" not in path.name and b"\xe9" not in path.read_bytes()]


def _place(draw: st.DrawFn, text: str) -> int:
    """A place between two words."""
    places = [match.start() for match in WORDS.finditer(text)] or [0]
    return draw(st.sampled_from(places))


def _stretch(draw: st.DrawFn, text: str) -> tuple[int, int]:
    first, last = sorted((_place(draw, text), _place(draw, text)))
    return first, min(last, first + draw(st.integers(0, 40)))


def _cut(draw: st.DrawFn, text: str) -> str:
    return text[: draw(st.integers(0, len(text)))]


def _dropped(draw: st.DrawFn, text: str) -> str:
    first, last = _stretch(draw, text)
    return text[:first] + text[last:]


def _doubled(draw: st.DrawFn, text: str) -> str:
    first, last = _stretch(draw, text)
    place = _place(draw, text)
    return text[:place] + text[first:last] + text[place:]


def _littered(draw: st.DrawFn, text: str) -> str:
    place = _place(draw, text)
    return text[:place] + draw(st.sampled_from(JUNK)) + text[place:]


def _overwritten(draw: st.DrawFn, text: str) -> str:
    first, last = _stretch(draw, text)
    return text[:first] + draw(st.sampled_from(JUNK) | st.text(max_size=3)) + text[last:]


def _crossed(draw: st.DrawFn, text: str) -> str:
    """A stretch of another program in this one."""
    other = draw(st.sampled_from(programs()))
    first, last = _stretch(draw, other)
    place = _place(draw, text)
    return text[:place] + other[first:last] + text[place:]


def _followed(draw: st.DrawFn, text: str) -> str:
    return text + draw(st.sampled_from(["", "\n", ";", "\r"])) + draw(st.sampled_from(programs()))


def _wrapped(draw: st.DrawFn, text: str) -> str:
    """Every line end another one, or every line deeper."""
    way = draw(st.sampled_from(["\r\n", "\r", "tabs", "deeper", "mixed"]))
    match way:
        case "tabs":
            return text.replace("    ", "\t")
        case "deeper":
            return "if x:\n" + re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)
        case "mixed":
            return re.sub(r"\n", lambda match: ("\n", "\r\n", "\r")[match.start() % 3], text)
        case _:
            return text.replace("\n", way)


def _reworded(draw: st.DrawFn, text: str) -> str:
    """A name in the place of another one."""
    names = [match.span() for match in _NAME.finditer(text) if not iskeyword(match.group())]
    if not names:
        return text
    first, last = draw(st.sampled_from(names))
    return text[:first] + draw(st.sampled_from(NAMES)) + text[last:]


def _loosened(draw: st.DrawFn, text: str) -> str:
    """Blanks, line breaks or comments behind a bracket or a comma, or an argument more."""
    places = [match.end() for match in re.finditer(r"[(,]", text)]
    if not places:
        return text
    place = draw(st.sampled_from(places))
    return text[:place] + draw(st.sampled_from(LOOSE)) + text[place:]


def _bracketed(draw: st.DrawFn, text: str) -> str:
    """Parentheses around a value."""
    values = [match.span(1) for match in re.finditer(r"=\s*([\w.'-]+)(?=[,)\n])", text)]
    if not values:
        return text
    first, last = draw(st.sampled_from(values))
    return text[:first] + draw(st.sampled_from(("(%s)", "[%s][0]", "%s or n", "n if %s else m", "(lambda: %s)()"))) % text[first:last] + text[last:]


def _starred(draw: st.DrawFn, text: str) -> str:
    """Names from who knows where: a star import on top, and one assignment less."""
    made = [match.span() for match in re.finditer(r"^\w+ = [^\n]*\n", text, re.MULTILINE)]
    if made:
        first, last = draw(st.sampled_from(made))
        text = text[:first] + text[last:]
    return draw(st.sampled_from(("from settings import *\n", "from keras.layers import *\n"))) + text


_NAME = re.compile(r"[A-Za-z_]\w*")
NAMES = (
    "keras layers models Sequential Model Dense Convolution2D Conv2D merge Merge LSTM GRU Lambda K backend concatenate Input "
    "output_dim nb_filter border_mode subsample init activation mode nb_epoch epochs W_regularizer name dim_ordering input_dim "
    "input_shape x y model self fit compile add predict_classes None True not_there build call get_config super Adam lr"
).split()
LOOSE = (" ", "\n        ", "  # é, (\n    ", " \\\n  ", "\n\n", "*args, ", "n, ", "name='é', ", "**options, ", "init='zero', ", "'a' 'b', ")
GENTLE = (_reworded, _reworded, _loosened, _loosened, _bracketed, _followed, _wrapped, _starred)
ROUGH = (_cut, _dropped, _dropped, _doubled, _littered, _littered, _overwritten, _crossed)


def _latin(text: str) -> bytes:
    return b"# -*- coding: latin-1 -*-\n" + text.encode("latin-1", "replace")


WRITERS = (
    *[lambda text: text.encode("utf-8", "surrogatepass")] * 16,
    lambda text: b"\xef\xbb\xbf" + text.encode("utf-8", "surrogatepass"),
    lambda text: text.encode("latin-1", "replace"),
    lambda text: text.encode("utf-16"),
    _latin,
)
"""How a text becomes bytes, also wrongly."""
