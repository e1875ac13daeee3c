"""Which strings name something of Keras that Python looks up when the program runs (`eval(kind)`, `globals()['LSTM']`)?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kmigrate.keras.signatures import of_keras
from kmigrate.match.found import Found
from kmigrate.match.keys import STORED
from kmigrate.match.rules import RuleIndex
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.values import KerasName, only

EVALUATED = "evaluated"
"""What rules call such strings; their keys are the builtins that look names up."""

_WORD = re.compile(r"\w+")
_EXEC = re.compile(r"exec\b(?![ \t]*[(=])")


def evaluated(module: ModuleScope, text: str, evaluator: Evaluator, rules: RuleIndex) -> Iterator[Found]:
    """One of each name or piece of code, in a module that looks names up by strings."""
    wanted = rules.keys.get(EVALUATED, {})
    asking = sorted(wanted.keys() & module.loads.keys())
    calls = [call for name in asking for call, _ in evaluator.callers(module, name) if isinstance(call.func, ast.Name)]
    executed = list(executions(module, text)) if "exec" in wanted else []
    if not calls and not executed:
        return
    asked = [*executed, *(call.args[0] for call in calls if call.args)]
    codes = {one for one in asked if isinstance(one, ast.Constant)}
    unseen = any(isinstance(one, ast.Name | ast.Attribute | ast.Subscript) for one in asked)
    anything = unseen or not all(call.args for call in calls)
    if not codes and not anything:
        return
    told: set[str] = set()
    for node in [node for node in module.parents if node.__class__ is ast.Constant]:
        assert isinstance(node, ast.Constant)
        if not isinstance(node.value, str) or node.value in told or (node not in codes and not anything):
            continue
        given = node in codes
        if _speaks(node.value, module, evaluator, rules, whole=given) and (given or not _is_shown(module, node)):
            told.add(node.value)
            yield Found("string", asking[0] if calls else "exec", node, module.top, spelled=EVALUATED)


def executions(module: ModuleScope, text: str) -> Iterator[ast.expr]:
    """What the exec statements of Python 2 run; they read as `0, code`, or `0, code in names`."""
    for node in module.parents if _EXEC.search(text) else ():
        match node:
            case ast.Expr(value=ast.Tuple(elts=[ast.Constant(value=0), ast.Compare(left=code, ops=[ast.In()]) | code, *_])):
                yield code


def _speaks(text: str, module: ModuleScope, evaluator: Evaluator, rules: RuleIndex, *, whole: bool) -> bool:
    """Whether a text is a name of Keras that some rule treats, or code that uses one, or a keyword that only Keras 1 has."""
    if text.isidentifier():
        return _is_treated(text, module, evaluator, rules)
    keywords = rules.keys.get(STORED, {})
    if "keras" not in text:
        if not (whole or "(" in text):
            return False
        bound = module.top.bindings
        if not (module.top.stars or any(word in bound or word in keywords for word in _WORD.findall(text))):
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
        if isinstance(node, ast.Call) and any(keyword.arg in keywords for keyword in node.keywords):
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
