"""`python -m benchmarks.rule_count`: does a run cost more where there are ten times the rules?

The generated rules are real ones, spread over every callable of Keras 1 that has a parameter, each asking for a value
that no program gives. Measured are a whole `kmigrate diff` of one file in a process of its own, rules kept in the cache
by a run before, and a warm engine. CPU time, turns alternating, medians.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from benchmarks.corpus import SAMPLES
from benchmarks.measure import timed
from kmigrate.collector import collector_off
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.ruleset.compiled import compiled_rules
from kmigrate.source.text import Source

PARSER = argparse.ArgumentParser(prog="python -m benchmarks.rule_count", description="The cost of ten times the rules.")
PARSER.add_argument("--times", metavar="N", type=int, default=10, help="how many times as many rules (10)")
PARSER.add_argument("--rounds", metavar="N", type=int, default=7, help="turns of each measurement (7)")
FILE = SAMPLES / "image_classifier" / "nets.py"

RULE = """\
id: {id}
name: generated-{number}
title: "`{name}`: the value {number} of `{parameter}`"
why: It stands for a rule about one argument, of which a project may have many.
since: "2.0.0"
confidence: review
match:
  call: {name}
  given: {{{parameter}: "generated {number}"}}
say: "Look at `{parameter}` of `{name}`."
examples:
  - review: "import keras"
  - unchanged: "import os"
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Median CPU seconds with our rules, and with the pack beside them."""

    ours: float
    many: float

    @property
    def ratio(self) -> float:
        """What the pack makes of the time."""
        return self.many / self.ours


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    options = PARSER.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "pack"
        count = generate(pack, (options.times - 1) * len(compiled_rules()))
        print(f"{len(compiled_rules())} rules, and {count} more; {FILE.name}, median of {options.rounds} turns, CPU time")
        print(f"{'':<44}{'ours ms':>9}{'many ms':>9}{'ratio':>8}")
        os.environ["XDG_CACHE_HOME"] = folder
        _show("kmigrate diff of one file, in its own process", whole(pack, options.rounds))
        _show("engine, warm", warm(pack, options.rounds))
    return 0


def generate(folder: Path, count: int) -> int:
    """Write so many rules; how many there are."""
    folder.mkdir()
    keras = knowledge(KERAS_1)
    found = [made for path in keras.paths() if keras.canonical(path) == path and (made := keras.get(path)) is not None]
    callables = [(made.path, made.signature) for made in found] + [
        (f"{made.path}.{name}", member.signature)
        for made in found for name, member in made.members.items() if member.kind == "method" and name[0] != "_"
    ]  # fmt: skip
    targets = [
        (name, parameter.name)
        for name, signature in callables if signature is not None
        for parameter in signature.parameters[:1] if parameter.kind == "positional"
    ]  # fmt: skip
    for number, (name, parameter) in enumerate(islice(cycle(targets), count)):
        text = RULE.format(
            id=f"GEN{chr(ord('A') + number // 1000)}{number % 1000:03d}", number=number, name=name, parameter=parameter
        )
        (folder / f"{number:05d}.yaml").write_text(text, encoding="utf-8")
    return len(list(folder.iterdir()))


def whole(pack: Path, rounds: int) -> Turn:
    """The command, twice before the clock starts: rules read once are kept."""
    command = [sys.executable, "-m", "kmigrate", "diff", str(FILE)]
    return _compared(lambda: _child(command), lambda: _child([*command, "--rules", str(pack)]), rounds)


def warm(pack: Path, rounds: int) -> Turn:
    """An engine that has migrated the file before."""
    source = Source.from_bytes(FILE.read_bytes(), str(FILE))
    ours, many = Engine(None, Settings()), Engine(None, Settings(rules=(pack,)))
    with collector_off():
        return _compared(
            lambda: timed(lambda: ours.migrate(source)), lambda: timed(lambda: many.migrate(source)), rounds
        )


def _compared(ours: Callable[[], float], many: Callable[[], float], rounds: int) -> Turn:
    ours(), many()
    turns = [(ours(), many()) for _ in range(rounds)]
    return Turn(statistics.median(turn[0] for turn in turns), statistics.median(turn[1] for turn in turns))


def _child(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > 1:
        raise SystemExit(done.stderr.decode())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _show(what: str, turn: Turn) -> None:
    print(f"{what:<44}{turn.ours * 1e3:>9.1f}{turn.many * 1e3:>9.1f}{turn.ratio:>8.2f}")


if __name__ == "__main__":
    sys.exit(main())
