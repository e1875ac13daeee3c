"""The run as JUnit XML: a suite for each file that speaks of Keras, a failed case for each thing that is left to do."""

from __future__ import annotations

from xml.etree import ElementTree

from kmigrate.report import words
from kmigrate.report.findings import Finding, Kind, of_file
from kmigrate.report.model import Report
from kmigrate.results import FileResult


def render(report: Report) -> str:
    """The XML text; `<error>` where a file could not be migrated, `<failure>` where work is left."""
    top = ElementTree.Element("testsuites", name="kmigrate")
    suites = [_suite(file, report.written) for file in report.touched]
    for key in ("tests", "failures", "errors"):
        top.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    top.extend(suites)
    ElementTree.indent(top)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(top, encoding="unicode") + "\n"


def _suite(file: FileResult, written: bool) -> ElementTree.Element:
    name = _legal(file.path or "<text>")
    told = of_file(file, written)
    cases = [_case(finding, name) for finding in told] or [_passed(file, name)]
    failures = sum(case.find("failure") is not None for case in cases)
    errors = sum(case.find("error") is not None for case in cases)
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": str(errors), "skipped": "0"}
    suite = ElementTree.Element("testsuite", {"name": name, **counts})
    suite.extend(cases)
    return suite


def _case(finding: Finding, name: str) -> ElementTree.Element:
    place = _legal(words.place(finding.file, finding.position))
    column = f":{finding.position.column}" if finding.position is not None else ""  # servers merge cases of one name
    title = f"{place}{column} {finding.rule}".rstrip()
    case = ElementTree.Element("testcase", classname=name, name=title, file=name)
    if finding.position is not None and finding.position.cell is None:
        case.set("line", str(finding.position.line))
    if finding.kind in (Kind.DONE, Kind.UNUSED):
        return case
    tag = "error" if finding.kind is Kind.FAILURE else "failure"
    detail = ElementTree.SubElement(case, tag, type=finding.kind.value, message=_legal(finding.message))
    detail.text = _legal(f"{place}: {finding.told}")
    return case


def _passed(file: FileResult, name: str) -> ElementTree.Element:
    done, total = file.accounted
    return ElementTree.Element(
        "testcase", classname=name, name=f"{done} of {total} Keras uses accounted for", file=name
    )


def _legal(text: str) -> str:
    """A text that XML can hold: control characters are shown, not written."""
    return "\n".join(words.visible(line) for line in text.split("\n"))
