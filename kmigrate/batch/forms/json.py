"""The roll-up for programs: the sums, then a record for each repository with each of its files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import kmigrate
from kmigrate.batch.rollup import Rollup

SCHEMA_VERSION = 1


def render(rollup: Rollup) -> Iterator[str]:
    """The JSON text in pieces; one repository is in memory at a time."""
    head = json.dumps(_head(rollup), indent=2)
    yield head.removesuffix("\n}") + ',\n  "repositories": ['
    separator = ""
    for record in rollup.records:
        yield separator + "\n" + json.dumps(asdict(record), indent=1)
        separator = ","
    yield "\n  ]\n}\n"


def _head(rollup: Rollup) -> dict[str, Any]:
    totals = rollup.totals
    accounted, uses = totals.accounted
    return {
        "schema": SCHEMA_VERSION,
        "kmigrate": kmigrate.__version__,
        "dry_run": rollup.dry,
        "totals": {
            "repositories": {ended.value: count for ended, count in sorted(totals.repositories.items())},
            "files": {outcome.value: count for outcome, count in sorted(totals.files.items())},
            "uses": dict(sorted(totals.uses.items())),
            "accounted": accounted,
            "total": uses,
            "reviews": dict(totals.reviews.most_common()),
            "waiting_for_unsafe": dict(totals.waits.most_common()),
        },
    }
