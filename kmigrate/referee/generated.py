"""Does every legal call of a Keras 1 layer compute the same after kmigrate has migrated it? Generated programs tell.

    python -m kmigrate.referee.generated [--seed N] [--count N] [--only FAMILY ...] [--version 2.2.4 ...] [--keep FILE]

Needs hypothesis. A seed stands for the same programs everywhere. What goes wrong is made smaller, printed, and kept as a
case. Ends with 1 if anything went wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from kmigrate.errors import KmigrateError
from kmigrate.keras.signatures import KERAS_2
from kmigrate.referee.judged import FAULTS, Judged, Named, judge_all
from kmigrate.referee.pool import Pool
from kmigrate.referee.programs.draw import programs
from kmigrate.referee.programs.families import FAMILIES
from kmigrate.referee.shrink import kind, shrunk
from kmigrate.referee.tally import faults, reasons, tally


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    options = _parser().parse_args(arguments)
    versions = options.version or list(KERAS_2)
    judged: list[Judged] = []
    wrong: list[Judged] = []
    try:
        with Pool(options.jobs) as pool:
            for seed in _seeds(options.seed, options.hours):
                drawn = generated(options.only or list(FAMILIES), options.count, seed)
                rules = tuple(options.rules)
                judged += judge_all(pool, drawn, versions, rules, lambda text: print(text, file=sys.stderr))
                print(tally(judged, versions), reasons(judged), sep="\n\n", end="\n\n", flush=True)
                found = _distinct([item for item in judged[-len(drawn) * len(versions) :] if item.ending in FAULTS])
                if not options.whole:
                    found = [shrunk(pool, fault, seed, options.count, rules) for fault in found]
                wrong += found
                if options.keep:
                    keep(options.keep, found)
    except KmigrateError as error:
        print(error, file=sys.stderr)
        return int(error.exit)
    if wrong:
        print(faults(wrong))
    return 1 if wrong else 0


def _seeds(first: int, hours: float | None) -> Iterator[int]:
    """One seed, or one after the other until the hours are over."""
    end = monotonic() + 3600 * (hours or 0)
    yield first
    while monotonic() < end:
        first += 1
        yield first


def generated(families: Sequence[str], count: int, seed: int) -> list[Named]:
    """At most `count` programs of each family, with names that tell where they come from."""
    return [
        (f"{family}/{seed}-{number}", program.text)
        for family in families
        for number, program in enumerate(programs(family, count, seed))
    ]


def keep(path: Path, wrong: Sequence[Judged]) -> None:
    """Add faults to a file of cases: what is wrong today must be right one day, and stay so."""
    known = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = {_case(item): None for item in wrong}
    path.write_text("\n".join([*known, *(line for line in lines if line not in known)]) + "\n", encoding="utf-8")


def _case(item: Judged) -> str:
    note = f"Keras {item.version}: {item.ending.value}"
    return json.dumps({"id": item.name, "topic": "generated", "src_k1": item.program, "note": note})


def _distinct(wrong: Sequence[Judged]) -> list[Judged]:
    """One fault of each kind in each family."""
    return list({(item.name.partition("/")[0], kind(item)): item for item in reversed(wrong)}.values())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kmigrate.referee.generated", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0, help="which programs (default: 0)")
    parser.add_argument("--hours", type=float, metavar="N", help="go on with the next seeds for so long")
    parser.add_argument("--count", type=int, default=10, help="how many of each family (default: 10)")
    parser.add_argument("--only", action="append", choices=FAMILIES, metavar="FAMILY", help="only this family")
    parser.add_argument("--version", action="append", choices=KERAS_2, help="a Keras 2 to run them on (default: all)")
    parser.add_argument("--jobs", type=int, default=2, help="how many Keras processes at a time (default: 2)")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="add each fault, made smaller, to this file of cases")
    parser.add_argument("--whole", action="store_true", help="print what went wrong as it is, not made smaller")
    parser.add_argument("--rules", type=Path, action="append", default=[], help="a folder of other rules")
    return parser


if __name__ == "__main__":
    sys.exit(main())
