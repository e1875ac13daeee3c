"""The roll-up as one page that needs nothing else: the sums, a table of the repositories, the files of each."""

from __future__ import annotations

from collections.abc import Iterator

import kmigrate
from kmigrate.batch.records import Ended
from kmigrate.batch.rollup import Rollup
from kmigrate.report.words import visible
from kmigrate.results import Outcome, State


def render(rollup: Rollup) -> Iterator[str]:
    """The page in pieces; one repository is in memory at a time."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kmigrate.batch"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    yield from environment.get_template("rollup.html.j2").generate(
        rollup=rollup, version=kmigrate.__version__, Ended=Ended, Outcome=Outcome, State=State, visible=visible
    )
