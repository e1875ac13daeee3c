"""The run for programs; `schema.json` beside this module documents every key, and a test holds the two together."""

from __future__ import annotations

import json
from typing import Any

import kmigrate
from kmigrate.edits import Replacement
from kmigrate.report.model import Report
from kmigrate.results import Change, Failure, FileResult, Position, Review, State
from kmigrate.source.text import Source
from kmigrate.verification import Verification

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """The JSON text, keys in the order of the schema."""
    return json.dumps(data(report), indent=2, ensure_ascii=True) + "\n"


def data(report: Report) -> dict[str, Any]:
    """The same as plain data."""
    accounted, uses = report.accounted
    effort = report.effort
    return {
        "schema": SCHEMA_VERSION,
        "kmigrate": kmigrate.__version__,
        "targets": list(report.targets),
        "summary": {
            "files": {outcome.value: count for outcome, count in sorted(report.outcomes.items())},
            "uses": _states(report.states),
            "accounted": accounted,
            "total": uses,
            "effort": {"changed": effort.changed, "waiting": effort.waiting, "by_hand": effort.by_hand},
            "rules": [
                {
                    "rule": count.rule, "title": count.title, "changed": count.changed, "unsafe": count.unsafe,
                    "reviews": count.reviews, "files": count.files,
                }
                for count in report.rules
            ],
        },
        "files": [_file(file) for file in report.files],
        **({} if report.verification is None else {"verification": _verification(report.verification)}),
    }  # fmt: skip


def _verification(found: Verification) -> dict[str, Any]:
    findings = [
        {"script": item.script, "model": item.model, "answer": item.answer.value, "details": list(item.details)}
        for item in found.findings
    ]
    return {"old": found.old, "new": found.new, "findings": findings}


def _file(file: FileResult) -> dict[str, Any]:
    source = file.source or Source(file.path, file.before)
    return {
        "path": file.path,
        "outcome": file.outcome.value,
        "edits": [_edit(item, file, source) for item in file.replacements],
        "changes": [_change(change) for change in file.changes],
        "reviews": [_review(review) for review in file.reviews],
        "notes": [{"rule": note.rule, "text": note.text} for note in file.notes],
        "uses": _states(file.states),
        "unused_ignores": [
            {**_position(idle.position), "text": idle.text, "ids": list(idle.ids)} for idle in file.unused_ignores
        ],
        "failure": _failure(file.failure),
    }


def _edit(item: Replacement, file: FileResult, source: Source) -> dict[str, Any]:
    end = source.place(item.end)
    return {
        "rule": item.rules[0] if item.rules else "", "rules": list(item.rules), "start": item.start, "end": item.end,
        **_position(source.place(item.start)), "end_line": end.line, "end_column": end.column,
        "confidence": item.confidence.value, "before": file.before[item.start : item.end], "after": item.text,
    }  # fmt: skip


def _position(position: Position) -> dict[str, int]:
    cell = {} if position.cell is None else {"cell": position.cell}
    return {"line": position.line, "column": position.column, **cell}


def _change(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule, "title": change.title, "name": change.name, **_position(change.position),
        "start": change.start, "end": change.end, "confidence": change.confidence.value, "reason": change.reason,
    }  # fmt: skip


def _review(review: Review) -> dict[str, Any]:
    return {
        "rule": review.rule, "name": review.name, **_position(review.position), "start": review.start,
        "end": review.end, "reason": review.reason, "recipe": review.recipe, "unsafe": review.unsafe,
    }  # fmt: skip


def _states(states: dict[State, int]) -> dict[str, int]:
    return {state.value: states.get(state, 0) for state in State}


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    where = _position(failure.position) if failure.position else {"line": None, "column": None}
    return {"reason": failure.reason, **where, "hint": failure.hint}
