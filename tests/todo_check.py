"""What must hold of every result with TODO comments."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import lru_cache

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.passes import Pass
from kmigrate.results import FileResult, Outcome
from kmigrate.source.parsing import parse
from kmigrate.source.text import Source
from kmigrate.todo.clear import todos, without

IMPORT = "from keras.layers import MaxoutDense as Hard\n"
MARK = "# TODO(kmigrate "


@lru_cache
def engine(todo: bool) -> Engine:
    return Engine(None, Settings(todo=todo))


def cleared(source: Source) -> str:
    return without(source.text, todos(source))


def check(source: Source) -> FileResult:
    """The result with TODOs: the same code, the same again, and without them what it is without them."""
    plain = engine(False).migrate(source)
    assert plain.outcome is not Outcome.FAILED, plain.failure
    found = engine(True).migrate(source)
    again = engine(True).migrate(replace(source, text=found.after))
    assert again.after == found.after, "a second run writes nothing"
    assert found.reviews == plain.reviews
    assert ast.dump(parse(replace(source, text=found.after))) == ast.dump(parse(replace(source, text=plain.after)))
    assert cleared(replace(source, text=found.after)) == plain.after
    assert all(line.isascii() for line in found.after.splitlines() if MARK in line)
    assert Pass((), found.replacements).applied(found.before) == found.after
    return found
