"""Which Python 2.7 is there to ask, and what does it say?"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

_INSIDE = """
from __future__ import print_function
import json, sys
for line in iter(sys.stdin.readline, ''):
    text = json.loads(line)
    try:
        code = compile(text.replace(u'\\r\\n', u'\\n').replace(u'\\r', u'\\n').encode('utf-8') + b'\\n', 'x', 'exec', 0, 1)
        scope = {}
        if text.startswith('result = '):
            exec(code, scope)
        print(json.dumps([True, scope.get('result')]))
    except (SyntaxError, ValueError, TypeError):
        print(json.dumps([False, None]))
    sys.stdout.flush()
"""


@cache
def python27() -> str | None:
    """A Python 2.7 that runs: the one on the path, or one that pyenv keeps."""
    kept = sorted(Path.home().glob(".pyenv/versions/2.7*/bin/python2.7"))
    for candidate in ("python2.7", *map(str, kept)):
        try:
            subprocess.run([candidate, "-c", "pass"], check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError):
            continue
        return candidate
    return None


class Python27:
    """A Python 2.7 that answers many questions, one after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Python27:
        self._process = subprocess.Popen(
            [python27() or "", "-c", _INSIDE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.communicate()

    def compiles(self, text: str) -> bool:
        """Whether it compiles the text."""
        return bool(self._ask(text)[0])

    def value(self, expression: str) -> Any:
        """What an expression is to it."""
        return self._ask(f"result = {expression}")[1]

    def _ask(self, text: str) -> Any:
        assert self._process is not None and self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
