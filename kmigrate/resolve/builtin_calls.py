"""What do calls of Python's builtins give?"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from kmigrate.resolve.dicts import made_dict
from kmigrate.resolve.dynamic_imports import module_of_text, top_of_text
from kmigrate.resolve.operators import items, union
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import OTHER, UNKNOWN, KerasModule, KerasName, Sequence, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator

PLAIN = frozenset(
    "print len range xrange int float str bool abs open isinstance issubclass hasattr setattr repr id round input "
    "raw_input object unicode Exception ValueError TypeError RuntimeError NotImplementedError ImportError".split()
)
"""Builtins that give nothing of Keras, those of Python 2 included."""

SEQUENCES = frozenset({"list", "tuple", "set", "frozenset", "reversed", "sorted", "iter"})
"""Builtins that give what they are given once more, in some order."""

HELD = "__dict__"
"""The attribute that has all names of a module under themselves."""

NAMED = frozenset(dir(builtins)).union(
    "unicode xrange raw_input reduce file long basestring cmp execfile unichr reload buffer apply coerce intern".split(),
    "__file__ __name__ __doc__ __path__ __builtins__ WindowsError get_ipython display".split(),
)
"""Names that need no binding: those of Python 3 and 2, and of the shell of notebooks."""


def builtin_call(evaluator: Evaluator, name: str, node: ast.Call, scope: Scope) -> Values | None:
    """Everything that a call of the builtin `name` can give; None if there is no such builtin."""
    if name == "super":
        cls = evaluator.classes.enclosing(scope)
        return evaluator.classes.parent_object(cls) if cls is not None else UNKNOWN
    if name == "getattr" and len(node.args) >= 2:
        attribute = node.args[1]
        if isinstance(attribute, ast.Constant) and isinstance(attribute.value, str):
            name_ = attribute.value
            found = union(evaluator.attribute_of(value, name_) for value in evaluator.values(node.args[0], scope))
            return found | evaluator.values(node.args[2], scope) if len(node.args) > 2 else found
        return UNKNOWN
    if name == "type" and len(node.args) == 1:
        return union(evaluator.attribute_of(value, "__class__") for value in evaluator.values(node.args[0], scope))
    if name == "vars" and len(node.args) == 1:
        values = evaluator.values(node.args[0], scope)
        return union(evaluator.attribute_of(value, HELD) if isinstance(value, KerasModule) else UNKNOWN for value in values)
    if name == "__import__":
        return module_of_text(evaluator, node) if node.keywords or len(node.args) > 3 else top_of_text(evaluator, node)
    if name == "dict":
        return made_dict(evaluator, node, scope)
    if name == "next" and node.args:
        return items(evaluator.values(node.args[0], scope)).union(*(evaluator.values(item, scope) for item in node.args[1:]))
    if name in SEQUENCES and len(node.args) == 1:
        inner = items(evaluator.values(node.args[0], scope))
        return frozenset({Sequence((inner,), homogeneous=True)})
    if name == "zip":
        parts = tuple(items(evaluator.values(argument, scope)) for argument in node.args)
        return frozenset({Sequence((frozenset({Sequence(parts)}),), homogeneous=True)})
    if name == "enumerate" and node.args:
        pair = Sequence((OTHER, items(evaluator.values(node.args[0], scope))))
        return frozenset({Sequence((frozenset({pair}),), homogeneous=True)})
    if name == "staticmethod" and len(node.args) == 1:
        wrapped = evaluator.values(node.args[0], scope)
        keras = frozenset(value for value in wrapped if isinstance(value, KerasName))
        return keras if keras == wrapped else keras | UNKNOWN
    if name in PLAIN:
        return OTHER
    return UNKNOWN if hasattr(builtins, name) else None
