"""The report in numbers, as JSON, as a page and in the terminal."""

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import jsonschema
import pytest
from made_results import failed, renamed, reviewed
from rich.console import Console

import kmigrate
from kmigrate.config import Settings
from kmigrate.report import html, markdown, text
from kmigrate.report import json as json_report
from kmigrate.report.model import Effort, Report, RuleCount
from kmigrate.report.survey.estimate import AUTOMATIC, BY_HAND, RULE
from kmigrate.report.survey.estimate import FAILED as FAILED_FILE
from kmigrate.report.survey.model import Survey
from kmigrate.results import FileResult, Outcome, Position, State
from kmigrate.ruleset.loader import load_rules
from kmigrate.source.text import Source

KERAS_1 = "from keras.layers import Dense\n\n\nlayer = Dense(output_dim=3)\n"


@pytest.fixture
def report() -> Report:
    files = (
        failed(),
        reviewed(),
        renamed(KERAS_1 * 2, "output_dim", "units"),
        FileResult("plain.py", Outcome.NOT_KERAS),
    )
    return Report.of(files, None)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(files("kmigrate.report").joinpath("schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def shown(report: Report, width: int = 80) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    for part in (text.show_diff, text.show_notes, text.show_summary):
        part(report, console)
    return out.getvalue()


def test_the_sums(report: Report) -> None:
    assert report.states == {State.CHANGED: 2, State.REVIEW: 1, State.UNACCOUNTED: 1}
    assert report.accounted == (3, 4)
    assert report.effort == Effort(changed=2, waiting=0, by_hand=1)
    assert report.effort.share == 66
    assert report.targets == ("2.2.4", "2.3.1", "2.15.0")
    assert report.rules[0] == RuleCount("KM100", "Rename it", 1, 0, 0, 1)
    assert report.rules[-1] == RuleCount("KM301", "keras.layers.MaxoutDense", 0, 0, 1, 1)


def test_a_review_that_waits_for_unsafe_is_no_work_by_hand() -> None:
    report = Report.of([reviewed(unsafe=True)], "2.3.1")
    assert report.effort == Effort(changed=0, waiting=1, by_hand=0)
    assert "--unsafe" in shown(report)
    assert report.targets == ("2.3.1",)


def test_the_page_and_the_text_of_a_pull_request_tell_the_minutes_of_a_scan(report: Report) -> None:
    survey = Survey(report)
    assert [item.count for item in survey.items] == [2, 0, 2, 1, 1]
    said = f"about {round(2 * AUTOMATIC + 2 * BY_HAND + RULE + FAILED_FILE)} min"
    for page in (html.render(report), markdown.render(report)):
        assert said in page and "Time left for a person" in page
        assert "2 uses to change by hand, 5 min each" in page and "assumptions" in page


def test_an_empty_report_is_no_division_by_zero() -> None:
    empty = Report.of([], None)
    assert empty.effort.share == 100
    assert "0 of 0 Keras uses accounted for" in shown(empty)
    html.render(empty)


def test_the_schema_accepts_reports(report: Report, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(json.loads(json_report.render(report)))


@pytest.mark.parametrize("program", [KERAS_1, "import os\n", "import keras\nprint(\n", "import keras\n", ""])
def test_the_schema_accepts_real_results(program: str, validator: jsonschema.Draft202012Validator) -> None:
    result = kmigrate.migrate_text(program, "net.py", settings=Settings(unsafe=True))
    validator.validate(json.loads(json_report.render(Report.of([result], None))))


def test_the_schema_refuses_what_is_not_documented(report: Report, validator: jsonschema.Draft202012Validator) -> None:
    data = json_report.data(report)
    data["files"][0]["more"] = 1
    assert not validator.is_valid(data)


def test_the_edits_of_the_json_give_the_new_text(report: Report) -> None:
    result = report.changed[0]
    out = result.before
    for edit in reversed(json_report.data(report)["files"][2]["edits"]):
        lines = out.split("\n")
        assert lines[edit["line"] - 1][edit["column"] - 1 :].startswith(edit["before"])
        assert out[edit["start"] : edit["end"]] == edit["before"]
        out = out[: edit["start"]] + edit["after"] + out[edit["end"] :]
    assert out == result.after


def test_the_terminal_shows_place_rule_reason_recipe(report: Report) -> None:
    out = shown(report)
    assert "hand.py:1  KM301\n    MaxoutDense is gone\n    → Use `Dense` and `maximum`." in out
    assert "hand.py:2  call\n    keras.odd\n" in out
    assert "bad.py:2\n    syntax error: '(' was never closed\n    → mend it" in out
    assert "The weights have another shape." in out
    assert "@@ -1,8 +1,8 @@ KM100 KM101\n" in out
    assert out.endswith("3 of 4 Keras uses accounted for\n")


def test_the_terminal_tells_once_what_holds_for_several_lines() -> None:
    file = reviewed()
    (review,) = file.reviews
    places = (Position(1, 1), Position(4, 1), Position(1, 9), Position(7, 1), Position(4, 8))
    many = [replace(review, position=place) for place in places] + [replace(review, reason="other", position=Position(9, 1))]
    out = shown(Report.of([replace(file, reviews=tuple(many))], None))
    assert "hand.py:1  KM301, also lines 4, 7\n    MaxoutDense is gone\n" in out
    assert "hand.py:9  KM301\n    other\n" in out
    assert out.count("MaxoutDense is gone") == 1

    cells = [replace(review, position=Position(line, 1, cell)) for cell, line in ((2, 1), (2, 5), (3, 1))]
    assert "hand.py cell 2, line 1  KM301, also cell 2, line 5, cell 3, line 1\n" in shown(
        Report.of([replace(file, reviews=tuple(cells))], None)
    )


def test_the_sums_fit_80_columns(report: Report) -> None:
    long = renamed(KERAS_1, "output_dim", "units", path="a/very/long/path/" * 6 + "net.py")
    summary = shown(Report.of([*report.files, long], None)).partition("Left to do")[2]
    assert max(map(len, summary.splitlines())) <= 80
    assert re.search(r"^KM100 +2 +· +2", summary, re.MULTILINE)


def test_source_cannot_steer_the_terminal() -> None:
    result = renamed("x = '\x1b[31m\x07\x9b'  # \u202e tab\there\r\n", "x", "y")
    out = shown(Report.of([result], None))
    assert not set("\x1b\x07\x9b\u202e\r") & set(out)
    assert "␛[31m␇" in out


def test_the_page_is_whole_and_needs_nothing_else(report: Report) -> None:
    page = html.render(report)
    assert not re.search(r"\bsrc=|<link\b", page)
    assert set(re.findall(r"<a [^>]*href=\"([^#\"]+)", page)) <= {link for rule in load_rules() for link in rule.links}
    assert "@import" not in page and "url(" not in page
    assert "prefers-color-scheme: dark" in page
    assert "MaxoutDense is gone" in page
    assert '["+","output_dim"]' in page and '["+","units"]' in page
    assert 'href="#file-1"' in page and 'id="file-1"' in page
    Balanced().check(page)


def test_the_page_escapes_what_comes_from_files() -> None:
    evil = "<script>alert(1)</script>"
    result = renamed(f"x = '{evil}'\n", "x", "y", path=f"{evil}.py", source=Source("net.py", f"x = '{evil}'\n"))
    page = html.render(Report.of([result, reviewed(path=evil, reason=evil)], None))
    assert "<script>alert" not in page and f"'{evil}" not in page
    assert "&lt;script&gt;alert" in page and r"\u003cscript\u003ealert" in page
    Balanced().check(page)


def test_only_the_script_of_the_page_may_run(report: Report) -> None:
    page = html.render(report)
    (allowed,) = re.findall(r"script-src '(sha256-[^']+)'", page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert allowed == "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in page


class Balanced(HTMLParser):
    """Fails on a tag that is closed in the wrong place, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def check(self, page: str) -> None:
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "col", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()
