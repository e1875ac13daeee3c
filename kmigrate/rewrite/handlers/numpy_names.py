"""By which name does the code around a use call NumPy?"""

from __future__ import annotations

import ast

from kmigrate.rewrite.handlers import Context


def numpy_name(context: Context) -> str | None:
    """The name that an `import numpy` in sight binds; None where there is none."""
    for binding in context.scopes.imports:
        alias = binding.node
        numpy = binding.kind == "import" and isinstance(alias, ast.alias) and alias.name == "numpy"
        if numpy and binding.scope in context.found.scope.chain():
            return binding.name
    return None
