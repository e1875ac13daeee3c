"""The run as one page that needs nothing else: overview, reviews, and the diff side by side, to filter and to approve."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import kmigrate
from kmigrate.report import plan, words
from kmigrate.report.html.payload import embedded, payload
from kmigrate.report.hunks import lines_of
from kmigrate.report.model import Report
from kmigrate.report.survey.model import Survey
from kmigrate.report.survey.time_left import basis, time_left
from kmigrate.results import FileResult, Outcome, State


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of a text; `code` where it stood between backticks."""

    text: str
    code: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A file with changes on the page.

    `changes` are those to see in it, `rows` says how tall its diff will be, `data` is what the script draws it from.
    """

    number: int
    file: FileResult
    rules: tuple[str, ...]
    confidences: tuple[str, ...]
    changes: int
    rows: int
    data: str


def render(report: Report) -> str:
    """The page. Diffs are drawn by its script when they come into view; all else is there without it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("kmigrate.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    assert environment.loader is not None
    script, style = (environment.loader.get_source(environment, name)[0] for name in ("report.js", "report.css"))
    survey = Survey(report)
    sections = tuple(_sections(report))
    numbers = {id(section.file): section.number for section in sections}
    return environment.get_template("report.html.j2").render(
        report=report, words=words, version=kmigrate.__version__, State=State, Outcome=Outcome, prose=prose, code=code,
        gaps=[(file, use) for file in report.files for use in words.gaps(file)], sections=sections,
        time_left=time_left(survey), basis=basis(survey),
        anchor=lambda file: f"file-{numbers[id(file)]}",
        plan=Markup(embedded({"files": []} if report.written else plan.document(report).model_dump(mode="json"))),
        style=Markup(style), script=Markup(script), script_hash=_hash(script),
    )  # fmt: skip


def prose(text: str) -> tuple[Prose, ...]:
    """A text with `code` in it, piece by piece."""
    return tuple(Prose(part, number % 2 == 1) for number, part in enumerate(text.split("`")) if part)


def code(text: str) -> str:
    """A text of the code as people can read it, line by line."""
    return "\n".join(map(words.visible, lines_of(text)))


def _sections(report: Report) -> Iterator[Section]:
    from markupsafe import Markup

    for number, file in enumerate(report.changed, 1):
        data = payload(file)
        rules = dict.fromkeys(rule for hunk in data["hunks"] for rule in hunk["rules"])
        confidences = dict.fromkeys(change["confidence"] for hunk in data["hunks"] for change in hunk["changes"])
        rows = sum(len(hunk["rows"]) + len(hunk["changes"]) + 2 for hunk in data["hunks"])
        changes = sum(len(hunk["changes"]) for hunk in data["hunks"])
        yield Section(number, file, tuple(rules), tuple(confidences), changes, rows, Markup(embedded(data)))


def _hash(script: str) -> str:
    """What the page's security policy knows its own script by."""
    return "sha256-" + base64.b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
