"""Which strings name something of Keras that Python looks up when the program runs (`eval(kind)`, `globals()['LSTM']`)?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kmigrate.keras.signatures import of_keras
from kmigrate.match.found import Found
from kmigrate.match.rules import RuleIndex
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.values import KerasName, only

EVALUATED = "evaluated"
"""What rules call such strings; their keys are the builtins that look names up."""


_WORD = re.compile(r"\w+")


def evaluated(module: ModuleScope, evaluator: Evaluator, rules: RuleIndex) -> Iterator[Found]:
    """One of each name or piece of code, in a module that looks names up by strings."""
    asking = sorted(rules.keys.get(EVALUATED, {}).keys() & module.loads.keys())
    calls = [call for name in asking for call, _ in evaluator.callers(module, name) if isinstance(call.func, ast.Name)]
    if not calls:
        return
    codes = {argument for call in calls for argument in call.args if isinstance(argument, ast.Constant)}
    anything = any(not call.args or isinstance(call.args[0], ast.Name | ast.Attribute | ast.Subscript) for call in calls)
    if not codes and not anything:
        return
    told: set[str] = set()
    for node in [node for node in module.parents if node.__class__ is ast.Constant]:
        assert isinstance(node, ast.Constant)
        if not isinstance(node.value, str) or node.value in told or (node not in codes and not anything):
            continue
        if _speaks(node.value, module, evaluator, rules, whole=node in codes) and not _is_shown(module, node):
            told.add(node.value)
            yield Found("string", asking[0], node, module.top, spelled=EVALUATED)


def _speaks(text: str, module: ModuleScope, evaluator: Evaluator, rules: RuleIndex, *, whole: bool) -> bool:
    """Whether a text is a name of Keras that some rule treats, or code that uses one."""
    if text.isidentifier():
        return _is_treated(text, module, evaluator, rules)
    if "keras" not in text and (
        not (whole or "(" in text) or not (module.top.stars or any(word in module.top.bindings for word in _WORD.findall(text)))
    ):
        return False
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and of_keras(node.module or ""):
            return True
        if isinstance(node, ast.Import) and any(of_keras(alias.name) for alias in node.names):
            return True
        if isinstance(node, ast.Name) and _is_treated(node.id, module, evaluator, rules):
            return True
    return False


def _is_treated(name: str, module: ModuleScope, evaluator: Evaluator, rules: RuleIndex) -> bool:
    top = module.top
    if name not in top.bindings and not top.stars:
        return False
    value = only(evaluator.module_name(module, name))
    return isinstance(value, KerasName) and (value.path in rules.calls or value.path in rules.names or value.path in rules.gone)


def _is_shown(module: ModuleScope, node: ast.Constant) -> bool:
    """Whether a string is a comment, the name of a layer, something that is printed or compared, or a name that is exported."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.Compare | ast.BinOp):
        return True
    if isinstance(parent, ast.keyword):
        return parent.arg == "name"
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id == "print"
    return isinstance(parent, ast.Expr) or node.value in module.exported
