"""Is the published JSON schema up to date, and does it accept what the loader accepts?"""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kmigrate.ruleset.json_schema import json_schema, published
from kmigrate.ruleset.loader import builtin_rules_folder
from kmigrate.ruleset.rule_file import read_rule, rule_paths


def test_the_published_schema_is_up_to_date() -> None:
    text = (builtin_rules_folder() / "schema.json").read_text(encoding="utf-8")
    assert text == published(), "run: python -m kmigrate.ruleset.json_schema > rules/schema.json"


def test_our_rules_are_valid() -> None:
    Draft202012Validator.check_schema(json_schema())
    validator = Draft202012Validator(json_schema())
    for path in rule_paths(builtin_rules_folder()):
        errors = [error.message for error in validator.iter_errors(_as_json(read_rule(path).document.data))]
        assert errors == [], path.name


@pytest.mark.parametrize(
    "wrong", [{"unknown": 1}, {"match": {"cal": "keras.layers.Dense"}}, {"id": "km1"}, {"examples": []}]
)
def test_a_bad_rule_is_not(wrong: dict[str, Any]) -> None:
    data = read_rule(next(iter(rule_paths(builtin_rules_folder())))).document.data
    assert not Draft202012Validator(json_schema()).is_valid({**data, **wrong})


def _as_json(data: Any) -> Any:
    """Keys of JSON are text; a number or a boolean as a YAML key is not."""
    if isinstance(data, dict):
        return {str(key): _as_json(value) for key, value in data.items()}
    return [_as_json(item) for item in data] if isinstance(data, list) else data
