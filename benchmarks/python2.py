"""`python -m benchmarks.python2 PYTHON2 FOLDER...`: how many files that Python 2 compiles does the shadow read?

A file counts as read when it parses and every name stands where Python 2's own `ast` says it stands.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kmigrate.source.parsing import parsed
from kmigrate.source.text import Source, UndecodableSource

PARSER = argparse.ArgumentParser(prog="python -m benchmarks.python2", description=__doc__.splitlines()[0])
PARSER.add_argument("python2", metavar="PYTHON2", help="a Python 2.7 that runs")
PARSER.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)

INSIDE = """
import ast, json, sys, warnings
warnings.simplefilter('ignore')
for path in iter(sys.stdin.readline, ''):
    try:
        data = open(json.loads(path), 'rb').read()
        compile(data.replace('\\r\\n', '\\n').replace('\\r', '\\n') + '\\n', 'x', 'exec', 0, 1)
        tree = ast.parse(data.replace('\\r\\n', '\\n').replace('\\r', '\\n') + '\\n')
    except Exception as error:
        print(json.dumps(None))
    else:
        caught = set(id(h.name) for h in ast.walk(tree) if isinstance(h, ast.ExceptHandler))
        print(json.dumps([[n.lineno, n.col_offset, n.id] for n in ast.walk(tree)
                          if isinstance(n, ast.Name) and id(n) not in caught and n.id not in ('None', 'True', 'False')]))
    sys.stdout.flush()
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What became of one file; `problem` is None where the shadow reads it."""

    path: Path
    python2: bool
    problem: str | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line per folder, then the failures with their reasons; 1 if there are any."""
    options = PARSER.parse_args(arguments)
    failures: list[Look] = []
    total: Counter[str] = Counter()
    print(f"{'folder':<44}{'compile':>9}{'Python 2 only':>15}{'read':>8}")
    for folder in options.folders:
        looks = list(look_at(sorted(folder.rglob("*.py")), options.python2))
        wrong = [look for look in looks if look.problem is not None]
        row = Counter(compile=len(looks), only=sum(look.python2 for look in looks), read=len(looks) - len(wrong))
        print(f"{folder.name[:43]:<44}{row['compile']:>9}{row['only']:>15}{row['read']:>8}", flush=True)
        total.update(row)
        failures += wrong
    share = 100 * total["read"] / (total["compile"] or 1)
    print(f"{'all':<44}{total['compile']:>9}{total['only']:>15}{total['read']:>8}  {share:.2f} %")
    for look in failures:
        print(f"{look.path}: {look.problem}")
    return 1 if failures else 0


def look_at(paths: Sequence[Path], python2: str) -> Iterator[Look]:
    """Those of the files that Python 2 compiles."""
    with subprocess.Popen([python2, "-c", INSIDE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        for path in paths:
            process.stdin.write(json.dumps(str(path)).encode() + b"\n")
            process.stdin.flush()
            names = json.loads(process.stdout.readline())
            if names is not None:
                yield _look(path, {tuple(name) for name in names})
        process.stdin.close()


def _look(path: Path, expected: set[tuple[object, ...]]) -> Look:
    try:
        source = Source.from_bytes(path.read_bytes(), str(path))
        read = parsed(source)
    except (UndecodableSource, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Look(path, True, f"{type(error).__name__}: {error}")
    if not read.python2:
        return Look(path, False, None)
    missing = expected - {(n.lineno, n.col_offset, n.id) for n in ast.walk(read.tree) if isinstance(n, ast.Name)}
    missing -= {(n.lineno, n.col_offset, n.arg) for n in ast.walk(read.tree) if isinstance(n, ast.arg)}
    if missing:
        line, column, name = min(missing, key=str)
        return Look(path, True, f"{len(missing)} names elsewhere, such as `{name}` at {line}:{column}")
    return Look(path, True, None)


if __name__ == "__main__":
    sys.exit(main())
