"""Do rules load from where they are, and are broken files refused at the right line, in words that teach?"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
import yaml

import kmigrate
from kmigrate.errors import InvalidRule
from kmigrate.ruleset import document, loader
from kmigrate.ruleset.loader import builtin_rules_folder, load_rules
from kmigrate.ruleset.rule_file import read_rule

GOOD = """\
id: KM900
name: scheduler
title: The scheduler is the same callback in both
why: A rule that is here for the tests of the loader only.
since: "2.0.0"
match:
  call: keras.callbacks.LearningRateScheduler
rewrite:
  arguments:
    schedule: schedule
examples:
  - unchanged: |
      x = 1
  - review: |
      x = 2
"""

BAD = [
    pytest.param('since: "2.0.0"', "since: 2.0", 5, 'quote it: `since: "2.0.0"`', id="unquoted-version"),
    pytest.param('since: "2.0.0"', "since: 2", 5, 'quote it: `since: "2.0.0"`', id="unquoted-number"),
    pytest.param('since: "2.0.0"', 'since: "2.0"', 5, "a whole version", id="short-version"),
    pytest.param("id: KM900", "id: km900", 1, "such as KM112", id="id"),
    pytest.param("name: scheduler", "name: ThresholdedRelu", 2, "joined by hyphens", id="name"),
    pytest.param("rewrite:", "rewrites:", 8, "did you mean `rewrite`?", id="unknown-key"),
    pytest.param("  arguments:", "  argument:", 9, "did you mean `arguments`?", id="unknown-key-below"),
    pytest.param(
        "schedule: schedule", "schedule: {renam: schedule}", 10, "did you mean `rename`?", id="unknown-key-deep"
    ),
    pytest.param(
        "schedule: schedule", "schedule: {values: {a: b}}", 10, "say either `rename` or `tuple`", id="no-target"
    ),
    pytest.param("schedule: schedule", "schedule: 3", 10, "must be a mapping", id="wrong-type"),
    pytest.param("schedule: schedule", "schedule: {rename: 3}", 10, 'quote it: "3"', id="number-for-text"),
    pytest.param(
        "    schedule: schedule", "    schedule: schedule\n    schedule: alpha", 11, "line 10 already", id="twice"
    ),
    pytest.param("match:", "match:\n  [a]: b", 7, "a key must be a name", id="list-as-key"),
    pytest.param("  call: keras", "  of: keras", 6, "say exactly one of call, method", id="no-match"),
    pytest.param("id: KM900\n", "", 1, "`id` is missing", id="missing"),
    pytest.param('since: "2.0.0"', 'since: "2.0.0"\nconfidence: sure', 6, "safe, unsafe, review", id="confidence"),
    pytest.param(
        "  call: keras.callbacks.LearningRateScheduler",
        "  call: keras.callbacks.LearningRateScheduler\n  inside: [grap]",
        8,
        "did you mean `graph`?",
        id="role",
    ),
    pytest.param(
        "why: A rule that is here for the tests of the loader only.", "why: none", 4, "at least 20", id="short"
    ),
    pytest.param("  - unchanged: |\n      x = 1\n", "", 11, "at least 2", id="one-example"),
    pytest.param("  - review:", "  - reviewed:", 14, "did you mean `review`?", id="example"),
    pytest.param("title: The", "title: Rule: Thr", 3, "needs quotes", id="syntax"),
    pytest.param("title: The", "title: !Thr", 3, "quote a text that starts with `!`", id="tag"),
    pytest.param("title: The", "title: \x07Thr", 3, "a control character", id="control"),
    pytest.param("title: The", "title:\n\tThr", 4, "indent with spaces", id="tab"),
    pytest.param("examples:", "---\nexamples:", 11, "holds one rule", id="two-documents"),
    pytest.param("schedule: schedule", "schedule: &a [*a]", 10, "holds itself", id="recursion"),
    pytest.param(GOOD, "", 1, "the file is empty", id="empty"),
    pytest.param(GOOD, "- 1\n", 1, "must be a mapping", id="no-mapping"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), BAD)
def test_a_bad_file_is_refused_at_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    path = write(tmp_path / "bad.yaml", GOOD.replace(old, new, 1))

    with pytest.raises(InvalidRule) as caught:
        load_rules([tmp_path])

    assert caught.value.where == f"{path}:{line}"
    assert message in caught.value.title


def test_bytes_that_are_no_text_are_refused_at_their_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(GOOD.replace("loader", "l\xf6ader").encode("latin-1"))

    with pytest.raises(InvalidRule, match="not UTF-8") as caught:
        load_rules([tmp_path])

    assert caught.value.where == f"{path}:4"


def test_the_first_of_several_problems_tells_how_many_there_are(tmp_path: Path) -> None:
    write(tmp_path / "bad.yaml", GOOD.replace("KM900", "x").replace("rewrite:", "rewrites:"))

    with pytest.raises(InvalidRule) as caught:
        load_rules([tmp_path])

    assert caught.value.hint is not None and caught.value.hint.startswith("1 more in this file")


def test_each_id_once_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", GOOD)
    second = write(tmp_path / "b.yaml", "\n" + GOOD)

    with pytest.raises(InvalidRule, match=r"KM900 is the id of a\.yaml too") as caught:
        load_rules([tmp_path])

    assert caught.value.where == f"{second}:2"


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(InvalidRule, match="no such folder"):
        load_rules([tmp_path / "missing"])


def test_what_is_not_true_of_keras_does_not_load(tmp_path: Path) -> None:
    path = write(tmp_path / "bad.yaml", GOOD.replace("schedule: schedule", "shedule: schedule"))

    with pytest.raises(InvalidRule, match=r"did you mean `schedule`\?") as caught:
        load_rules([tmp_path])

    assert caught.value.where == f"{path}:10"


def test_folders_add_rules_and_later_ones_replace(tmp_path: Path) -> None:
    first, second = tmp_path / "first" / "deep", tmp_path / "second"
    write(first / "a.yaml", GOOD)
    write(first / ".hidden" / "b.yaml", "no rule")
    write(second / "a.yml", GOOD.replace("title: The", "title: Second The"))
    ours = load_rules()

    assert [rule.id for rule in load_rules([tmp_path / "first"])] == sorted([*(rule.id for rule in ours), "KM900"])
    replaced = {rule.id: rule for rule in load_rules([tmp_path / "first", second])}
    assert replaced["KM900"].title.startswith("Second")


def test_a_file_is_read_again_only_after_it_changed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", GOOD)
    before = read_rule(path)
    assert read_rule(path) is before

    write(path, GOOD.replace("title: The", "title: New The"))
    assert read_rule(path).rule.title.startswith("New")


def test_our_rules_load_and_are_in_order() -> None:
    ids = [rule.id for rule in load_rules()]
    assert ids and ids == sorted(ids)


def test_a_second_load_is_quick() -> None:
    load_rules()
    start = time.perf_counter()
    load_rules()
    assert time.perf_counter() - start < 0.5


def test_rules_are_found_in_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "kmigrate"
    package.mkdir(parents=True)
    monkeypatch.setattr(kmigrate, "__file__", str(package / "__init__.py"))
    assert builtin_rules_folder() == package.parent / "rules"

    (package / "rules").mkdir()
    shutil.copytree(Path(__file__).parent, package.parent / "rules")
    assert builtin_rules_folder() == package / "rules"


def test_plain_scalars_follow_yaml_1_2(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.yaml", "[yes, no, on, off, true, null, ~, 1e-4, .5, 2., 07, 2.0.1, 12:30, 2017-03-01, th]"
    )
    assert document.read_document(path).data == [
        "yes", "no", "on", "off", True, None, None, 1e-4, 0.5, 2.0, 7, "2.0.1", "12:30", "2017-03-01", "th",
    ]  # fmt: skip


def test_the_slow_parser_reads_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", GOOD)

    class Slow(yaml.SafeLoader):
        yaml_implicit_resolvers = document._Loader.yaml_implicit_resolvers

    assert document._plain(Slow(GOOD).get_single_node()) == document.read_document(path).data


def test_loading_needs_no_schema_until_rules_are_read() -> None:
    assert "pydantic" not in vars(loader) and "Rule" not in vars(loader)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
