"""What does a rule do, told to a reader who has never seen it?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Argument, Condition, Example, Match, ReviewCase, Rewrite, Rule

_CONFIDENCE = {
    "safe": "**safe**: the result computes the same numbers",
    "unsafe": "**unsafe**: applied with `--unsafe` only",
    "review": "**review**: found and explained; a person decides",
}

_SHAPES = {
    "none": "`None`", "keras_tensor": "a Keras tensor", "graph_tensor": "a tensor of the graph",
    "bool": "True or False", "starred": "starred",
}  # fmt: skip


_KEYS = {
    "stored": "these strings as keys of a dict",
    "read": "these strings, read from what get_config gave",
    "passed": "these keywords, passed to a callee that nobody knows",
    "compared": "these strings, compared with the name of a class",
    "made_up": "these strings, or these with a number, as the name of a layer",
    "numbered": "these strings with a number, compared with the name of an object or asking for an output",
    "setting": "these keys, in a file that names keras.json",
    "body": "these flags, set in the body of a layer's class",
    "evaluated": "names of Keras in strings that these builtins look up",
    "backend": "these values of the environment variable KERAS_BACKEND",
}

def explain(rule: Rule) -> str:
    """The page of a rule, in Markdown."""
    return "\n\n".join(part for part in _parts(rule) if part) + "\n"


def _parts(rule: Rule) -> Iterator[str]:
    yield f"# {rule.id} {rule.title}"
    yield rule.why.strip()
    yield "\n".join(_facts(rule))
    if rule.say:
        yield f"> {_line(rule.say)}"
    if rule.rewrite:
        yield from _rewrite(rule.rewrite, "What becomes of it")
    for specifier, rewrite in rule.targets.items():
        yield from _rewrite(rewrite, f"For Keras `{specifier}`")
    if rule.match.names or rule.match.modules:
        yield "## New names"
        moved = {**(rule.match.modules or {}), **(rule.match.names or {})}
        yield _table(("Keras 1", "Keras 2"), ((_code(old), _code(new)) for old, new in moved.items()))
    if rule.match.gone and len(rule.match.gone) > 3:
        yield "## Names that are gone"
        yield "\n".join(f"- {_code(name)}" for name in rule.match.gone)
    if rule.notes:
        yield "## Good to know"
        yield "\n".join(f"- {_line(case.say)}" for case in rule.notes)
    if rule.review:
        yield "## Left to you"
        yield "\n".join(f"- {_when(case)}: {_line(case.say)}" for case in rule.review)
    if rule.helpers:
        layers = _or(tuple(dict.fromkeys(helper.layer for helper in rule.helpers)))
        yield f"## On request\n\nWith `--emit-helpers`, {layers} of a small module in your project takes its place."
    if rule.note:
        yield f"## Note\n\n{rule.note.strip()}"
    yield "## Examples"
    for example in rule.examples:
        yield from _example(example)
    if rule.links:
        yield "## Links\n\n" + "\n".join(f"- <{link}>" for link in rule.links)


def _facts(rule: Rule) -> Iterator[str]:
    yield f"- Name: `{rule.name}`"
    yield f"- Needed since Keras {rule.since}"
    yield f"- Confidence: {_CONFIDENCE[rule.confidence]}"
    yield f"- Matches {_match(rule.match)}"
    for name, condition in rule.skip_if.items():
        yield f"- A call in which `{name}` is {_condition(condition)} speaks Keras 2 already and stays"
    if rule.ambiguous:
        yield "- Calls that are legal in Keras 1 and in Keras 2: not applied in files that speak Keras 2 already"


def _match(match: Match) -> str:
    text = _subject(match)
    if match.feeds:
        text += " whose result ends in a layer or a model"
    if match.alike:
        text += ", where " + " and ".join(map(_code, match.alike)) + " have the same number of axes and no masks"
    if match.given:
        text += ", where " + _conditions(match.given)
    if match.inside:
        text += ", inside " + _or(match.inside)
    if match.not_inside:
        text += ", but not inside " + _or(match.not_inside)
    return text


def _subject(match: Match) -> str:
    if match.call:
        return "calls of " + _or(match.call)
    if match.method:
        return f"the method `{match.method}` of subclasses of `{match.of}`, and calls of it"
    if match.attribute:
        return f"the attribute {_or(match.attribute)} of {_owner(match.of)}"
    if match.assign:
        return f"an assignment to the attribute `{match.assign}` of {_owner(match.of)}"
    if match.gone:
        return "any use of " + (_or(match.gone) if len(match.gone) <= 3 else f"{len(match.gone)} names, listed below")
    if match.pattern == "$operation":
        return "backend calls, operators, slices and functions, applied to tensors of the graph,"
    if match.pattern:
        return f"operations of the form `{match.pattern}`"
    if match.keys:
        return _KEYS[match.where] + ": " + _or(match.keys)
    if match.moved:
        return "imports of documented names from the modules that define them"
    return "any use of the names below"


def _owner(of: str | None) -> str:
    return "a tensor of the graph" if of == "keras_tensor" else f"`{of}`"


def _rewrite(rewrite: Rewrite, title: str) -> Iterator[str]:
    yield f"## {title}"
    yield from _plain(rewrite)
    if rewrite.choose_by is not None:
        for value, case in rewrite.cases.items():
            yield f"### {_code(rewrite.choose_by)} is {_literal(value)}"
            yield from _plain(case)
        if isinstance(rewrite.otherwise, str):
            yield f"### Any other {_code(rewrite.choose_by)}\n\nLeft to you: {_line(rewrite.otherwise)}"
        elif rewrite.otherwise is not None:
            yield f"### Any other {_code(rewrite.choose_by)}"
            yield from _plain(rewrite.otherwise)
        if rewrite.choice is not None:
            yield f"### {_code(rewrite.choose_by)} is one of several\n\nBecomes:\n\n```python\n{rewrite.choice.strip()}\n```"
        if rewrite.made is not None:
            made = "\n".join(f"- {_literal(value)}: `{case.made}`" for value, case in rewrite.cases.items() if case.made)
            yield (
                f"### {_code(rewrite.choose_by)} is one of several, with arguments of its own, or not certain\n\n"
                f"Becomes the following, `$choices` being a dict of:\n\n{made}\n\n```python\n{rewrite.made.strip()}\n```"
            )


def _plain(rewrite: Rewrite) -> Iterator[str]:
    if rewrite.to is not None:
        yield f"Becomes `{rewrite.to}`."
    if rewrite.either is not None:
        yield f"Becomes `{rewrite.either[0]}` where that exists, and `{rewrite.either[1]}` elsewhere."
    if rewrite.template is not None:
        yield f"Becomes:\n\n```python\n{rewrite.template.strip()}\n```"
    if rewrite.delete:
        yield "The statement is deleted."
    if rewrite.code is not None:
        yield "The new text depends on more than a table can say; see the examples."
    rows = [*_arguments(rewrite), *_drops(rewrite), *_additions(rewrite)]
    if rows:
        yield _table(("Keras 1", "Keras 2", ""), rows)
    if rewrite.literals:
        yield "What the result is compared with:"
        yield _table(("Keras 1", "Keras 2"), ((_code(old), _code(new)) for old, new in rewrite.literals.items()))


def _arguments(rewrite: Rewrite) -> Iterator[tuple[str, str, str]]:
    for key, argument in rewrite.arguments.items():
        new = argument.rename or argument.tuple or ""
        old = ", ".join(_code(part.strip()) for part in key.split(","))
        remarks = [*_values(argument)]
        if argument.tuple is not None:
            remarks.insert(0, "as one tuple")
        if argument.missing is not None:
            remarks.append(f"{_code(argument.missing)} for one that is left out")
        if key in rewrite.require:
            remarks.append("the Keras 1 default is written out, as it moved")
        if new in rewrite.first:
            remarks.append("written by position")
        yield old, _code(new), "; ".join(remarks)


_OF_OTHER = {
    "unsafe": "other values need `--unsafe`",
    "review": "other values are left to you",
    "look_up": "a name is looked up among these, other values are left to you",
}


def _values(argument: Argument) -> Iterator[str]:
    for values in (argument.values, argument.items):
        for old, new in (values or {}).items():
            yield f"{_literal(old)} → {_new(new)}"
    if argument.alone is not None:
        yield f"the one item of a list by itself, for Keras {argument.alone}"
    if argument.wrap is not None:
        yield f"any other value in {_code(argument.wrap.expression)}"
    if argument.other != "keep":
        yield _OF_OTHER[argument.other]


def _drops(rewrite: Rewrite) -> Iterator[tuple[str, str, str]]:
    alike: dict[str, list[str]] = {}
    for name, values in rewrite.drop.items():
        remark = "dropped"
        if values != "any":
            listed = values if isinstance(values, tuple) else (values,)
            shown = ("the default" if value == "default" else _literal(value) for value in listed)
            remark = "dropped if it is " + " or ".join(shown) + ", else left to you"
        alike.setdefault(remark, []).append(_code(name))
    for remark, names in alike.items():
        yield ", ".join(names), "", remark


def _additions(rewrite: Rewrite) -> Iterator[tuple[str, str, str]]:
    for name, text in rewrite.add.items():
        yield "", _code(name), f"always written: {_code(f'{name}={text}')}"


def _example(example: Example) -> Iterator[str]:
    remarks = ["with `--unsafe`"] if example.unsafe else []
    remarks += [f"`--to {example.to}`"] if example.to is not None else []
    suffix = f" ({', '.join(remarks)})" if remarks else ""
    if example.before is not None and example.after is not None:
        yield f"### {_capital(example.title or 'Before and after')}{suffix}"
        lines = difflib.unified_diff(example.before.splitlines(), example.after.splitlines(), n=99, lineterm="")
        yield "```diff\n" + "\n".join(list(lines)[3:]) + "\n```"
    elif example.unchanged is not None:
        yield f"### {_capital(example.title or 'Stays as it is')}{suffix}"
        yield f"Nothing changes:\n\n```python\n{example.unchanged.strip()}\n```"
    elif example.review is not None:
        yield f"### {_capital(example.title or 'Left to you')}{suffix}"
        yield f"A review, no change:\n\n```python\n{example.review.strip()}\n```"


def _when(case: ReviewCase) -> str:
    parts = [_conditions(case.when)] if case.when else []
    if case.when_given:
        parts.append(f"{_or(case.when_given)} is given")
    return "Where " + ", or ".join(parts)


def _conditions(conditions: dict[str, Condition]) -> str:
    return " and ".join(f"{_code(name)} is {_condition(condition)}" for name, condition in conditions.items())


def _condition(condition: Condition) -> str:
    parts = []
    if condition.given is not None:
        parts.append("given" if condition.given else "not given")
    if condition.first is not None:
        parts.append(f"a list whose first item is {_condition(condition.first)}")
    if condition.axes is not None:
        numbers = [condition.axes] if isinstance(condition.axes, int) else condition.axes
        parts.append(f"a tensor of {' or '.join(map(str, numbers))} axes")
    if condition.size is not None:
        numbers = [condition.size] if isinstance(condition.size, int) else condition.size
        parts.append(f"a list or tuple of {' or '.join(map(str, numbers))} items")
    if condition.above is not None:
        parts.append(f"greater than {condition.above:g}")
    if condition.below is not None:
        parts.append(f"less than {condition.below:g}")
    if condition.some is not None:
        parts.append(f"a list of which an item is {_condition(condition.some)}")
    if condition.unmasked is not None:
        parts.append("without a mask" if condition.unmasked else "perhaps with a mask")
    if condition.can_be is not None:
        parts.append("perhaps one of " + ", ".join(_literal(value) for value in condition.can_be))
    if condition.has_equals:
        values = condition.equals if isinstance(condition.equals, list) else [condition.equals]
        parts.append(
            f"[{', '.join(map(_literal, values))}]" if isinstance(condition.equals, list) else _literal(values[0])
        )
    if condition.one_of is not None:
        parts.append("one of " + ", ".join(_literal(value) for value in condition.one_of))
    if condition.is_ is not None:
        parts.append(" or ".join(_SHAPES.get(shape, f"a {shape.replace('_', ' ')}") for shape in condition.is_))
    if condition.all_ is not None:
        parts.append(f"a list of {condition.all_.replace('_', ' ')} items")
    if condition.not_ is not None:
        parts.append(f"not {_condition(condition.not_)}")
    return " and ".join(parts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _new(value: Any) -> str:
    from kmigrate.ruleset.schema import Expression

    return _code(value.expression) if isinstance(value, Expression) else _literal(value)


def _literal(value: Any) -> str:
    return _code(repr(value))


def _code(text: str) -> str:
    return f"``{text}``" if "`" in text else f"`{text}`"


def _or(names: Iterable[str]) -> str:
    words = [_code(name) for name in names]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _line(text: str) -> str:
    return " ".join(text.split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
