"""What does a YAML file say, and on which line does it say so?

Plain scalars follow YAML 1.2: `yes`, `no`, `on` and `off` are text, `1e-4` is a number, dates stay text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from kmigrate.errors import InvalidRule

Part: TypeAlias = str | int | float | bool | None
Location: TypeAlias = tuple[Part, ...]
"""Keys and indexes that lead from the top of a file to a place in it, as in the `loc` of a pydantic error."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at one line of a rule file."""

    line: int
    message: str


class RuleFileError(ValueError):
    """A file that is not a good rule, with everything that is wrong in it."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path = path
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Each problem as `file:line: message`."""
        return [f"{self.path}:{problem.line}: {problem.message}" for problem in self.problems]

    def error(self) -> InvalidRule:
        """The first problem as an error to raise."""
        first, *others = self.problems
        more = f"{len(others)} more in this file: `kmigrate rules check` lists them all" if others else None
        return InvalidRule(first.message, where=f"{self.path}:{first.line}", hint=more)


@dataclass(frozen=True)
class Document:
    """The data of one YAML file, with the way back from a place in the data to its line."""

    path: Path
    data: Any
    root: yaml.Node

    def line(self, location: Location) -> int:
        """The line of what is at `location`; parts that the file does not spell are passed over."""
        return self._walk(location)[1]

    def spelled(self, location: Location) -> Location:
        """`location` without the parts that the file does not spell."""
        return self._walk(location)[2]

    def value(self, location: Location) -> Any:
        """What the file says at `location`."""
        return _plain(self._walk(location)[0])

    def _walk(self, location: Location) -> tuple[yaml.Node, int, Location]:
        node, line = self.root, _line(self.root)
        spelled: list[Part] = []
        for part in location:
            found = _step(node, part)
            if found:
                node, line = found
                spelled.append(part)
        return node, line, tuple(spelled)


def read_document(path: Path) -> Document:
    """The YAML document in the file; RuleFileError when it cannot be read, or holds a key twice."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RuleFileError(path, [Problem(1, f"the file cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RuleFileError(path, [Problem(line, "this is not UTF-8 text; save the file as UTF-8")]) from None
    try:
        root = _Loader(text).get_single_node()
    except yaml.YAMLError as error:
        raise RuleFileError(path, [_syntax(error, text)]) from None
    if root is None:
        raise RuleFileError(path, [Problem(1, "the file is empty; a rule file holds one rule")])
    problems = list(_problems(root, ()))
    if problems:
        raise RuleFileError(path, problems)
    return Document(path, _plain(root), root)


if TYPE_CHECKING:
    _Fastest = yaml.SafeLoader
else:
    _Fastest = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SCALARS: dict[str, tuple[str, str, Callable[[str], Part]]] = {
    "tag:yaml.org,2002:null": ("~nN", r"~|null|Null|NULL|", lambda text: None),
    "tag:yaml.org,2002:bool": ("tTfF", r"true|True|TRUE|false|False|FALSE", lambda text: text[0] in "tT"),
    "tag:yaml.org,2002:int": ("-+0123456789", r"[-+]?[0-9]+", int),
    "tag:yaml.org,2002:float": ("-+.0123456789", r"[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]+)?", float),
}


class _Loader(_Fastest):
    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own name and type
        first: [
            (tag, re.compile(rf"(?:{pattern})\Z")) for tag, (starts, pattern, _) in _SCALARS.items() if first in starts
        ]
        for first in {"", *"".join(starts for starts, *_ in _SCALARS.values())}
    }


def _syntax(error: yaml.YAMLError, text: str) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if error.context == "expected a single document in the stream":
            return Problem(mark.line + 1 if mark else 1, "a second document starts here; a rule file holds one rule")
        said = ", ".join(part for part in (error.context, error.problem) if part)
        advice = ""
        if "mapping values are not allowed" in said:
            advice = "; a text that holds `: ` needs quotes"
        elif "cannot start any token" in said:
            advice = "; indent with spaces, and quote a text that starts with one of @ ` % | > & * ! "
        return Problem(mark.line + 1 if mark else 1, f"this is not YAML: {said}{advice}")
    position = getattr(error, "position", 0)
    character = getattr(error, "character", None)
    shown = f" (U+{character:04X})" if isinstance(character, int) else ""
    return Problem(text.count("\n", 0, position) + 1, f"this is not YAML: a control character stands here{shown}")


def _problems(node: yaml.Node, above: tuple[int, ...]) -> Iterator[Problem]:
    if id(node) in above:
        yield Problem(_line(node), "an anchor that holds itself; write the values out")
    elif isinstance(node, yaml.MappingNode):
        seen: dict[Any, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield Problem(_line(key), "a key must be a name; several parameters that fold into one: `a, b: ...`")
                continue
            name = _plain(key)
            if name in seen:
                yield Problem(_line(key), f"`{key.value}` was said on line {seen[name]} already; say each key once")
            seen[name] = _line(key)
            yield from _problems(value, (*above, id(node)))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _problems(item, (*above, id(node)))
    elif node.tag not in _SCALARS and node.tag != "tag:yaml.org,2002:str":
        yield Problem(_line(node), f"the tag `{node.tag}` has no meaning here; quote a text that starts with `!`")


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {_plain(key): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    scalar = _SCALARS.get(node.tag)
    return scalar[2](node.value) if scalar else node.value


def _step(node: yaml.Node, part: Part) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            plain = _plain(key)
            if plain == part and isinstance(plain, bool) == isinstance(part, bool):
                own_lines = isinstance(value, yaml.ScalarNode) and value.style is None
                return value, _line(value if own_lines else key)
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and 0 <= part < len(node.value):
        return node.value[part], _line(node.value[part])
    return None


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
