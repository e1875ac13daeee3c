"""What does an editor need to know to check and complete rule files?"""

from __future__ import annotations

import json
from typing import Any


def json_schema() -> dict[str, Any]:
    """The rule language as a JSON schema (draft 2020-12), with the short forms that authors write."""
    from kmigrate.ruleset.schema import Rule

    schema = Rule.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    _or(definitions, "Argument", {"type": "string", "description": "short for `{rename: ...}`"})
    _or(
        definitions,
        "Condition",
        {"type": ["string", "number", "boolean", "null"], "description": "short for `{equals: ...}`"},
    )
    for name in ("call", "attribute", "gone"):
        definitions["Match"]["properties"][name]["anyOf"].append({"type": "string"})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "kmigrate rule", **_untitled(schema)}


def published() -> str:
    """The text of `rules/schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _or(definitions: dict[str, Any], name: str, short: dict[str, Any]) -> None:
    """What may also be written as a scalar."""
    full = definitions.pop(name)
    definitions[name] = {"anyOf": [short, full], "description": full.pop("description", "")}


def _untitled(schema: Any) -> Any:
    """Without the titles that pydantic makes of field names: they say nothing more."""
    if isinstance(schema, dict):
        return {
            key: {name: _untitled(part) for name, part in value.items()} if key == "properties" else _untitled(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_untitled(item) for item in schema] if isinstance(schema, list) else schema


if __name__ == "__main__":
    print(published(), end="")
