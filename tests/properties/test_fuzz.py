# ruff: noqa: E501  the lists of accidents stand on one line each
"""Whatever the file: nothing is raised, and what is written compiles, differs in the edits alone, and stays as it is.

`make fuzz` tries 100,000 files, `FUZZ=1000000 make fuzz` as many as you like.
"""

from __future__ import annotations

import ast
import json
import os
import warnings
from collections.abc import Iterator

import pytest
from fuzzed import Input, inputs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from python27 import Python27, python27

from kmigrate.config import Settings
from kmigrate.edits import applied
from kmigrate.engine import Engine
from kmigrate.reading import decode
from kmigrate.results import Failure, FileResult, Outcome
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.parsing import parsed
from kmigrate.source.text import Source

FUZZ = int(os.environ.get("FUZZ", "300"))
ROUND = 5000
"""So many files are tried in one go: a finding ends its round, and the others go on."""
ENGINES = [Engine(None, Settings()), Engine(None, Settings(unsafe=True))]

@pytest.fixture(scope="module")
def python2() -> Iterator[Python27 | None]:
    """A Python 2.7 that says whether it compiles a text; None where there is none."""
    if python27() is None:
        yield None
        return
    with Python27() as found:
        yield found


@pytest.mark.parametrize("turn", range(-(-FUZZ // ROUND)))
@settings(
    max_examples=min(FUZZ, ROUND), deadline=None, database=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)  # fmt: skip
@given(given=inputs(), engine=st.sampled_from(ENGINES))
def test_any_file_is_refused_or_migrated(python2: Python27 | None, given: Input, engine: Engine, turn: int) -> None:
    source = decode(given.data, given.name)
    if isinstance(source, Failure):
        assert source.reason
        return
    assert source.encode(source.text) == given.data

    result = engine.migrate(source)

    assert result.before == source.text
    assert (result.failure is not None) is (result.outcome is Outcome.FAILED)
    if result.failure is not None:
        assert "would not be right" not in result.failure.reason, result.failure.reason
    if result.outcome is not Outcome.CHANGED:
        assert result.after == result.before
        return
    assert_right(result, source, engine, python2)


def assert_right(result: FileResult, source: Source, engine: Engine, python2: Python27 | None) -> None:
    """The new file differs in the edits alone, compiles where the old one did, and is not changed again.

    It needs Python 2 only if the old one did. What stands outside of the edits stands in it too, so that it needs Python 2 no
    more only where an edit took away what did.
    """
    assert applied(result.before, result.replacements) == result.after != result.before
    again = decode(result.to_bytes(), source.path)
    assert isinstance(again, Source)
    assert (again.encoding, again.bom) == (source.encoding, source.bom)
    if isinstance(source, NotebookSource):
        assert isinstance(again, NotebookSource)
        assert again.contents(again.text) == source.contents(result.after)
        assert without_sources(source.raw) == without_sources(result.to_bytes().decode("utf-8-sig"))
    else:
        assert again.text == result.after
    if type(source) is Source:
        if compiles(result.before):
            assert compiles(result.after)
        elif python2 is not None and python2.compiles(result.before):
            assert python2.compiles(result.after)
    assert parsed(source).python2 or not parsed(again).python2
    second = engine.migrate(again)
    assert second.after == again.text, second.changes
    assert second.failure is None


def compiles(text: str) -> bool:
    """Whether this Python compiles the text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(ast.parse(text), "x", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def without_sources(raw: str) -> object:
    """All that a notebook says apart from the text of its code cells."""
    return json.loads(raw, object_hook=lambda found: {k: v for k, v in found.items() if not (k == "source" and found.get("cell_type") == "code")})
