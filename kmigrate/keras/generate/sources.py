"""What does Keras's source text say that introspection can't: attributes set on self, and the use of **kwargs?"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path


@dataclass(slots=True)
class Forward:
    """One call that passes **kwargs on: `super().__init__(units, name=name, **kwargs)`."""

    callee: str  # "super" or the name that is called, or whose __init__ is
    after: str | None  # of super(RNN, self): RNN, which need not be the class where this stands
    positional: int
    keywords: frozenset[str]


@dataclass(slots=True)
class KwargsUse:
    """What a function does with its **kwargs."""

    read: set[str] = field(default_factory=set)
    forwards: list[Forward] = field(default_factory=list)
    closed: bool = False  # whatever is left over raises an error
    handed_to: set[str] = field(default_factory=set)  # methods of self that get the dict itself


@lru_cache(maxsize=256)
def parse(file: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a newer Python thinks of an old source
        return ast.parse(Path(file).read_text(encoding="utf-8"))


def find_class(file: str, qualname: str) -> ast.ClassDef | None:
    found: ast.AST | None = parse(file)
    for part in qualname.split("."):
        found = next((node for node in _classes(found) if node.name == part), None)
    return found if isinstance(found, ast.ClassDef) else None


def find_function(file: str, name: str, owner: str | None = None) -> ast.FunctionDef | None:
    """The function of this name, in the class `owner` if one is given; the last definition wins."""
    place: ast.AST | None = find_class(file, owner) if owner else parse(file)
    found = [node for node in _functions(place) if node.name == name]
    return found[-1] if found else None


def self_attributes(node: ast.ClassDef) -> set[str]:
    """Public names that the methods of a class assign on self."""
    names: set[str] = set()
    for method in _functions(node):
        if not method.args.args or any(
            "static" in ast.dump(d) or "classm" in ast.dump(d) for d in method.decorator_list
        ):
            continue
        self_name = method.args.args[0].arg
        for inner in ast.walk(method):
            if (
                isinstance(inner, ast.Attribute)
                and isinstance(inner.ctx, ast.Store)
                and isinstance(inner.value, ast.Name)
                and inner.value.id == self_name
            ):
                names.add(inner.attr)
            elif isinstance(inner, ast.Call) and ast.unparse(inner) == "self.__dict__.update(locals())":
                names.update(argument.arg for argument in [*method.args.args[1:], *method.args.kwonlyargs])
    return {name for name in names if not name.startswith("_")}


def handed_attributes(file: str, name: str) -> set[str]:
    """Public names that the functions of a module assign on their parameter `name` (`model.history = ...`)."""
    names: set[str] = set()
    for function in _functions(parse(file)):
        if any(argument.arg == name for argument in function.args.args):
            names.update(
                inner.attr
                for inner in ast.walk(function)
                if isinstance(inner, ast.Attribute)
                and isinstance(inner.ctx, ast.Store)
                and isinstance(inner.value, ast.Name)
                and inner.value.id == name
            )
    return {name for name in names if not name.startswith("_")}


def updates_dict_with_kwargs(node: ast.FunctionDef) -> bool:
    """`self.__dict__.update(kwargs)`: every accepted keyword becomes an attribute."""
    return any(isinstance(n, ast.Call) and ast.unparse(n) == "self.__dict__.update(kwargs)" for n in ast.walk(node))


def kwargs_use(node: ast.FunctionDef, name: str | None = None) -> KwargsUse:
    """How a function uses its **kwargs (or the dict parameter called `name`)."""
    name = name or (node.args.kwarg.arg if node.args.kwarg else "")
    use = KwargsUse()
    for inner in ast.walk(node):
        match inner:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=owner), attr="pop" | "get"),
                args=[ast.Constant(value=str(key)), *_],
            ):
                if owner == name:
                    use.read.add(key)
            case ast.Compare(
                left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=owner)]
            ):
                if owner == name:
                    use.read.add(key)
            case ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                if owner == name:
                    use.read.add(key)
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Set() | ast.List() | ast.Tuple() as allowed):
                if "allowed" in target:
                    use.closed = True
                    use.read.update(_strings(allowed))
            case ast.If(test=ast.Name(id=owner), body=body):
                use.closed |= owner == name and any(isinstance(n, ast.Raise) for part in body for n in ast.walk(part))
            case ast.Call():
                _read_call(inner, name, use)
    return use


def _read_call(call: ast.Call, name: str, use: KwargsUse) -> None:
    text = ast.unparse(call.func)
    if text.endswith("validate_kwargs") and call.args and ast.unparse(call.args[0]) == name:
        use.closed = True
        use.read.update(s for part in [*call.args[1:], *call.keywords] for s in _strings(part))
    elif text.startswith("self.") and any(isinstance(a, ast.Name) and a.id == name for a in call.args):
        use.handed_to.add(text.removeprefix("self."))
    if any(k.arg is None and isinstance(k.value, ast.Name) and k.value.id == name for k in call.keywords):
        callee = "super" if text.startswith("super(") else text.removesuffix(".__init__")
        keywords = frozenset(k.arg for k in call.keywords if k.arg)
        explicit_self = text.endswith(".__init__") and callee != "super"
        after = text.removeprefix("super(").partition(",")[0] if text.startswith("super(") and "," in text else None
        use.forwards.append(Forward(callee, after, len(call.args) - explicit_self, keywords))


def _strings(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def _classes(place: ast.AST | None) -> list[ast.ClassDef]:
    return [node for node in _statements(place) if isinstance(node, ast.ClassDef)]


def _functions(place: ast.AST | None) -> list[ast.FunctionDef]:
    return [node for node in _statements(place) if isinstance(node, ast.FunctionDef)]


def _statements(place: ast.AST | None) -> Iterator[ast.AST]:
    """What stands directly in a module or class, also under `if` and `try`."""
    for child in ast.iter_child_nodes(place) if place else ():
        if isinstance(child, ast.If | ast.Try | ast.ExceptHandler | ast.With):
            yield from _statements(child)
        else:
            yield child
