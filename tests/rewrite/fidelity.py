
"""What must hold of every migration, whatever the program: the checks that the tests of the text share."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import FileResult, Outcome
from kmigrate.source.text import Source

ENGINES = {unsafe: Engine(None, Settings(unsafe=unsafe)) for unsafe in (False, True)}


def migrated(program: str | bytes, *, unsafe: bool = False) -> FileResult:
    """The result for a program, once it is known to be sound."""
    source = Source.from_bytes(program, "x.py") if isinstance(program, bytes) else Source("x.py", program)
    result = ENGINES[unsafe].migrate(source)
    assert result.outcome is not Outcome.FAILED, result.failure
    assert_sound(result, unsafe=unsafe)
    return result


def assert_sound(result: FileResult, *, unsafe: bool = False) -> None:
    """Only the edits changed, the text compiles, a second run has nothing to do; no comment is lost unless by consent."""
    assert rebuilt(result) == result.after
    ast.parse(result.after)
    lost = comments(result.before) - comments(result.after)
    assert unsafe or not lost, f"comments lost: {sorted(lost)}"
    again = ENGINES[unsafe].migrate(Source("x.py", result.after, result.source.encoding, result.source.bom))
    assert again.after == result.after
    assert again.outcome is not Outcome.FAILED


def rebuilt(result: FileResult) -> str:
    """The text before with the replacements applied, one after the other."""
    out: list[str] = []
    position = 0
    for item in result.replacements:
        assert position <= item.start <= item.end
        out += [result.before[position : item.start], item.text]
        position = item.end
    return "".join([*out, result.before[position:]])


def comments(text: str) -> Counter[str]:
    """The comments of a program."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens = tokenize.generate_tokens(io.StringIO(lines).readline)
    return Counter(token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT)
