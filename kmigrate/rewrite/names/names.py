"""What the rewritten uses need to be called, and which imports are needed no longer.

Uses are announced first (`rename`, `remove`, `spell`), then `finished` decides for all of them: an import that lost all its
uses goes, new names take the place of the import that brought the old one.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from kmigrate.edits import Confidence
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Binding
from kmigrate.rewrite.decision import Changed
from kmigrate.rewrite.names.entries import Entry, Request, position, root_name, serves
from kmigrate.rewrite.names.free import Free
from kmigrate.rewrite.names.imported import Imported


@dataclass(slots=True)
class Names:
    """Collects what the rewritten uses need to be called.

    `lines` are those that the pass looks at, if not all.
    """

    imported: Imported
    lines: frozenset[int] | None = None
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

    @property
    def free(self) -> Free:
        """Which names are free here; made anew each time, as what is kept would be part of a circle."""
        return Free(self.imported, self.stays)

    def announce(self, found: Found, changed: Changed) -> None:
        """Take note of what a rewritten use needs."""
        for path in dict.fromkeys(changed.needs):
            self.spell(path, found, changed.rule.id)
        if changed.text is not None:
            self.texts.append((len(self.requests), found, changed))
            if not changed.beside:
                self.remove(found)
                return
        if changed.target is not None and found.kind in ("call", "reference", "subclass"):
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

    def spell(self, target: str, found: Found, rule: str) -> str:
        """How `target` is called where the use stands, for text that has no use of its own; imports it if need be."""
        scope = found.scope
        for existing in self.imported.scopes.imports:
            if existing.scope not in scope.chain() or not serves(existing, found):
                continue
            if self.imported.brings(existing) == target:
                return existing.name
            if self.imported.denotes(existing) == target and (
                existing.kind == "from" or getattr(existing.node, "asname", None)
            ):
                self.kept.add(existing)
                return existing.name
            if existing.kind == "from" and self.renamed_modules.get(existing) == target:
                kept = getattr(existing.node, "asname", None) or self.stays(existing)
                return existing.name if kept else target.rpartition(".")[2]
        own = self.imported.binding(found)
        if own is not None and self.imported.module_of(own) == target:  # it stands below, and the use had no other
            self.kept.add(own)
            return own.name
        module, _, name = target.rpartition(".")
        home = self.imported.home(scope)
        for entry in self.added:
            if (entry.module, entry.name, entry.home) == (module, name, home):
                entry.first = min(entry.first, position(found.node))
                return entry.local
        for binding, entries in self.brought.items():
            for entry in entries:
                if (entry.module, entry.name) == (module, name) and binding.scope in scope.chain() and serves(binding, found):
                    return entry.local
        alias = _ALIASES.get(target)
        if target == "keras.backend" and not scope.binds("K") and self.imported.star_brings("K", target):
            return "K"
        entry = Entry(module, name, self.free.alias(alias or name, scope, target) or alias, rule, position(found.node), home)
        self.added.append(entry)
        return entry.local

    def bring(self, binding: Binding, entry: Entry) -> None:
        """The statement of an import is to bring one more name."""
        entries = self.brought.setdefault(binding, [])
        if not any((known.module, known.text) == (entry.module, entry.text) for known in entries):
            entries.append(entry)

    def one_target(self, binding: Binding) -> bool:
        """Whether all that an import brings is called by one new path, so that it can keep its alias."""
        targets = [
            target
            for target, uses in self.targets_of.get(binding.name, {}).items()
            if any(self.imported.binding(found) is binding for found in uses)
        ]
        return len(targets) == 1 and not self.stays(binding)

    def stays(self, binding: Binding) -> bool:
        """Whether some load of the imported name is not rewritten, so that the old import is still needed."""
        if self.imported.asked_for(binding):
            return True
        renamed = () if self.imported.shared(binding) else self.renamed
        return any(load not in self.removed and load not in renamed for load in self.imported.loads(binding))

    def module_for(self, binding: Binding, path: str) -> str | None:
        """The Keras 2 module for the module that a binding brings; the same where a use that stays is found there alone, or
        would be found in the new one alone, as something that it never was."""
        places = self.imported.places
        new = places.module(path)
        if new is None or new == path:
            return new
        for load in self.imported.loads(binding):
            parent = self.imported.scopes.parents.get(load)
            if load in self.removed or load in self.renamed or not isinstance(parent, ast.Attribute):
                continue
            old, moved = f"{path}.{parent.attr}", f"{new}.{parent.attr}"
            if places.keras1.canonical(old) is None and places.keras1.canonical(moved) is not None:
                return path
            if any(target.canonical(old) is not None and target.canonical(moved) is None for target in places.targets):
                return path
        return new

    def waits(self, binding: Binding) -> bool:
        """Whether every use of the imported name is left to a person: its import stays as it is until then."""
        loads = self.imported.loads(binding)
        return bool(loads) and binding not in self.brought and all(
            load in self.waiting or (self.lines is not None and load.lineno not in self.lines) for load in loads
        )

    def all_wait(self, bindings: Sequence[Binding]) -> bool:
        """Whether the uses of all that a statement imports are left to a person: what nothing uses waits with the rest."""
        used = [binding for binding in bindings if self.imported.loads(binding) or binding in self.brought]
        return bool(used) and all(self.waits(binding) for binding in used)

    def cause(self, bindings: Sequence[Binding]) -> str | None:
        """The rule of the first use of these imports that got a new name."""
        for request in self.requests:
            if self.imported.binding(request.found) in bindings:
                return request.rule
        return None


_ALIASES = {"keras.backend": "K", "numpy": "np"}
"""How everybody calls these modules."""
