"""Does the page of a rule tell everything that the rule says?"""

from __future__ import annotations

from typing import Any

import pytest

from kmigrate.ruleset.docs import explain
from kmigrate.ruleset.phrases import words_of
from kmigrate.ruleset.schema import Condition, Rule

RULE = {
    "id": "KM900",
    "name": "a-rule",
    "title": "A rule",
    "why": "It is here for the tests of the pages.",
    "links": ["https://keras.io/"],
    "since": "2.0.0",
    "confidence": "unsafe",
    "ambiguous": True,
    "match": {
        "call": ["keras.layers.A", "keras.layers.B"],
        "given": {"a": {"is": ["tuple", "none"]}, "b": {"not": {"equals": 1}}, "c": {"all": "keras_tensor"}},
        "inside": ["graph"],
        "not_inside": ["lambda_layer"],
    },
    "skip_if": {"a": {"one_of": ["x", 1]}},
    "rewrite": {
        "to": "keras.layers.C",
        "arguments": {
            "old": {
                "rename": "new",
                "values": {"th": "channels_first", "x": {"expression": "f(`1`)"}},
                "other": "review",
            },
            "a, b": {"tuple": "size", "missing": "None"},
            "c": {"rename": "d", "wrap": {"expression": "f($old)"}},
            "i": {"rename": "i", "alone": ">=2.4"},
        },
        "require": ["old"],
        "first": ["d"],
        "drop": {"e": "any", "g": "any", "f": ["default", None]},
        "add": {"h": "True"},
        "literals": {"acc": "accuracy"},
    },
    "targets": {"<2.2": {"template": "f($a | $b)"}},
    "review": [
        {"when": {"a": 1}, "say": "Do it\nby hand."},
        {"when": {"a": {"not": {"size": [1, 2]}}}, "say": "Count them by hand."},
        {"when_given": ["x", "y"], "say": "Do that by hand."},
        {"when": {"a": {"axes": [2, 3]}, "b": {"some": {"above": 1.5}}, "c": {"below": 0}}, "say": "Do nothing else."},
    ],
    "note": "Look twice.",
    "examples": [
        {"title": "the first", "before": "a = 1\nb = 2\n", "after": "a = 1\nb = 3\n", "unsafe": True, "to": "2.2"},
        {"unchanged": "c = 1\n"},
        {"review": "d = 1\n"},
    ],
}

PAGE = """\
# KM900 A rule

It is here for the tests of the pages.

- Name: `a-rule`
- Needed since Keras 2.0.0
- Confidence: **unsafe**: applied with `--unsafe` only
- Matches calls of `keras.layers.A` or `keras.layers.B`, where `a` is a tuple or `None` and `b` is not `1` and `c` is \
a list of keras tensor items, inside `graph`, but not inside `lambda_layer`
- A call in which `a` is one of `'x'`, `1` speaks Keras 2 already and stays
- Calls that are legal in Keras 1 and in Keras 2: not applied in files that speak Keras 2 already

## What becomes of it

Becomes `keras.layers.C`.

| Keras 1 | Keras 2 |  |
| --- | --- | --- |
| `old` | `new` | `'th'` → `'channels_first'`; `'x'` → ``f(`1`)``; other values are left to you; \
the Keras 1 default is written out, as it moved |
| `a`, `b` | `size` | as one tuple; `None` for one that is left out |
| `c` | `d` | any other value in `f($old)`; written by position |
| `i` | `i` | the one item of a list by itself, for Keras >=2.4 |
| `e`, `g` |  | dropped |
| `f` |  | dropped if it is the default or `None`, else left to you |
|  | `h` | always written: `h=True` |

What the result is compared with:

| Keras 1 | Keras 2 |
| --- | --- |
| `acc` | `accuracy` |

## For Keras `<2.2`

Becomes:

```python
f($a | $b)
```

## Left to you

- Where `a` is `1`: Do it by hand.
- Where `a` is not a list or tuple of 1 or 2 items: Count them by hand.
- Where `x` or `y` is given: Do that by hand.
- Where `a` is a tensor of 2 or 3 axes and `b` is a list of which an item is greater than 1.5 and `c` is less than 0: Do \
nothing else.

## Note

Look twice.

## Examples

### The first (with `--unsafe`, `--to 2.2`)

```diff
 a = 1
-b = 2
+b = 3
```

### Stays as it is

Nothing changes:

```python
c = 1
```

### Left to you

A review, no change:

```python
d = 1
```

## Links

- <https://keras.io/>
"""


def test_a_page() -> None:
    assert explain(Rule.model_validate(RULE)) == PAGE


def test_a_page_of_choices() -> None:
    choices = {
        "choose_by": "mode",
        "cases": {"sum": {"to": "keras.layers.add"}, 1: {"delete": True}},
        "otherwise": "Choose a layer yourself.",
    }
    page = explain(Rule.model_validate({**RULE, "rewrite": choices}))
    assert "### `mode` is `'sum'`\n\nBecomes `keras.layers.add`." in page
    assert "### `mode` is `1`\n\nThe statement is deleted." in page
    assert "### Any other `mode`\n\nLeft to you: Choose a layer yourself." in page


def test_a_page_of_names() -> None:
    match = {"names": {"keras.a.b": "keras.c.d"}, "modules": {"keras.a": "keras.c"}}
    page = explain(Rule.model_validate({**RULE, "match": match}))
    assert "- Matches any use of the names below" in page and "| `keras.a.b` | `keras.c.d` |" in page


CONDITIONS: dict[str, Any] = {
    "equals": None, "one_of": ["a", "b"], "is": ["list"], "all": "number", "some": 1, "given": True, "first": 1,
    "axes": [2, 3], "size": 2, "above": 1, "below": 1, "unmasked": False, "can_be": ["a"], "not": "a",
    "names": ["keras.layers.Dense"], "result": "keras.backend.learning_phase", "pattern": "a.*",
}  # fmt: skip


@pytest.mark.parametrize("key", [field.alias or name for name, field in Condition.model_fields.items()])
def test_every_condition_has_words(key: str) -> None:
    words = words_of(Condition.model_validate({key: CONDITIONS[key]}))
    assert words.strip() == words != ""
    assert words_of(Condition.model_validate({"not": {key: CONDITIONS[key]}})) == f"not {words}"
