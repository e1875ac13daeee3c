"""`python -m benchmarks.others [FOLDER...]`: the table against LibCST, google-pasta and rope's `Restructure`.

kmigrate runs with all of its rules, verification included; the others make the ten renames of `ten_rules` and check
nothing. CPU time, all in this process; texts that a tool does not read cost what they cost until then. Nobody keeps what
it made: kmigrate lets the results of a project go with it, the others that of each text.

Each is measured twice, in units of `ast.parse` under the same condition: with the cycle collector off for everybody, and with
the collector as Python has it, where each works as it would in any program: the trees of `ast.parse` are looked at while they
grow, while kmigrate turns the collector off for the time of a file.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import warnings
from collections.abc import Callable, Sequence, Sized
from contextlib import suppress
from pathlib import Path

from benchmarks.corpus import projects
from benchmarks.measure import ROUNDS, migrated, parse, timed
from kmigrate.collector import collector_off
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
    print(f"{'in units of ast.parse, collector':<52}{'off':>9}{'on':>9}{'not read':>10}", flush=True)
    failed = [result for project in found for result in migrated(project) if result.outcome is Outcome.FAILED]
    _show("kmigrate: all rules, verified", lambda: [len(migrated(project)) for project in found], texts, failed, ROUNDS)
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


def _theirs(what: str, rewritten: Callable[[str], object], texts: Sequence[str]) -> None:
    refused: set[str] = set()
    _show(what, lambda: refused.update(text for text in texts if not _reads(rewritten, text)), texts, refused)


def _show(what: str, work: Callable[[], object], texts: Sequence[str], refused: Sized, rounds: int = 1) -> None:
    with collector_off():
        off = _ratio(work, texts, rounds)
    on = _ratio(work, texts, rounds)
    print(f"{what:<52}{off:>9.1f}{on:>9.1f}{len(refused):>10}", flush=True)


def _ratio(work: Callable[[], object], texts: Sequence[str], rounds: int) -> float:
    """The cost of the work in units of `ast.parse` of the texts, which takes turns with it."""
    return statistics.median(timed(work) / timed(lambda: parse(texts)) for _ in range(rounds))


def _reads(rewritten: Callable[[str], object], text: str) -> bool:
    with suppress(Exception):  # each of them raises errors of many kinds
        rewritten(text)
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
