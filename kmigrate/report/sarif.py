"""The run as SARIF 2.1.0, which code scanning and editors show beside the code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import kmigrate
from kmigrate.report.findings import Finding, Kind, findings
from kmigrate.report.model import Report
from kmigrate.results import FileResult
from kmigrate.rewrite.facts import NO_RULE
from kmigrate.ruleset.docs import explain

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {
    Kind.CHANGE: "warning",
    Kind.DONE: "none",
    Kind.WAITING: "note",
    Kind.REVIEW: "warning",
    Kind.GAP: "warning",
    Kind.UNUSED: "note",
}


def render(report: Report) -> str:
    """The JSON text of a log with one run."""
    return json.dumps(data(report), indent=2, ensure_ascii=True) + "\n"


def data(report: Report) -> dict[str, Any]:
    """The same as plain data: findings are results, files that failed are notifications of the tool."""
    told = list(findings(report))
    failures = [finding for finding in told if finding.kind is Kind.FAILURE]
    results = [finding for finding in told if finding.kind is not Kind.FAILURE]
    ids = sorted({finding.rule for finding in results})
    driver = {
        "name": "kmigrate",
        "version": kmigrate.__version__,
        "rules": [_rule(id, report) for id in ids],
    }
    invocation = {
        "executionSuccessful": not failures,
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": finding.told}, "locations": [_location(finding)]}
            for finding in failures
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_result(finding, ids) for finding in results],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(id: str, report: Report) -> dict[str, Any]:
    rule = report.rulebook.get(id)
    if rule is None:
        told = "What no rule says: a use that none treats, an ignore comment that none needs" if id == NO_RULE else id
        return {"id": id, "shortDescription": {"text": told}}
    link = {"helpUri": rule.links[0]} if rule.links else {}
    return {
        "id": id, "name": rule.name.title().replace("-", ""), "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why.strip()}, **link,
        "help": {"text": rule.why.strip(), "markdown": explain(rule)},
    }  # fmt: skip


def _result(finding: Finding, ids: list[str]) -> dict[str, Any]:
    kind = "informational" if finding.kind is Kind.DONE else "fail"
    return {
        "ruleId": finding.rule, "ruleIndex": ids.index(finding.rule), "kind": kind, "level": _LEVELS[finding.kind],
        "message": {"text": finding.told}, "locations": [_location(finding)], "properties": {"kmigrate": finding.kind.value},
    }  # fmt: skip


def _location(finding: Finding) -> dict[str, Any]:
    """The place in the file; that of a notebook is told in words, because its lines are those of a cell."""
    region = _region(finding)
    physical = {"artifactLocation": {"uri": _uri(finding.file)}, **({"region": region} if region else {})}
    position = finding.position
    if position is None or position.cell is None:
        return {"physicalLocation": physical}
    return {"physicalLocation": physical, "message": {"text": position.shown}}


def _region(finding: Finding) -> dict[str, int]:
    position = finding.position
    if position is None or position.cell is not None:
        return {}
    region = {"startLine": position.line, "startColumn": position.column}
    if finding.file.source is not None and finding.end is not None:
        end = finding.file.source.position(finding.end)
        region |= {"endLine": end.line, "endColumn": end.column}
    return region


def _uri(file: FileResult) -> str:
    path = Path(file.path or "text.py")
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogateescape")
