"""How a Keras 2 name is spelled at each use, and which import statements that needs.

Uses are announced first (`rename`, `remove`, `need`), then `finish` decides for all of them: an import that lost all its
uses goes, new names take the place of the import that brought the old one.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from kmigrate.edits import Confidence, Edit, replace
from kmigrate.keras.signatures import of_keras
from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import UNKNOWN, KerasName, NewName
from kmigrate.rewrite.decision import Changed
from kmigrate.rewrite.modules import Places
from kmigrate.source.module import Module


@dataclass(slots=True)
class Entry:
    """A name that an import statement brings: `module`, `name` and the alias, if any.

    `first` is the line and column of the first use: the statement has to stand before it.
    """

    module: str
    name: str
    alias: str | None = None
    rule: str = ""
    first: tuple[int, int] = (0, 0)

    @property
    def local(self) -> str:
        """The name that it binds."""
        return self.alias or self.name

    @property
    def text(self) -> str:
        """The text of the alias in the import statement."""
        return f"{self.name} as {self.alias}" if self.alias else self.name


@dataclass(slots=True)
class Request:
    """A use that is to be called by the Keras 2 path `target`."""

    found: Found
    target: str
    rule: str
    confidence: Confidence


@dataclass(slots=True)
class Names:
    """Collects what the rewritten uses need to be called.

    Statements in `frozen` are not to be touched; `lines` are those that the pass looks at, if not all.
    """

    module: Module
    scopes: ModuleScope
    evaluator: Evaluator
    places: Places
    frozen: frozenset[ast.stmt] = frozenset()
    requests: list[Request] = field(default_factory=list)
    texts: list[tuple[int, Found, Changed]] = field(default_factory=list)
    removed: set[ast.AST] = field(default_factory=set)
    renamed: set[ast.AST] = field(default_factory=set)
    targets_of: dict[str, dict[str, list[Found]]] = field(default_factory=dict)
    brought: dict[Binding, list[Entry]] = field(default_factory=dict)
    added: list[Entry] = field(default_factory=list)
    renamed_modules: dict[Binding, str] = field(default_factory=dict)
    kept: set[Binding] = field(default_factory=set)
    waiting: set[ast.AST] = field(default_factory=set)
    lines: frozenset[int] | None = None
    _loads: dict[Binding, list[ast.Name]] = field(default_factory=dict)
    _imported: dict[str, list[Binding]] | None = None

    def announce(self, found: Found, changed: Changed) -> None:
        """Take note of what a rewritten use needs."""
        for path in dict.fromkeys(changed.needs):
            self.spell(path, found, changed.rule.id)
        if changed.text is not None:
            self.texts.append((len(self.requests), found, changed))
            self.remove(found)
        elif changed.target is not None and found.kind in ("call", "reference", "subclass"):
            self.rename(found, changed.target, changed.rule.id, changed.confidence)

    def wait(self, found: Found) -> None:
        """The use is left to a person."""
        root = root_name(found.node)
        if root is not None:
            self.waiting.add(root)

    def rename(self, found: Found, target: str, rule: str, confidence: Confidence) -> None:
        """The use is to be called by `target`."""
        self.requests.append(Request(found, target, rule, confidence))
        root = root_name(found.node)
        if root is not None:
            self.renamed.add(root)
            self.targets_of.setdefault(root.id, {}).setdefault(target, []).append(found)

    def remove(self, found: Found) -> None:
        """The use goes away with the text around it."""
        root = root_name(found.node)
        if root is not None:
            self.removed.add(root)

    def binding(self, found: Found) -> Binding | None:
        """The one import that brings the root of the use; None for anything else."""
        root = root_name(found.node)
        if root is None:
            return None
        bindings = self.evaluator.bindings(root, found.scope)
        if bindings is None or len(bindings) != 1:
            return None
        (binding,) = bindings
        return binding if binding.kind in ("import", "from") else None

    def spell(self, target: str, found: Found, rule: str) -> str:
        """How `target` is called where the use stands, for text that has no use of its own; imports it if need be."""
        scope = found.scope
        for existing in self.scopes.imports:
            if existing.scope not in scope.chain() or not precedes(existing, found):
                continue
            if self._brings(existing) == target:
                return existing.name
            if self._denotes(existing) == target and (
                existing.kind == "from" or getattr(existing.node, "asname", None)
            ):
                self.kept.add(existing)
                return existing.name
        own = self.binding(found)
        if own is not None and self._module_of(own) == target:  # it stands below, and the use had no other
            self.kept.add(own)
            return own.name
        module, _, name = target.rpartition(".")
        for entry in self.added:
            if (entry.module, entry.name) == (module, name):
                entry.first = min(entry.first, position(found.node))
                return entry.local
        for binding, entries in self.brought.items():
            for entry in entries:
                if (entry.module, entry.name) == (module, name) and binding.scope in scope.chain():
                    return entry.local
        alias = "K" if target == "keras.backend" else None
        entry = Entry(module, name, self._alias(alias or name, scope, target) or alias, rule, position(found.node))
        self.added.append(entry)
        return entry.local

    def finish(self) -> list[Edit]:
        """The edits of all announced uses; afterwards `brought`, `added` and `renamed_modules` say what to import."""
        edits: list[Edit] = []
        texts = list(self.texts)
        for index, request in enumerate(self.requests):
            while texts and texts[0][0] <= index:
                edits.extend(self._filled(*texts.pop(0)[1:]))
            edits.extend(self._spelled(request))
        for _, found, changed in texts:
            edits.extend(self._filled(found, changed))
        return edits

    def _filled(self, found: Found, changed: Changed) -> list[Edit]:
        """A template, its names brought by the import that brought the old one where that is a name of its own."""
        assert changed.text is not None
        binding = self.binding(found)
        own = binding is not None and isinstance(found.node, ast.Name) and self._keras_import(binding)
        spelled: dict[str, str] = {}
        for target in changed.text.targets:
            if own and binding is not None and not self._brought_elsewhere(target, found, binding):
                request = Request(found, target, changed.rule.id, changed.confidence)
                spelled[target] = self._bring_name(binding, request)
            else:
                spelled[target] = self.spell(target, found, changed.rule.id)
        return changed.text.build(spelled)

    def _brought_elsewhere(self, target: str, found: Found, binding: Binding) -> bool:
        return any(
            existing is not binding and target in (self._brings(existing), self._module_of(existing))
            and existing.scope in found.scope.chain() and precedes(existing, found)
            for existing in self.scopes.imports
        )  # fmt: skip

    def _module_of(self, binding: Binding) -> str | None:
        """The Keras module for which an import statement brings a name of its own."""
        own = binding.kind == "from" or (isinstance(binding.node, ast.alias) and binding.node.asname)
        return self._denotes(binding) if own else None

    # --- one use --------------------------------------------------------------------------------------------------

    def _spelled(self, request: Request) -> list[Edit]:
        found = request.found
        node = found.node
        assert isinstance(node, ast.expr)
        binding = self.binding(found)
        if binding is not None and isinstance(binding.node, ast.alias):
            text = self._by_import(request, binding)
        else:
            text = self._without_import(request)
        if text is None or text == self.module.segment(node):
            return []
        span = self.module.span(node)
        if isinstance(node, ast.Attribute) and text.rpartition(".")[0] == self.module.segment(node.value):
            end = span.end
            return [
                replace(end - len(node.attr), end, text.rpartition(".")[2], rule=request.rule, confidence=request.confidence)
            ]
        return [replace(span.start, span.end, text, rule=request.rule, confidence=request.confidence)]

    def _by_import(self, request: Request, binding: Binding) -> str | None:
        assert isinstance(binding.node, ast.alias)
        target_module, _, name = request.target.rpartition(".")
        if isinstance(request.found.node, ast.Name):
            if not self._keras_import(binding):
                return self._through_user_module(request)
            if binding.node.asname and self._one_target(binding):
                self._bring(binding, Entry(target_module, name, binding.node.asname, request.rule))
                return binding.node.asname
            return self._bring_name(binding, request)
        path = self._denotes(binding)
        if path is None:
            return self._through_user_module(request)
        if binding.kind == "import" and not binding.node.asname:
            self.kept.add(binding)
            return request.target
        module = self.module_for(binding, path)
        if module is not None and request.target.startswith(module + "."):
            kept = bool(binding.node.asname) or module.rpartition(".")[2] == binding.name or self.stays(binding)
            if kept or self.places.renamed_module(path):
                local = binding.name if kept else module.rpartition(".")[2]
                if not kept and self._taken(local, request.found.scope, module):
                    return self._brought(binding, request)
                if module != path:
                    self.renamed_modules[binding] = module
                self.kept.add(binding)
                return local + request.target[len(module) :]
        return self._brought(binding, request)

    def _without_import(self, request: Request) -> str | None:
        root = root_name(request.found.node)
        if root is None:
            return None
        owner = request.found.scope.lookup(root.id)
        if owner is not None and root.id in owner.bindings:
            bindings = owner.bindings[root.id]
            if isinstance(request.found.node, ast.Attribute) and all(
                binding.kind in ("import", "from") and self._keras_import(binding) for binding in bindings
            ):
                texts = {self._by_import(request, binding) for binding in bindings}
                return texts.pop() if len(texts) == 1 else None
            if not all(binding.kind in ("import", "from", "star") for binding in bindings) or not isinstance(
                request.found.node, ast.Name
            ):
                return None
            if all(self._keras_import(binding) for binding in bindings):
                module, _, name = request.target.rpartition(".")
                local = self._alias(name, request.found.scope, request.target)
                for binding in bindings:
                    self._bring(binding, Entry(module, name, local, request.rule))
                return local or name
        star = self._keras_star(request)
        if star is not None:
            return star
        return self._through_user_module(request)

    def _keras_star(self, request: Request) -> str | None:
        name = request.target.rpartition(".")[2]
        if self._foreign_star(name):
            return None
        for binding in self.scopes.top.stars:
            statement = binding.statement
            assert isinstance(statement, ast.ImportFrom)
            base = statement.module or ""
            if statement.level or not of_keras(base):
                continue
            module = self.places.module(base)
            if module is not None and all(name in target.public_names(module) for target in self.places.targets):
                return name
        return None

    def _through_user_module(self, request: Request) -> str | None:
        """A name that another module of the user re-exports keeps its spelling where Keras 2 still knows it."""
        spelled = request.found.name
        if all(
            target.canonical(spelled) is not None and target.canonical(spelled) == target.canonical(request.target)
            for target in self.places.targets
        ):
            return None
        return self.spell(request.target, request.found, request.rule)

    # --- imports --------------------------------------------------------------------------------------------------

    def _brought(self, binding: Binding, request: Request) -> str:
        """The name of its own that a use gets, which `import a.b as c` can't bring; functions of the backend keep its name."""
        if binding.kind == "import":
            module, _, name = request.target.rpartition(".")
            if module == "keras.backend":
                return f"{self.spell(module, request.found, request.rule)}.{name}"
            return self.spell(request.target, request.found, request.rule)
        return self._bring_name(binding, request)

    def _bring_name(self, binding: Binding, request: Request) -> str:
        module, _, name = request.target.rpartition(".")
        for existing in self._imports_of(name, binding):
            if existing.scope is binding.scope and (
                self._brings(existing) == request.target and precedes(existing, request.found)
                and self._together(existing, binding)
            ):
                self.kept.add(existing)
                if existing is not binding:
                    self.brought.setdefault(binding, [])
                return existing.name
        for other, entries in self.brought.items():
            if other.scope is binding.scope and self._together(other, binding):
                for entry in entries:
                    if (entry.module, entry.name) == (module, name) and (entry.alias is None or other is binding):
                        self.brought.setdefault(binding, [])
                        return entry.local
        alias = self._alias(name, request.found.scope, request.target)
        self._bring(binding, Entry(module, name, alias, request.rule))
        return alias or name

    def _together(self, one: Binding, other: Binding) -> bool:
        """Whether two imports stand in the same script, cell or block: each of these keeps what it imports itself."""
        source = self.module.source
        return one is other or source.part(self._place(one)) == source.part(self._place(other))

    def _place(self, binding: Binding) -> int:
        assert isinstance(binding.node, ast.alias)
        return self.module.start(binding.node)

    def _imports_of(self, name: str, first: Binding) -> list[Binding]:
        """The imports of the very name, which can serve other uses too, this one first if it is one."""
        if self._imported is None:
            self._imported = {}
            for binding in self.scopes.imports:
                if isinstance(binding.node, ast.alias):
                    self._imported.setdefault(binding.node.name, []).append(binding)
        found = self._imported.get(name, [])
        return [first, *found] if first in found else found

    def _bring(self, binding: Binding, entry: Entry) -> None:
        entries = self.brought.setdefault(binding, [])
        if not any((known.module, known.text) == (entry.module, entry.text) for known in entries):
            entries.append(entry)

    def _one_target(self, binding: Binding) -> bool:
        targets = [
            target
            for target, uses in self.targets_of.get(binding.name, {}).items()
            if any(self.binding(found) is binding for found in uses)
        ]
        return len(targets) == 1 and not self.stays(binding)

    def stays(self, binding: Binding) -> bool:
        """Whether some load of the imported name is not rewritten, so that the old import is still needed."""
        if binding.name in self.scopes.exported:
            return True
        return any(load not in self.removed and load not in self.renamed for load in self.loads(binding))

    def module_for(self, binding: Binding, path: str) -> str | None:
        """The Keras 2 module for the module that a binding brings: the same where a use that stays is found there alone."""
        new = self.places.module(path)
        if new is None or new == path:
            return new
        for load in self.loads(binding):
            parent = self.scopes.parents.get(load)
            if load in self.removed or load in self.renamed or not isinstance(parent, ast.Attribute):
                continue
            for target in self.places.targets:
                here, there = target.canonical(f"{path}.{parent.attr}"), target.canonical(f"{new}.{parent.attr}")
                if here is not None and there is None:
                    return path
        return new

    def waits(self, binding: Binding) -> bool:
        """Whether every use of the imported name is left to a person: its import stays as it is until then."""
        loads = self.loads(binding)
        return bool(loads) and binding not in self.brought and all(
            load in self.waiting or (self.lines is not None and load.lineno not in self.lines) for load in loads
        )

    def all_wait(self, bindings: Sequence[Binding]) -> bool:
        """Whether the uses of all that a statement imports are left to a person: what nothing uses waits with the rest."""
        used = [binding for binding in bindings if self.loads(binding) or binding in self.brought]
        return bool(used) and all(self.waits(binding) for binding in used)

    def loads(self, binding: Binding) -> list[ast.Name]:
        """Every load that can see the binding."""
        known = self._loads.get(binding)
        if known is None:
            name, home = binding.name, binding.scope
            known = [node for node, scope in self.scopes.loads.get(name, ()) if scope.lookup(name) is home]
            self._loads[binding] = known
        return known

    def _alias(self, name: str, scope: Scope, target: str) -> str | None:
        if not self._taken(name, scope, target):
            return None
        return f"Keras{name}" if name[:1].isupper() else f"keras_{name}"

    def _taken(self, name: str, scope: Scope, target: str) -> bool:
        """Whether `name` means something else where it would be used, or at the top of the module."""
        for inner in (*scope.chain(), self.scopes.top):
            for binding in inner.bindings.get(name, ()):
                if binding.kind not in ("import", "from") or not self._keras_import(binding):
                    return True
                if self._brings(binding) not in (target, None) and self.stays(binding):
                    return True
        return self._foreign_star(name) or self._bound_nowhere(name)

    def _bound_nowhere(self, name: str) -> bool:
        """Whether the file uses the name and nothing binds it: a use that fails loudly shall not find ours."""
        loads = () if self.scopes.top.stars else self.scopes.loads.get(name, ())
        return any(scope.lookup(name) is None for _, scope in loads)

    def _foreign_star(self, name: str) -> bool:
        """Whether `import *` of another library, or of a module of the user, may bind the name to something else."""
        for binding in self.scopes.top.stars:
            statement = binding.statement
            assert isinstance(statement, ast.ImportFrom)
            base = statement.module or ""
            if statement.level == 0 and of_keras(base):
                continue
            found = self.evaluator.stars.gives(binding, name)
            if found is None or found == UNKNOWN:
                if name in _NUMERIC:
                    return True
            elif not all(isinstance(value, KerasName | NewName) for value in found):
                return True
        return False

    def _keras_import(self, binding: Binding) -> bool:
        """Whether it imports from Keras, and can serve other names than it does."""
        return binding.statement not in self.frozen and self._from_keras(binding)

    def _from_keras(self, binding: Binding) -> bool:
        statement = binding.statement
        if isinstance(statement, ast.ImportFrom):
            base = statement.module or ""
            return statement.level == 0 and of_keras(base)
        assert isinstance(binding.node, ast.alias)
        return of_keras(binding.node.name)

    def _denotes(self, binding: Binding) -> str | None:
        """The Keras module that an import binds, if it binds one."""
        if not self._keras_import(binding):
            return None
        assert isinstance(binding.node, ast.alias)
        if isinstance(binding.statement, ast.ImportFrom):
            return f"{binding.statement.module}.{binding.node.name}"
        return binding.node.name if binding.node.asname else "keras"

    def _brings(self, binding: Binding) -> str | None:
        """The Keras 2 path of what an import statement brings once its own migration is done."""
        if binding.kind != "from" or not self._from_keras(binding):
            return None
        assert isinstance(binding.node, ast.alias) and isinstance(binding.statement, ast.ImportFrom)
        path = f"{binding.statement.module}.{binding.node.name}"
        if binding.statement in self.frozen:
            return path if self.places.exists(path) else None
        if self.places.exists(path):
            primary = self.places.targets[-1].canonical(path)
            return primary if primary and primary.rpartition(".")[2] == binding.node.name else path
        new = self.places.name(path)
        return new[0] if new is not None else None


_NUMERIC = frozenset({"add", "average", "concatenate", "dot", "maximum", "multiply", "subtract", "identity", "ones", "zeros"})
"""Names that numpy, Theano and their like bind as well."""


def position(node: ast.AST) -> tuple[int, int]:
    """Line and column at which a node starts."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def precedes(binding: Binding, found: Found) -> bool:
    """Whether an import stands above a use: in a script, and from cell to cell, one further down comes too late."""
    return position(binding.node) < position(found.node)


def root_name(node: ast.AST) -> ast.Name | None:
    """The leftmost name of a dotted name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node if isinstance(node, ast.Name) else None
