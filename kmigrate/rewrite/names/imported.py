"""What do the import statements of a module bring, and who uses it?"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from kmigrate.keras.signatures import of_keras
from kmigrate.match.evaluated import executions
from kmigrate.match.found import Found
from kmigrate.match.layer_names import strings
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.linked import taken_from
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import KerasModule, UserModule, only
from kmigrate.rewrite.modules import Places
from kmigrate.rewrite.names.entries import root_name
from kmigrate.rewrite.names.handed_on import new_path, renamed, vanishes
from kmigrate.source.module import Module

_EVALUATING = frozenset({"eval", "exec", "globals", "locals", "vars"})
"""Builtins that look up names which strings hold."""

_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Imported:
    """Answers for one module before anything changes. Statements in `frozen` are not to be touched.

    `taken` are the names of from-imports that modules of the project hand on and may have no more.
    """

    module: Module
    scopes: ModuleScope
    evaluator: Evaluator
    places: Places
    frozen: frozenset[ast.stmt] = frozenset()
    taken: frozenset[ast.AST] = frozenset()
    _loads: dict[Binding, list[ast.Name]] = field(default_factory=dict)
    _by_name: dict[str, list[Binding]] | None = None
    _shared: dict[Binding, bool] = field(default_factory=dict)
    _deferred: bool | None = None
    _words: frozenset[str] | None = None

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

    def loads(self, binding: Binding) -> list[ast.Name]:
        """Every load that can see the binding."""
        known = self._loads.get(binding)
        if known is None:
            name, home = binding.name, binding.scope
            found = [load for load in self.scopes.loads.get(name, ()) if load[1].lookup(name) is home]
            several = len(home.bindings.get(name, ())) > 1
            known = [node for node, scope in found if not several or self._sees(node, scope, binding)]
            self._loads[binding] = known
        return known

    def _sees(self, node: ast.Name, scope: Scope, binding: Binding) -> bool:
        return binding in (self.evaluator.bindings(node, scope) or ())

    def shared(self, binding: Binding) -> bool:
        """Whether a load of the name may find something else than an import of Keras: each of these loads keeps the name."""
        if len(binding.scope.bindings.get(binding.name, ())) < 2:  # nearly always
            return False
        known = self._shared.get(binding)
        if known is None:
            known = self._shared[binding] = self._is_shared(binding)
        return known

    def _is_shared(self, binding: Binding) -> bool:
        owner, name = binding.scope, binding.name
        others = {other for other in owner.bindings[name] if not self._serves_keras(other) and other.node not in self.taken}
        loads = [load for load in self.scopes.loads.get(name, ()) if load[1].lookup(name) is owner] if others else []
        found = (self.evaluator.bindings(load, scope) or frozenset() for load, scope in loads)
        return any(binding in seen and not others.isdisjoint(seen) for seen in found)

    def asked_for(self, binding: Binding) -> bool:
        """Whether something else than a load wants the name of an import: `__all__` lists it, `del` must find it, or a string
        that is evaluated names it."""
        listed = binding.scope.bindings.get(binding.name, ())
        deleted = len(listed) > 1 and any(other.kind == "delete" for other in listed)
        return deleted or binding.name in self.scopes.exported or binding.name in self._evaluated()

    def _evaluated(self) -> frozenset[str]:
        """The words of all strings, in a module that looks names up when it runs."""
        if self._words is None:
            looks_up = not _EVALUATING.isdisjoint(self.scopes.loads) or any(executions(self.scopes, self.module.text))
            texts = [text for _, text in strings(self.scopes)] if looks_up else []
            self._words = frozenset(word for text in texts for word in _WORD.findall(text))
        return self._words

    def handed_out(self, binding: Binding) -> bool:
        """Whether another module takes the name of an import from this one, and Keras 2 has it under that name."""
        path = self._path(binding)
        if self.evaluator.world.importers is None or path is None or binding.scope is not self.scopes.top:
            return False
        new = new_path(self.evaluator.world, self.places, path)
        same = new is not None and not renamed(self.places, path, new)
        return same and self.may_be_taken(binding)

    def may_be_taken(self, binding: Binding) -> bool:
        """Whether another module may take the name of an import from this one: nobody knows without a project."""
        importers = self.evaluator.world.importers
        return binding.scope is self.scopes.top and (importers is None or importers.want(self.scopes.key, binding.name))

    def _path(self, binding: Binding) -> str | None:
        """What an import of Keras brings, by its dotted path; None for what is not Keras's, or starts a longer name."""
        if not self.usable(binding) or not isinstance(binding.node, ast.alias):
            return None
        if isinstance(binding.statement, ast.ImportFrom):
            return f"{binding.statement.module}.{binding.node.name}"
        return binding.node.name if binding.node.asname else None

    def sharing(self, root: ast.Name, scope: Scope) -> list[Binding]:
        """The imports of Keras among what a load of a name may find, where it may find something else, too."""
        owner = scope.lookup(root.id)
        if owner is None or len(owner.bindings.get(root.id, ())) < 2:
            return []
        seen = self.evaluator.bindings(root, scope) or frozenset()
        imports = [binding for binding in seen if self._serves_keras(binding)]
        return sorted(imports, key=self._place) if any(self.shared(binding) for binding in imports) else []

    def _serves_keras(self, binding: Binding) -> bool:
        return binding.kind in ("import", "from") and self.usable(binding)

    def usable(self, binding: Binding) -> bool:
        """Whether it imports from Keras, and can serve other names than it does."""
        return binding.statement not in self.frozen and self._from_keras(binding)

    def denotes(self, binding: Binding) -> str | None:
        """The Keras module that an import binds, if it binds one."""
        if not self.usable(binding):
            return None
        assert isinstance(binding.node, ast.alias)
        if isinstance(binding.statement, ast.ImportFrom):
            return f"{binding.statement.module}.{binding.node.name}"
        return binding.node.name if binding.node.asname else "keras"

    def module_of(self, binding: Binding) -> str | None:
        """The Keras module for which an import statement brings a name of its own."""
        own = binding.kind == "from" or (isinstance(binding.node, ast.alias) and binding.node.asname)
        return self.denotes(binding) if own else None

    def vanishing(self, found: Found) -> bool:
        """Whether a name is reached through a module of the project that may bind it no more when it is migrated itself."""
        node, world = found.node, self.evaluator.world
        while isinstance(node, ast.Attribute):
            owner = only(self.evaluator.values(node.value, found.scope))
            module = world.scopes(owner) if isinstance(owner, UserModule) else None
            if module is not None:
                return vanishes(world, self.places, module, node.attr)
            node = node.value
        binding = self.binding(found)
        if binding is None and isinstance(node, ast.Name):
            owners = [taken_from(world, star) for star in self.evaluator.stars.seen(node, found.scope)]
            return any(owner is not None and vanishes(world, self.places, owner, node.id) for owner in owners)
        if binding is None or not isinstance(binding.node, ast.alias):
            return False
        module = taken_from(world, binding)
        return module is not None and vanishes(world, self.places, module, binding.node.name)

    def star_brings(self, name: str, module: str) -> bool:
        """Whether `import *` of a module of the project brings a module of Keras, and still does when it is migrated."""
        world = self.evaluator.world
        for star in self.scopes.top.stars:
            there = taken_from(world, star)
            if there is None or vanishes(world, self.places, there, name):
                continue
            given = self.evaluator.stars.gives(star, name)
            if given and all(isinstance(one, KerasModule) and self.places.keras1.canonical(one.path) == module for one in given):
                return True
        return False

    def brings(self, binding: Binding) -> str | None:
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

    def named(self, name: str, first: Binding) -> list[Binding]:
        """The imports of the very name, which can serve other uses too, this one first if it is one."""
        if self._by_name is None:
            self._by_name = {}
            for binding in self.scopes.imports:
                if isinstance(binding.node, ast.alias):
                    self._by_name.setdefault(binding.node.name, []).append(binding)
        found = self._by_name.get(name, [])
        return [first, *found] if first in found else found

    def home(self, scope: Scope) -> Scope | None:
        """The function that imports what it needs newly itself: in a module whose functions alone import Keras, when they run."""
        if self._deferred is None:
            homes = [binding.scope for binding in self.scopes.imports if self._from_keras(binding)]
            self._deferred = bool(homes) and self.scopes.top not in homes
        return next((inner for inner in scope.chain() if inner.kind == "function"), None) if self._deferred else None

    def together(self, one: Binding, other: Binding) -> bool:
        """Whether two imports stand in the same script, cell or block: each of these keeps what it imports itself."""
        source = self.module.source
        return one is other or source.part(self._place(one)) == source.part(self._place(other))

    def _place(self, binding: Binding) -> int:
        assert isinstance(binding.node, ast.alias)
        return self.module.start(binding.node)

    def _from_keras(self, binding: Binding) -> bool:
        statement = binding.statement
        if isinstance(statement, ast.ImportFrom):
            base = statement.module or ""
            return statement.level == 0 and of_keras(base)
        assert isinstance(binding.node, ast.alias)
        return of_keras(binding.node.name)
