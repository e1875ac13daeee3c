"""`python -m benchmarks.others [FOLDER...]`: the table against LibCST, google-pasta and rope's `Restructure`.

kmigrate runs with all of its rules, verification included; the others make the ten renames of `ten_rules` and check
nothing. CPU time, all in this process; texts that a tool does not read cost what they cost until then.
"""

from __future__ import annotations

import argparse
import ast
import statistics
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.corpus import Project, projects
from benchmarks.measure import ROUNDS, collector_off, migrated, timed
from kmigrate.results import Outcome

PARSER = argparse.ArgumentParser(prog="python -m benchmarks.others", description=(__doc__ or "").splitlines()[0])
PARSER.add_argument("folders", metavar="FOLDER", nargs="*", type=Path, help="projects; default: the samples")
PARSER.add_argument("--rope", metavar="N", type=int, default=10, help="so many files for rope, evenly chosen (10)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    options = PARSER.parse_args(arguments)
    found = [project for project in projects(options.folders) if project.root is not None]
    texts = [source.text for project in found for source in project.sources]
    if not texts:
        print("no Python 3 file below these folders mentions keras", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    print(f"{len(texts)} files that mention keras, {sum(map(len, texts)) / 1000:.0f} kB")
    print(f"{'':<56}{'x ast.parse':>12}{'not read':>10}", flush=True)
    with collector_off():
        _ours(found, texts)
        from benchmarks.others import with_libcst, with_pasta, with_rope

        _theirs("LibCST: parse alone", with_libcst.cst.parse_module, texts)
        _theirs("LibCST: codemod of ten rules", with_libcst.rewritten, texts)
        _theirs("google-pasta: ten rules as tf_upgrade_v2", with_pasta.rewritten, texts)
        some = texts[:: max(1, len(texts) // options.rope)][: options.rope]
        with with_rope.project() as inside:
            _theirs(
                f"rope: Restructure for each keyword ({len(some)} files)",
                lambda text: with_rope.rewritten(text, inside),
                some,
            )
    return 0


def _ours(found: Sequence[Project], texts: Sequence[str]) -> None:
    failed = sum(result.outcome is Outcome.FAILED for project in found for result in migrated(project))
    turns = [_parsing(texts) / timed(lambda: [migrated(project) for project in found]) for _ in range(ROUNDS)]
    _show("kmigrate: all rules, verified", 1 / statistics.median(turns), failed)


def _theirs(what: str, rewritten: Callable[[str], object], texts: Sequence[str]) -> None:
    refused: list[str] = []
    parsing = _parsing(texts)
    seconds = timed(lambda: refused.extend(text for text in texts if not _reads(rewritten, text)))
    _show(what, seconds / parsing, len(refused))


def _parsing(texts: Sequence[str]) -> float:
    return timed(lambda: [ast.parse(text) for text in texts])


def _reads(rewritten: Callable[[str], object], text: str) -> bool:
    with suppress(Exception):  # each of them raises errors of many kinds
        rewritten(text)
        return True
    return False


def _show(what: str, ratio: float, refused: int) -> None:
    print(f"{what:<56}{ratio:>12.1f}{refused:>10}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
