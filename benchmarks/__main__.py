"""`python -m benchmarks [FOLDER...]`: the table of `make bench`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Project, projects
from benchmarks.measure import Cost, measure
from benchmarks.stages import Profile, profile

PARSER = argparse.ArgumentParser(prog="python -m benchmarks", description="The cost of a run in units of ast.parse.")
PARSER.add_argument("folders", metavar="FOLDER", nargs="*", type=Path, help="projects; default: samples and examples")
PARSER.add_argument("--functions", metavar="N", type=int, default=15, help="how many functions to list (15)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 2 if there is nothing to measure."""
    options = PARSER.parse_args(arguments)
    for folder in options.folders:
        if not folder.is_dir():
            PARSER.error(f"{folder} is not a folder")
    found = projects(options.folders)
    if not found:
        print("no Python 3 file below these folders mentions keras", file=sys.stderr)
        return 2
    costs = _show_costs(found)
    _show_profile(
        profile(found), sum(cost.engine for cost in costs) / sum(cost.parse for cost in costs), options.functions
    )
    return 0


def _show_costs(found: Sequence[Project]) -> list[Cost]:
    print(
        f"{'project':<34}{'files':>6}{'kB':>7}{'parse ms':>10}{'run ms':>9}{'x parse':>9}{'in turns':>10}"
        f"{'LibCST':>8}{'x LibCST':>10}"
    )
    costs = []
    for project in found:
        costs.append(measure(project))
        _show_row(project.name, costs[-1:])
    if len(costs) > 1:
        _show_row("all", costs)
    outcomes = Counter(result.outcome.value for cost in costs for result in cost.results)
    print("files:", ", ".join(f"{number} {name}" for name, number in outcomes.most_common()))
    print("run: Engine.migrate of each file, verification included; x parse: in units of ast.parse of the same files, in a loop")
    print("of its own; in turns: in units of ast.parse of each file between the migrations")
    return costs


def _show_row(name: str, costs: Sequence[Cost]) -> None:
    parse, engine = sum(cost.parse for cost in costs), sum(cost.engine for cost in costs)
    libcst = sum(cost.libcst or 0.0 for cost in costs)
    size = sum(len(source.text) for cost in costs for source in cost.project.sources) / 1000
    files = sum(len(cost.project.sources) for cost in costs)
    other = f"{libcst / parse:>8.1f}{engine / libcst:>10.2f}" if libcst else f"{'-':>8}{'-':>10}"
    turns = sum(cost.engine_between for cost in costs) / sum(cost.parse_between for cost in costs)
    print(
        f"{name[:33]:<34}{files:>6}{size:>7.0f}{parse * 1e3:>10.1f}{engine * 1e3:>9.1f}{engine / parse:>9.1f}{turns:>10.1f}"
        f"{other}"
    )


def _show_profile(found: Profile, ratio: float, functions: int) -> None:
    print(f"\n{'stage (own time, both passes)':<34}{'share':>8}{'x parse':>9}")
    for stage, share in found.stages.items():
        if share >= 0.005:
            print(f"{stage:<34}{share:>8.0%}{share * ratio:>9.2f}")
    if found.verifying is not None:
        print(f"{'of all this, verification':<34}{found.verifying:>8.0%}{found.verifying * ratio:>9.2f}")
    print(f"\n{'function':<50}{'calls':>9}{'own':>7}{'with callees':>14}")
    for name, own, inner, calls in found.functions[:functions]:
        print(f"{name[:49]:<50}{calls:>9}{own:>7.1%}{inner:>14.1%}")


if __name__ == "__main__":
    sys.exit(main())
