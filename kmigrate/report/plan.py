"""The run as a plan: every change with its text before and after, for people to approve and `kmigrate apply` to make."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

import kmigrate
from kmigrate.plan import HOW_TO, Entry, Plan, PlannedFile, Ruled, entry_id
from kmigrate.report.model import Report
from kmigrate.results import Change, FileResult, Review
from kmigrate.source.text import Source
from kmigrate.telling import groups


def render(report: Report) -> str:
    """The JSON text; `kmigrate.plan` says what the keys mean."""
    return json.dumps(document(report).model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"


def document(report: Report) -> Plan:
    """The plan; changes that wait for `--unsafe` are in it where their text is known, not approved."""
    settings = report.settings
    ruled = Ruled(
        to=settings.to, select=settings.select, ignore=settings.ignore, rules=settings.rules, docs=settings.docs,
        emit_helpers=settings.emit_helpers,
    )
    files = tuple(_file(file, file.source) for file in report.files if file.source is not None and file.path and _to_decide(file))
    return Plan(plan=1, kmigrate=kmigrate.__version__, how_to=HOW_TO, settings=ruled, paths=report.paths, files=files)


def _to_decide(file: FileResult) -> bool:
    return bool(file.told_changes) or any(review.rewritten for review in file.reviews)


def _file(file: FileResult, source: Source) -> PlannedFile:
    entries = sorted(_entries(file), key=lambda entry: (entry.start, entry.end))
    digest = sha256(source.encode(source.text)).hexdigest()
    return PlannedFile(path=file.path or "", sha256=digest, changes=tuple(entries))


def _entries(file: FileResult) -> Iterator[Entry]:
    belongs = groups(file)
    for change in file.told_changes:
        span, after = file.rewritten(change)
        before = file.before[span.start : span.end]
        entry = _entry(change, change.title, change.reason, change.confidence.value, before, after)
        yield entry.model_copy(update={"approved": True, "group": belongs.get(change.key)})
    for review in file.reviews:
        if review.rewritten is not None:
            span, after = review.rewritten
            yield _entry(review, review.name, review.reason, "unsafe", file.before[span.start : span.end], after)


def _entry(
    item: Change | Review, title: str, reason: str | None, confidence: str, before: str, after: str
) -> Entry:
    position = item.position
    return Entry(
        approved=False, rule=item.rule, title=title, line=position.line, column=position.column,
        cell=position.cell, confidence="unsafe" if confidence == "unsafe" else "safe", reason=reason, before=before,
        after=after, start=item.start, end=item.end, group=None, id=entry_id(item.key, after),
    )  # fmt: skip
