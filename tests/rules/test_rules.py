"""Does every rule keep the house rules: examples, names, themes, and what it says of Keras?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from kmigrate.ruleset.check import check
from kmigrate.ruleset.docs import explain
from kmigrate.ruleset.loader import builtin_rules_folder
from kmigrate.ruleset.rule_file import read_rule, rule_paths
from kmigrate.ruleset.schema import Rewrite

FOLDER = builtin_rules_folder()
PATHS = list(rule_paths(FOLDER))
THEMES = {
    "imports", "layers", "recurrent", "merge", "models", "training", "backend", "custom_layers", "initializers",
    "metrics", "data", "config", "attributes",
}  # fmt: skip

each_rule = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PATHS])


def test_what_the_rules_say_is_true() -> None:
    wrong = check(FOLDER)
    if wrong:
        pytest.fail("\n".join(line.removeprefix(f"{FOLDER}/") for line in wrong), pytrace=False)


def test_ids_and_names_are_unique() -> None:
    rules = [read_rule(path).rule for path in PATHS]
    names = Counter([rule.id for rule in rules] + [rule.name for rule in rules])
    assert [name for name, count in names.items() if count > 1] == []


@each_rule
def test_the_file_is_named_after_the_rule(path: Path) -> None:
    assert path.name == f"{read_rule(path).rule.name}.yaml"


@each_rule
def test_the_folder_is_a_theme(path: Path) -> None:
    theme = path.relative_to(FOLDER).parts[:-1]
    assert len(theme) == 1 and theme[0] in THEMES


@each_rule
def test_a_rule_shows_what_it_does_and_what_it_leaves_alone(path: Path) -> None:
    examples = read_rule(path).rule.examples
    assert any((example.before or example.review or example.tells) is not None for example in examples)
    assert any(example.unchanged is not None for example in examples)


@each_rule
def test_a_rule_says_where_to_read_on(path: Path) -> None:
    links = read_rule(path).rule.links
    assert links and all(link.startswith("https://") for link in links)


@each_rule
def test_a_rule_has_a_page(path: Path) -> None:
    rule = read_rule(path).rule
    page = explain(rule)
    assert page.startswith(f"# {rule.id} {rule.title}\n") and page.count("```") % 2 == 0


@each_rule
def test_the_code_that_a_rule_names_is_there(path: Path) -> None:
    rule = read_rule(path).rule
    for rewrite in (rule.rewrite, *rule.targets.values()):
        for name in _code(rewrite):
            module, _, function = name.partition(":")
            assert callable(getattr(import_module(module), function))


def _code(rewrite: Rewrite | str | None) -> Iterator[str]:
    if isinstance(rewrite, Rewrite):
        yield from [rewrite.code] if rewrite.code is not None else []
        for case in (*rewrite.cases.values(), rewrite.otherwise):
            yield from _code(case)
