"""What each announced use is called in Keras 2: by the import that brought the old name, a new one, or none."""

from __future__ import annotations

import ast

from kmigrate.edits import Edit, replace
from kmigrate.keras.signatures import Knowledge, of_keras
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import KerasModule
from kmigrate.rewrite.decision import Changed
from kmigrate.rewrite.names.entries import Entry, Request, root_name, serves
from kmigrate.rewrite.names.names import Names


def finished(names: Names) -> list[Edit]:
    """The edits of all announced uses; afterwards `brought`, `added` and `renamed_modules` say what to import."""
    edits: list[Edit] = []
    texts = list(names.texts)
    for index, request in enumerate(names.requests):
        while texts and texts[0][0] <= index:
            edits.extend(_filled(names, *texts.pop(0)[1:]))
        edits.extend(_spelled(names, request))
    for _, found, changed in texts:
        edits.extend(_filled(names, found, changed))
    return edits


def _filled(names: Names, found: Found, changed: Changed) -> list[Edit]:
    """A template, its names brought by the import that brought the old one where that is a name of its own."""
    assert changed.text is not None
    binding = names.imported.binding(found)
    own = binding is not None and isinstance(found.node, ast.Name) and names.imported.usable(binding)
    spelled: dict[str, str] = {}
    for target in changed.text.targets:
        if own and binding is not None and not _brought_elsewhere(names, target, found, binding):
            request = Request(found, target, changed.rule.id, changed.confidence)
            spelled[target] = _bring_name(names, binding, request)
        else:
            spelled[target] = names.spell(target, found, changed.rule.id)
    return changed.text.build(spelled)


def _brought_elsewhere(names: Names, target: str, found: Found, binding: Binding) -> bool:
    return any(
        existing is not binding and target in (names.imported.brings(existing), names.imported.module_of(existing))
        and existing.scope in found.scope.chain() and serves(existing, found)
        for existing in names.imported.scopes.imports
    )  # fmt: skip


def _spelled(names: Names, request: Request) -> list[Edit]:
    found = request.found
    node = found.node
    assert isinstance(node, ast.expr)
    binding = names.imported.binding(found)
    root = root_name(node)
    sharing = names.imported.sharing(root, found.scope) if root is not None else []
    if sharing:
        text = _under_its_name(names, request, sharing)
    elif binding is not None and isinstance(binding.node, ast.alias):
        text = _by_import(names, request, binding)
    else:
        text = _without_import(names, request)
    if text is None or text == names.imported.module.segment(node):
        return []
    span = names.imported.module.span(node)
    if isinstance(node, ast.Attribute) and text.rpartition(".")[0] == names.imported.module.segment(node.value):
        end = span.end
        return [
            replace(end - len(node.attr), end, text.rpartition(".")[2], rule=request.rule, confidence=request.confidence)
        ]
    return [replace(span.start, span.end, text, rule=request.rule, confidence=request.confidence)]


def _under_its_name(names: Names, request: Request, bindings: list[Binding]) -> str | None:
    """A use of a name that something else may bind, too (`except ImportError: Dense = None`): the import follows, not the use."""
    node = request.found.node
    if isinstance(node, ast.Attribute):
        texts = {_by_import(names, request, binding) for binding in bindings}
        return texts.pop() if len(texts) == 1 else None
    assert isinstance(node, ast.Name)
    if len(names.targets_of.get(node.id, ())) > 1:
        return names.spell(request.target, request.found, request.rule)
    module, _, name = request.target.rpartition(".")
    for binding in bindings:
        names.bring(binding, Entry(module, name, node.id if node.id != name else None, request.rule))
    return node.id


def _by_import(names: Names, request: Request, binding: Binding) -> str | None:
    assert isinstance(binding.node, ast.alias)
    target_module, _, name = request.target.rpartition(".")
    if isinstance(request.found.node, ast.Name):
        if not names.imported.usable(binding):
            return _through_user_module(names, request)
        if binding.node.asname and names.one_target(binding):
            names.bring(binding, Entry(target_module, name, binding.node.asname, request.rule))
            return binding.node.asname
        return _bring_name(names, binding, request)
    path = names.imported.denotes(binding)
    if path is None:
        return _through_user_module(names, request)
    if binding.kind == "import" and not binding.node.asname:
        names.kept.add(binding)
        return request.target
    module = names.module_for(binding, path)
    if module is not None and request.target.startswith(module + "."):
        kept = bool(binding.node.asname) or module.rpartition(".")[2] == binding.name or names.stays(binding)
        if kept or names.imported.places.renamed_module(path):
            local = binding.name if kept else module.rpartition(".")[2]
            if not kept and names.free.taken(local, request.found.scope, module):
                return _brought(names, binding, request)
            if module != path:
                names.renamed_modules[binding] = module
            names.kept.add(binding)
            return local + request.target[len(module) :]
    return _brought(names, binding, request)


