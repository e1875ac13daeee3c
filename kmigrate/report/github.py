"""The run as GitHub annotations: a line of a workflow's log for each finding, shown beside the code of a pull request."""

from __future__ import annotations

from kmigrate.report.findings import Finding, Kind, findings
from kmigrate.report.model import Report

_COMMANDS = {
    Kind.FAILURE: "error",
    Kind.REVIEW: "warning",
    Kind.GAP: "warning",
    Kind.CHANGE: "warning",
    Kind.WAITING: "notice",
    Kind.UNUSED: "notice",
}
"""In the order in which they are written: GitHub shows the first ten of a step, and leaves out the others."""


def render(report: Report) -> str:
    """The annotations, the gravest first; changes that were written need none."""
    told = [finding for finding in findings(report) if finding.kind in _COMMANDS]
    ranks = list(_COMMANDS)
    return "".join(_annotation(finding) for finding in sorted(told, key=lambda finding: ranks.index(finding.kind)))


def _annotation(finding: Finding) -> str:
    """`::warning file=net.py,line=3,col=5,title=KM100::message`, escaped as the runner unescapes it."""
    properties = {"file": finding.file.path or "", "title": " ".join(filter(None, ("kmigrate", finding.rule)))}
    message = finding.told
    if (position := finding.position) is not None:
        if position.cell is None:
            properties |= {"line": str(position.line), "col": str(position.column)}
        else:
            message = f"{position.shown}: {message}"
    listed = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.kind]} {listed}::{_escaped(message)}\n"


def _escaped(text: str, also: str = "") -> str:
    for char in "%\r\n" + also:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
