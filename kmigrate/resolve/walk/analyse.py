"""Which scopes, bindings and loads does a syntax tree hold? Found in one walk over all its nodes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.walk import declarations, definitions, expressions, statements
from kmigrate.resolve.walk.dispatch import DISPATCH
from kmigrate.resolve.walk.walk import Walk


def analyse(tree: ast.Module, key: str, text: str) -> ModuleScope:
    """The scopes of a module. `key` names the module in messages and memos; `text` is what the tree was parsed from."""
    module = ModuleScope(tree, key, runs_files=any(word in text for word in _RUNNING))
    module.top = Scope("module", tree, None, module)
    walk = Walk(module, declares="global" in text or "nonlocal" in text)
    walk.block(tree, tree.body, module.top)
    module.loads, module.attributes = dict(walk.loads), dict(walk.attributes)
    if "__all__" in module.top.bindings:
        module.exported = frozenset(_exported(tree))
    return module


_RUNNING = ("%run", "execfile", "%pylab", "exec(open(", "exec(compile(", "magic('run", "magic(u'run")
"""What fills the names of a module from elsewhere, as `runs_files` tells."""


def _exported(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                for node in ast.walk(statement.value):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.value


for _visits in (statements.VISITS, definitions.VISITS, declarations.VISITS, expressions.VISITS):
    DISPATCH.update(_visits)
