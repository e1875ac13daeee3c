"""Which strings are the end of a name that Keras 1 gives a weight (`'_W' in weight.name`)?"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from kmigrate.match.found import Found
from kmigrate.resolve.scopes import ModuleScope, Scope

WEIGHT = "weight"
"""What rules call such strings; their keys are the names behind that of the layer."""

_ASKING = frozenset({"endswith", "startswith", "find", "count", "index"})
_LISTS = frozenset({"weights", "trainable_weights", "non_trainable_weights", "params"})
_QUOTED = re.compile(r"_[WUb](?:_[cfhiorz])?(?::0)?['\"]|running_(?:mean|std)(?::0)?['\"]")
_NAME = re.compile(r"(?:.*_)?(running_mean|running_std|(?<=_)[WUb](?=(?:_[cfhiorz])?(?::0)?$))(?:_[cfhiorz])?(?::0)?")


def weight_names(module: ModuleScope, text: str, names: Collection[str]) -> Iterator[Found]:
    """Those that the name of an object is compared with, looked for in, or asked to begin or end with."""
    asked = module.attributes.get("name")
    if not asked or _QUOTED.search(text) is None:
        return
    given = _given(module)
    for attribute, scope in asked:
        for constant, value in _beside(module, attribute):
            found = _NAME.fullmatch(value)
            if found is None or found[1] not in names or any(name.endswith(value.removesuffix(":0")) for name in given):
                continue
            if found[1] != "b" or _of_weights(attribute.value, scope):
                yield Found("string", found[1], constant, module.top, spelled=WEIGHT)


def _beside(module: ModuleScope, attribute: ast.Attribute) -> Iterator[tuple[ast.Constant, str]]:
    """The strings in the comparison in which a name stands, or that its method is called with."""
    parent = module.parents.get(attribute)
    call = module.parents.get(parent) if isinstance(parent, ast.Attribute) and parent.attr in _ASKING else None
    asked = (parent.left, *parent.comparators) if isinstance(parent, ast.Compare) else ()
    for side in call.args if isinstance(call, ast.Call) else asked:
        for item in side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else (side,):
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                yield item, item.value


def _of_weights(owner: ast.expr, scope: Scope) -> bool:
    """Whether an object comes from a list of weights: `for w in model.trainable_weights`."""
    if not isinstance(owner, ast.Name):
        return False
    binder = scope.lookup(owner.id)
    bindings = binder.bindings.get(owner.id, ()) if binder is not None else ()
    return bool(bindings) and all(
        binding.kind == "loop" and isinstance(binding.value, ast.Attribute) and binding.value.attr in _LISTS
        for binding in bindings
    )


def _given(module: ModuleScope) -> list[str]:
    """The names that this module gives its weights and layers itself, also by a format."""
    values = [keyword.value for call, _ in module.calls for keyword in call.keywords if keyword.arg == "name"]
    parts = [node for value in values for node in ast.walk(value) if isinstance(node, ast.Constant)]
    return [part.value for part in parts if isinstance(part.value, str)]
