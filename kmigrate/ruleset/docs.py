"""What does a rule do, told to a reader who has never seen it?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kmigrate.ruleset.phrases import all_of, code, listed, literal, when, words_of

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Argument, Example, Match, Rewrite, Rule

_CONFIDENCE = {
    "safe": "**safe**: the result computes the same numbers",
    "unsafe": "**unsafe**: applied with `--unsafe` only",
    "review": "**review**: found and explained; a person decides",
}

_KEYS = {
    "stored": "these strings as keys of a dict",
    "read": "these strings, read from what get_config gave",
    "passed": "these keywords, passed to a callee that nobody knows",
    "by_name": "these keywords, passed to a method that a string asks for",
    "compared": "these strings, compared with the name of a class",
    "made_up": "these strings, or these with a number, as the name of a layer",
    "numbered": "these strings with a number, compared with the name of an object or asking for an output",
    "weight": "the name of a weight that ends in these, compared with the name of an object",
    "setting": "these keys, in a file that names keras.json",
    "body": "these flags, set in the body of a layer's class",
    "evaluated": "names of Keras in strings that these builtins look up",
    "kept": "tensors that these methods of a layer keep on it, used elsewhere",
    "ran": "a call of a name that comes from a file which this one runs",
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
        yield _table(("Keras 1", "Keras 2"), ((code(old), code(new)) for old, new in moved.items()))
    if rule.match.gone and len(rule.match.gone) > 3:
        yield "## Names that are gone"
        yield "\n".join(f"- {code(name)}" for name in rule.match.gone)
    if rule.notes:
        yield "## Good to know"
        yield "\n".join(f"- {_line(case.say)}" for case in rule.notes)
    if rule.review:
        yield "## Left to you"
        yield "\n".join(f"- {when(case)}: {_line(case.say)}" for case in rule.review)
    if rule.helpers:
        layers = listed(tuple(dict.fromkeys(helper.layer for helper in rule.helpers)))
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
        yield f"- A call in which `{name}` is {words_of(condition)} speaks Keras 2 already and stays"
    if rule.ambiguous:
        yield "- Calls that are legal in Keras 1 and in Keras 2: not applied in files that speak Keras 2 already"


def _match(match: Match) -> str:
    text = _subject(match)
    if match.feeds:
        text += " whose result ends in a layer or a model"
    if match.alike:
        text += ", where " + " and ".join(map(code, match.alike)) + " have the same number of axes and no masks"
    if match.given:
        text += ", where " + all_of(match.given)
    if match.inside:
        text += ", inside " + listed(match.inside)
    if match.unless_defined:
        text += f", but not of a subclass with its own {listed(match.unless_defined)}"
    if match.not_inside:
        text += ", but not inside " + listed(match.not_inside)
    return text


def _subject(match: Match) -> str:
    if match.call:
        return "calls of " + listed(match.call) + (f", of a `{match.of}`" if match.of is not None else "")
    if match.method:
        return f"the method `{match.method}` of subclasses of `{match.of}`, and calls of it"
    if match.attribute:
        return f"the attribute {listed(match.attribute)} of {_owner(match.of)}"
    if match.assign:
        return f"an assignment to the attribute `{match.assign}` of {_owner(match.of)}"
    if match.gone:
        return "any use of " + (listed(match.gone) if len(match.gone) <= 3 else f"{len(match.gone)} names, listed below")
    if match.pattern == "$operation":
        return "backend calls, operators, slices and functions, applied to tensors of the graph,"
    if match.pattern:
        return f"operations of the form `{match.pattern}`"
    if match.keys:
        return _KEYS[match.where] + ": " + listed(match.keys)
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
            yield f"### {code(rewrite.choose_by)} is {literal(value)}"
            yield from _plain(case)
        if isinstance(rewrite.otherwise, str):
            yield f"### Any other {code(rewrite.choose_by)}\n\nLeft to you: {_line(rewrite.otherwise)}"
        elif rewrite.otherwise is not None:
            yield f"### Any other {code(rewrite.choose_by)}"
            yield from _plain(rewrite.otherwise)
        if rewrite.choice is not None:
            yield f"### {code(rewrite.choose_by)} is one of several\n\nBecomes:\n\n```python\n{rewrite.choice.strip()}\n```"
        if rewrite.made is not None:
            made = "\n".join(f"- {literal(value)}: `{case.made}`" for value, case in rewrite.cases.items() if case.made)
            yield (
                f"### {code(rewrite.choose_by)} is one of several, with arguments of its own, or not certain\n\n"
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
        yield _table(("Keras 1", "Keras 2"), ((code(old), code(new)) for old, new in rewrite.literals.items()))


def _arguments(rewrite: Rewrite) -> Iterator[tuple[str, str, str]]:
    for key, argument in rewrite.arguments.items():
        new = argument.rename or argument.tuple or ""
        old = ", ".join(code(part.strip()) for part in key.split(","))
        remarks = [*_values(argument)]
        if argument.tuple is not None:
            remarks.insert(0, "as one tuple")
        if argument.missing is not None:
            remarks.append(f"{code(argument.missing)} for one that is left out")
        if argument.only_with is not None:
            remarks.append(f"only where {code(argument.only_with)} is given")
        if key in rewrite.require:
            remarks.append("the Keras 1 default is written out, as it moved")
        if new in rewrite.first:
            remarks.append("written by position")
        yield old, code(new), "; ".join(remarks)


_OF_OTHER = {
    "unsafe": "other values need `--unsafe`",
    "review": "other values are left to you",
    "look_up": "a name is looked up among these, other values are left to you",
}


def _values(argument: Argument) -> Iterator[str]:
    for values in (argument.values, argument.items):
        for old, new in (values or {}).items():
            yield f"{literal(old)} → {_new(new)}"
    if argument.alone is not None:
        yield f"the one item of a list by itself, for Keras {argument.alone}"
    if argument.wrap is not None:
        yield f"any other value in {code(argument.wrap.expression)}"
    if argument.other != "keep":
        yield _OF_OTHER[argument.other]


def _drops(rewrite: Rewrite) -> Iterator[tuple[str, str, str]]:
    alike: dict[str, list[str]] = {}
    for name, values in rewrite.drop.items():
        remark = "dropped"
        if values != "any":
            kept = values if isinstance(values, tuple) else (values,)
            shown = ("the default" if value == "default" else literal(value) for value in kept)
            remark = "dropped if it is " + " or ".join(shown) + ", else left to you"
        alike.setdefault(remark, []).append(code(name))
    for remark, names in alike.items():
        yield ", ".join(names), "", remark


def _additions(rewrite: Rewrite) -> Iterator[tuple[str, str, str]]:
    for name, text in rewrite.add.items():
        yield "", code(name), f"always written: {code(f'{name}={text}')}"


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


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _new(value: Any) -> str:
    from kmigrate.ruleset.schema import Expression

    return code(value.expression) if isinstance(value, Expression) else literal(value)


def _line(text: str) -> str:
    return " ".join(text.split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
