"""Which methods of the user's classes does Keras call?"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.values import UserClass


def definitions(module: ModuleScope, evaluator: Evaluator, protocol: Container[str]) -> Iterator[Found]:
    """The methods that a subclass of a Keras class overrides; `protocol`: those that rules treat, which the base has not."""
    for node, _outer, scope in module.classes:
        bases = evaluator.classes.keras_bases(UserClass(node, module))
        if not bases:
            continue
        for statement in node.body:
            if not isinstance(statement, ast.FunctionDef) or statement.name == "__init__":
                continue
            for base in bases:
                member = evaluator.world.keras.member(base, statement.name)
                if member is not None and member.kind != "attribute":
                    yield Found("definition", f"{member.owner}.{member.name}", statement, scope, cls=base)
                    break
            else:
                if statement.name in protocol:
                    yield Found("definition", f"{bases[0]}.{statement.name}", statement, scope, cls=bases[0])
