"""The run as Markdown, to be the text of a pull request: counts, what is left by hand, and what was checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import kmigrate
from kmigrate.report import words
from kmigrate.report.model import Report
from kmigrate.report.survey.model import Survey
from kmigrate.report.survey.time_left import basis, time_left
from kmigrate.results import FileResult, Review

LIMIT = 60_000
"""So many characters are written at most; GitHub takes 65,536 for a pull request."""


MODELS = 100
"""So many models that were run are listed."""


def render(report: Report) -> str:
    """The text; lists that would make it too long are cut, and say so."""
    parts = [*_head(report), *_rules(report), *_evidence(report), *_verification(report)]
    room = LIMIT - sum(len(part) + 1 for part in parts)
    sections = (
        ("Left to do by hand", _reviews(report, unsafe=False)),
        ("Waiting for `--unsafe`", _reviews(report, unsafe=True)),
        ("Failed", _failures(report)),
        ("Not accounted for", _gaps(report)),
        ("Ignore comments that can go", _idle(report)),
        ("Good to know", _notes(report)),
    )
    for title, items in sections:
        section = list(_section(title, list(items), room))
        room -= sum(len(part) + 1 for part in section)
        parts += section
    return "\n".join(parts) + "\n"


def _head(report: Report) -> Iterator[str]:
    effort, survey = report.effort, Survey(report)
    versions = ", ".join(report.targets)
    yield "## Keras 1 → Keras 2\n"
    told = "This moves" if report.written else "This would move"
    yield f"{told} the code from Keras 1 to Keras 2 ({versions}) so that it computes the same numbers.\n"
    yield "| | |\n| --- | ---: |"
    yield f"| Files changed | {len(report.changed)} |"
    yield f"| Uses of Keras changed | {effort.changed} |"
    yield f"| Left to do by hand | {effort.by_hand} |"
    yield f"| Waiting for `--unsafe` | {effort.waiting} |"
    yield f"| Files failed | {len(report.failed)} |"
    yield f"| Time left for a person | {time_left(survey)} |\n"
    yield f"<sub>Time: {basis(survey)}</sub>\n"
    yield f"**{words.accounted(report)}** ({words.uses(report)}).\n"


def _rules(report: Report) -> Iterator[str]:
    if not report.rules:
        return
    yield "<details><summary>By rule</summary>\n"
    yield "| Rule | What it does | changed | review | files |\n| --- | --- | ---: | ---: | ---: |"
    for count in report.rules:
        rule = report.rulebook.get(count.rule)
        id = f"[{count.rule}]({rule.links[0]})" if rule and rule.links else count.rule
        yield f"| {id} | {_cell(count.title)} | {count.changed} | {count.reviews} | {count.files} |"
    yield "\n</details>\n"


def _evidence(report: Report) -> Iterator[str]:
    if not report.changed:
        return
    yield "### What was checked\n"
    files = words.count(len(report.changed), "changed file")
    yield f"{files}, before anything was written:\n"
    yield "- the new text compiles, and every name in it is bound"
    yield f"- every rewritten call binds to the signatures of Keras {', '.join(report.targets)}"
    yield "- a second run changes nothing"
    yield f"\nMade by kmigrate {kmigrate.__version__}.\n"


def _verification(report: Report) -> Iterator[str]:
    found = report.verification
    if found is None:
        return
    yield f"### On real Kerases: {found.old} before, {found.new} after\n"
    lacking = words.lacking(found)
    yield f"**{words.verified(found)}**{f' {_prose(lacking)}' if lacking is not None else ''}\n"
    yield "| Script | Model | Answer | Why |\n| --- | --- | --- | --- |"
    for item in found.findings[:MODELS]:
        why = "<br>".join(_cell(detail) for detail in item.details)
        yield f"| {_cell(item.script)} | {_cell(item.model) or '·'} | {item.answer.value} | {why} |"
    if len(found.findings) > MODELS:
        yield f"\n… and {len(found.findings) - MODELS} more: `kmigrate verify` lists them all"
    yield ""


def _reviews(report: Report, *, unsafe: bool) -> Iterator[str]:
    for file in report.reviewed:
        for review in file.reviews:
            if review.unsafe is unsafe:
                yield _task(file, review)


def _task(file: FileResult, review: Review) -> str:
    advice = words.advice(review)
    todo = f"<br>→ {_prose(advice)}" if advice else ""
    return f"- [ ] {_code(words.place(file, review.position))} {review.rule}: {_prose(review.reason)}{todo}"


def _failures(report: Report) -> Iterator[str]:
    for file in report.failed:
        if (failure := file.failure) is not None:
            hint = f" ({_prose(failure.hint)})" if failure.hint else ""
            yield f"- [ ] {_code(words.place(file, failure.position))} {_prose(failure.reason)}{hint}"


def _gaps(report: Report) -> Iterator[str]:
    for file in report.files:
        for use in words.gaps(file):
            yield f"- [ ] {_code(words.place(file, use.position))} {_code(use.name)} ({use.kind})"


def _idle(report: Report) -> Iterator[str]:
    for file in report.files:
        for comment in file.unused_ignores:
            yield f"- [ ] {_code(words.place(file, comment.position))} {_prose(words.idle(comment))}"


def _notes(report: Report) -> Iterator[str]:
    for text, (rules, paths) in words.notes(report).items():
        where = _code(paths[0]) if len(paths) == 1 else words.count(len(paths), "file")
        yield f"- {where} {' '.join(rules)}: {_prose(text)}"


def _section(title: str, items: list[str], room: int) -> Iterator[str]:
    if not items:
        return
    yield f"### {title} ({len(items)})\n"
    for number, item in enumerate(items):
        room -= len(item) + 1
        if room < 0:
            yield f"- … and {len(items) - number} more: `kmigrate diff` lists them all"
            break
        yield item
    yield ""


def _cell(text: str) -> str:
    return _prose(text).replace("|", "\\|")


def _prose(text: str) -> str:
    """A text of ours on one line: `code` stays code, and nothing in the rest of it is markup."""
    parts = " ".join(text.split()).split("`")
    return "`".join(part if number % 2 else _escaped(part) for number, part in enumerate(parts))


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_\[\]])", r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")


def _code(text: str) -> str:
    """A code span of any text: its fence is longer than each run of backticks in it."""
    fence = "`" * (1 + max(map(len, _runs(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{words.visible(text)}{pad}{fence}"


def _runs(text: str) -> Iterable[str]:
    return re.findall("`+", text)
