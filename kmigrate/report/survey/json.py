"""The survey for programs; `schema.json` beside this module documents every key."""

from __future__ import annotations

import json
from typing import Any

import kmigrate
from kmigrate.report.survey.model import Row, Survey
from kmigrate.results import State

SCHEMA_VERSION = 1


def render(survey: Survey) -> str:
    """The JSON text."""
    return json.dumps(data(survey), indent=2, ensure_ascii=True) + "\n"


def data(survey: Survey) -> dict[str, Any]:
    """The same as plain data."""
    report = survey.report
    accounted, uses = report.accounted
    return {
        "schema": SCHEMA_VERSION,
        "kmigrate": kmigrate.__version__,
        "targets": list(report.targets),
        "uses": {state.value: report.states.get(state, 0) for state in State},
        "accounted": accounted,
        "total": uses,
        "folders": [_row(row) for row in survey.folders],
        "files": [_row(row) for row in survey.files],
        "hardest": [row.path for row in survey.hardest],
        "rules": list(survey.rules),
        "estimate": {
            "minutes": round(survey.minutes, 1),
            "basis": [
                {"what": item.what, "count": item.count, "minutes_each": item.each, "minutes": round(item.minutes, 1)}
                for item in survey.items
            ],
        },
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "path": row.path, "files": row.files, "automatic": row.work.automatic, "unsafe": row.work.unsafe,
        "by_hand": row.work.by_hand, "failed": row.work.failed, "minutes": round(row.work.minutes, 1),
    }  # fmt: skip
