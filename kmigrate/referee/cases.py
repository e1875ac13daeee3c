"""Do the known cases compute the same after kmigrate has migrated them?

    python -m kmigrate.referee.cases CASES.json [--version 2.2.4 ...] [--only PREFIX ...] [--findings FILE]

Every case ends, on each version, as one of: same; review (kmigrate says that there is something to look at);
silent (another result, and no word of it: must not be); error (does not run, and no word of it: must not be);
unknown (another result or an error, but no text is known to do better); no oracle (Keras 1 itself fails, or the program
only reports that it refuses something).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kmigrate.errors import KmigrateError
from kmigrate.keras.signatures import KERAS_2
from kmigrate.referee.ended import FAULTS, Ended, table, told
from kmigrate.referee.exceptions import tolerance
from kmigrate.referee.findings import findings
from kmigrate.referee.judge import TOLERANCE, Differs, NoOracle, Oracle, Same, oracle, verdict
from kmigrate.referee.known import Case, read_cases
from kmigrate.referee.migrated import migrated
from kmigrate.referee.outcome import Program
from kmigrate.referee.pool import Pool
from kmigrate.results import FileResult

SECONDS = 120.0


def run(
    cases: Sequence[Case], versions: Sequence[str], pool: Pool, kind: str = "kmigrate", unsafe: bool = False
) -> Iterator[Ended]:
    """Run the cases, version after version. `kind`: the text to run, `kmigrate` or one that the case brings along."""
    truths = dict(zip((case.id for case in cases), pool.each(_oracle(pool), cases), strict=True))
    for version in versions:
        work = [(case, *_text(case, kind, version, unsafe)) for case in cases]

        def one(item: tuple[Case, str | None, FileResult | None], version: str = version) -> Ended | None:
            case, text, result = item
            if text is None:
                return None
            allowed = tolerance(case.id) or TOLERANCE
            return Ended(case, version, text, result, verdict(pool, version, truths[case.id], text, allowed))

        yield from (ended for ended in pool.each(one, work) if ended is not None)


def _oracle(pool: Pool) -> Callable[[Case], Oracle]:
    def ask(case: Case) -> Oracle:
        return oracle(pool, Program(case.program, seconds=SECONDS))

    return ask


def _text(case: Case, kind: str, version: str, unsafe: bool) -> tuple[str | None, FileResult | None]:
    if kind != "kmigrate":
        return case.text(kind, version), None
    result = migrated(case.program, version, unsafe)
    return result.after, result


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m kmigrate.referee.cases", description=__doc__.splitlines()[0]
    )
    parser.add_argument("cases", type=Path, help="the file of cases")
    parser.add_argument("--version", action="append", choices=KERAS_2, help="a Keras 2 to run them on (default: all)")
    parser.add_argument("--only", action="append", default=[], metavar="PREFIX", help="only cases whose id starts so")
    parser.add_argument("--text", choices=("kmigrate", "k1", "k2", "fix"), default="kmigrate", help="the text to run")
    parser.add_argument("--unsafe", action="store_true", help="migrate with --unsafe")
    parser.add_argument("--jobs", type=int, default=2, help="how many Keras processes at a time (default: 2)")
    parser.add_argument("--findings", type=Path, metavar="FILE", help="write every fault there, as Markdown")
    options = parser.parse_args(arguments)
    versions = options.version or list(KERAS_2)
    try:
        with Pool(options.jobs) as pool:
            cases = read_cases(options.cases, options.only)
            ended = list(run(cases, versions, pool, options.text, options.unsafe))
    except KmigrateError as error:
        print(error, file=sys.stderr)
        return int(error.exit)
    print(table(ended, versions))
    if options.text != "kmigrate":
        print(*disagreements(ended, options.text), sep="\n")
        return 0
    if options.findings:
        options.findings.write_text(findings(ended), encoding="utf-8")
    return 1 if any(item.end in FAULTS for item in ended) else 0


def disagreements(ended: Sequence[Ended], kind: str) -> Iterator[str]:
    """Where the outcome differs from the one that was measured when the case was written."""
    recorded = "asis" if kind == "k1" else kind
    for item in ended:
        then = item.case.outcomes.get(recorded, {}).get(item.version)
        if then is None or isinstance(item.verdict, NoOracle):
            continue
        now = "same" if isinstance(item.verdict, Same) else "differs" if isinstance(item.verdict, Differs) else "error"
        if not then.startswith(now):
            yield f"{item.version} {item.case.id}: was {then[:100]!r}, is {now}: {told(item.verdict)[:200]}"


if __name__ == "__main__":
    sys.exit(main())
