"""Do the calls of Keras in a program bind to the signatures of one Keras 2?

Only names that imports at any level bind are followed; methods of inferred objects are the business of `verify`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.keras.signatures import Knowledge, Signature


def misfits(text: str, keras: Knowledge, skip: tuple[tuple[int, int], ...] = ()) -> list[str]:
    """What is wrong with each call, except for those that start within one of the `skip` spans."""
    tree = ast.parse(text)
    names = dict(_imports(tree))
    starts = _line_starts(text)
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        line = text.splitlines(keepends=True)[node.lineno - 1]
        start = starts[node.lineno - 1] + len(line.encode()[: node.col_offset].decode())
        if any(first <= start < last for first, last in skip):
            continue
        path = _path(node.func, names)
        known = keras.get(path) if path else None
        if known and known.signature:
            found += [f"line {node.lineno}: {path}: {wrong}" for wrong in _wrong(node, known.signature)]
        elif path and keras.canonical(path) is None and _is_missing(path, keras):
            found.append(f"line {node.lineno}: Keras {keras.version} has no {path}")
    return found


def _is_missing(path: str, keras: Knowledge) -> bool:
    """Whether the name before the last dot is a module, so that the table should know the rest."""
    return keras.is_module(path.rpartition(".")[0])


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "keras":
                    yield (alias.asname, alias.name) if alias.asname else ("keras", "keras")
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == "keras":
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _path(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Attribute):
        owner = _path(node.value, names)
        return f"{owner}.{node.attr}" if owner else None
    return names.get(node.id) if isinstance(node, ast.Name) else None


def _wrong(call: ast.Call, signature: Signature) -> Iterator[str]:
    if any(isinstance(argument, ast.Starred) for argument in call.args) or any(k.arg is None for k in call.keywords):
        return
    positional = signature.positional
    takes_any = any(parameter.kind == "args" for parameter in signature.parameters)
    limit = signature.positional_limit if signature.positional_limit is not None else len(positional)
    if len(call.args) > limit and not takes_any:
        yield f"{len(call.args)} positional arguments, {limit} allowed"
    given = {parameter.name for parameter in positional[: len(call.args)]}
    for keyword in call.keywords:
        if keyword.arg in given:
            yield f"{keyword.arg} is given twice"
        elif not signature.accepts(keyword.arg or ""):
            yield f"no parameter {keyword.arg}"
        given.add(keyword.arg or "")
    missing = [
        parameter.name for parameter in signature.parameters if parameter.required and parameter.name not in given
    ]
    if missing:
        yield f"{', '.join(missing)} not given"


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
