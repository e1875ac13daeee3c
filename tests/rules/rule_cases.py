"""Which examples are there: those of the rules, and those of the YAML files beside this one?

An extra file holds `examples:` as a rule does, with `rule: KM101` for the file or for one example.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kmigrate.ruleset.document import RuleFileError, read_document
from kmigrate.ruleset.loader import builtin_rules_folder
from kmigrate.ruleset.rule_file import read_rule, rule_paths
from kmigrate.ruleset.schema import Example, Rule


@dataclass(frozen=True)
class Case:
    """An example of a rule; `name` is `KM101/example-1`."""

    name: str
    rule: str
    example: Example

    @property
    def text(self) -> str:
        """The program before."""
        found = self.example.before or self.example.unchanged or self.example.review
        assert found is not None
        return found

    @property
    def expected(self) -> str | None:
        """The program after; None where only a review is expected."""
        return self.example.after if self.example.before is not None else self.example.unchanged


@lru_cache
def cases() -> tuple[Case, ...]:
    """All examples, rule by rule; a file that is not a rule is told of by test_rules."""
    rules = list(_rules())
    return (*_of_rules(rules), *_of_files({rule.id for rule in rules}))


def _rules() -> Iterator[Rule]:
    for path in rule_paths(builtin_rules_folder()):
        with suppress(RuleFileError):
            yield read_rule(path).rule


def _of_rules(rules: list[Rule]) -> Iterator[Case]:
    for rule in rules:
        for number, example in enumerate(rule.examples, 1):
            yield Case(f"{rule.id}/example-{number}", rule.id, example)


def _of_files(known: set[str]) -> Iterator[Case]:
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        data = read_document(path).data
        for number, item in enumerate(data["examples"], 1):
            rule = item.pop("rule", None) or data["rule"]
            if rule not in known:
                raise ValueError(f"{path.name}: example {number} names the unknown rule {rule}")
            yield Case(f"{rule}/{path.stem}-{number}", rule, Example.model_validate(item))