def _without_import(names: Names, request: Request) -> str | None:
    root = root_name(request.found.node)
    if root is None:
        return None
    owner = request.found.scope.lookup(root.id)
    if owner is not None and root.id in owner.bindings:
        bindings = owner.bindings[root.id]
        usable = all(binding.kind in ("import", "from") and names.imported.usable(binding) for binding in bindings)
        if usable and isinstance(request.found.node, ast.Attribute):
            texts = {_by_import(names, request, binding) for binding in bindings}
            return texts.pop() if len(texts) == 1 else None
        if not names.imported.evaluator.stars.seen(root, request.found.scope):
            if not all(binding.kind in ("import", "from", "star") for binding in bindings):
                return None
            if not isinstance(request.found.node, ast.Name):
                return _through_user_module(names, request)
            if usable:
                module, _, name = request.target.rpartition(".")
                local = names.free.alias(name, request.found.scope, request.target)
                for binding in bindings:
                    names.bring(binding, Entry(module, name, local, request.rule))
                return local or name
    star = _keras_star(names, request)
    if star is not None:
        return star
    return _through_user_module(names, request)


def _keras_star(names: Names, request: Request) -> str | None:
    name = request.target.rpartition(".")[2]
    if names.free.foreign_star(name):
        return None
    for binding in names.imported.scopes.top.stars:
        statement = binding.statement
        assert isinstance(statement, ast.ImportFrom)
        base = statement.module or ""
        if statement.level or not of_keras(base) or statement in names.imported.frozen:
            continue
        module = names.imported.places.module(base)
        if module is not None and all(_gives(target, module, name, request.target) for target in names.imported.places.targets):
            return name
    return None


def _gives(keras: Knowledge, module: str, name: str, target: str) -> bool:
    """Whether `import *` of a module brings this very thing, and no other of its name (`dot` of the layers or of the backend)."""
    return name in keras.public_names(module) and keras.canonical(f"{module}.{name}") == keras.canonical(target)


def _through_user_module(names: Names, request: Request) -> str | None:
    """A name that another module of the user hands on keeps its spelling where that module, and Keras 2, still know it."""
    found, places = request.found, names.imported.places
    node = found.node
    if not found.certain:  # that module has something of its own under the name, where Keras fails
        return None
    if not names.imported.vanishing(found):
        module = None
        owner = _module(names, node.value, found.scope) if isinstance(node, ast.Attribute) else None
        if owner is not None and isinstance(node, ast.Attribute):
            home, _, name = request.target.rpartition(".")
            here = isinstance(node.value, ast.Name) and names.imported.star_brings(node.value.id, home)
            if owner == home or here:
                return f"{names.imported.module.segment(node.value)}.{name}"
            spelled = f"{owner}.{node.attr}"
            module = home if places.module(owner) == home else None
        elif request.target.rpartition(".")[2] == found.name.rpartition(".")[2]:
            return None
        else:
            spelled = found.name
        kept = {target.canonical(spelled) for target in places.targets}
        if None not in kept and all(target.canonical(request.target) in kept for target in places.targets):
            return None
        if module is not None:
            return f"{names.spell(module, found, request.rule)}.{name}"
    return names.spell(request.target, found, request.rule)


def _module(names: Names, node: ast.expr, scope: Scope) -> str | None:
    """The module of Keras that an expression is; by its own path where it can be reached on several ways (`layers.core.K`)."""
    paths = [value.path if isinstance(value, KerasModule) else None for value in names.imported.evaluator.values(node, scope)]
    if len(paths) == 1:
        return paths[0]
    own = {names.imported.places.keras1.canonical(path) if path is not None else None for path in paths}
    return own.pop() if len(own) == 1 else None


def _brought(names: Names, binding: Binding, request: Request) -> str:
    """The name of its own that a use gets, which `import a.b as c` can't bring; functions of the backend keep its name."""
    module, _, name = request.target.rpartition(".")
    free = binding.kind == "import" or not names.free.taken("K", request.found.scope, module)
    if module == "keras.backend" and free:
        return f"{names.spell(module, request.found, request.rule)}.{name}"
    if binding.kind == "import":
        return names.spell(request.target, request.found, request.rule)
    return _bring_name(names, binding, request)


def _bring_name(names: Names, binding: Binding, request: Request) -> str:
    module, _, name = request.target.rpartition(".")
    for existing in names.imported.named(name, binding):
        if existing.scope is binding.scope and (
            names.imported.brings(existing) == request.target
            and (existing is binding or serves(existing, request.found))
            and names.imported.together(existing, binding)
        ):
            names.kept.add(existing)
            if existing is not binding:
                names.brought.setdefault(binding, [])
            return existing.name
    for other, entries in names.brought.items():
        if other is not binding and not serves(other, request.found):
            continue
        if other.scope is binding.scope and names.imported.together(other, binding):
            for entry in entries:
                if (entry.module, entry.name) == (module, name) and (entry.alias is None or other is binding):
                    names.brought.setdefault(binding, [])
                    return entry.local
    alias = names.free.alias(name, request.found.scope, request.target)
    names.bring(binding, Entry(module, name, alias, request.rule))
    return alias or name
