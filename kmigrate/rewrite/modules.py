"""What a Keras 1 module or name is called in Keras 2, when nothing but its place changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from kmigrate.keras.signatures import Knowledge, Signature
from kmigrate.keras.specifiers import allows_some
from kmigrate.match.arguments import Form
from kmigrate.match.rules import RuleIndex
from kmigrate.rewrite.decision import Decision
from kmigrate.rewrite.kept import Asked, Kept, Open
from kmigrate.ruleset.schema import Rule


@dataclass(frozen=True, slots=True)
class Places:
    """Where Keras 2 keeps what Keras 1 had, for the targets of a run.

    inside: the rules for names that are gone from a module, by the Keras 2 name of the module; filled by who asks first.
    """

    keras1: Knowledge
    targets: tuple[Knowledge, ...]
    rules: RuleIndex
    defaults: dict[tuple[str, str, bool], dict[str, str | None]] = field(default_factory=dict)
    _names: dict[str, tuple[str, Rule | None] | None] = field(default_factory=dict)
    _modules: dict[str, str | None] = field(default_factory=dict)
    signatures: dict[tuple[str, str, bool, str | None], tuple[tuple[str, Signature], ...]] = field(default_factory=dict)
    classes: dict[tuple[str, str], str | None] = field(default_factory=dict)
    lacking: dict[tuple[str, str, str], str | None] = field(default_factory=dict)
    fitting: dict[tuple[Signature, Form, int, bool], bool] = field(default_factory=dict)
    settled: dict[tuple[str, str, str, bool, Form, int], Decision | Kept | Open | Asked | None] = field(default_factory=dict)
    inside: dict[tuple[str | None, str], Rule] = field(default_factory=dict)
    _exist: dict[str, bool] = field(default_factory=dict)

    def name(self, path: str) -> tuple[str, Rule | None] | None:
        """(Keras 2 path, the rule that says so) of a Keras 1 name; None when no target path serves all targets.

        The documented path is kept where every target has it.
        """
        if path not in self._names:
            self._names[path] = self._name(path)
        return self._names[path]

    def module(self, path: str) -> str | None:
        """The Keras 2 module that takes the place of a Keras 1 module; None if there is none."""
        if path not in self._modules:
            self._modules[path] = self._module(path)
        return self._modules[path]

    def exists(self, path: str) -> bool:
        """Whether every target has a class, function or constant of this path (`keras.layers.merge` is a module in 2.2)."""
        if path not in self._exist:
            self._exist[path] = all(target.get(path) is not None for target in self.targets)
        return self._exist[path]

    def is_for(self, specifier: str) -> bool:
        """Whether some target is one of these versions."""
        return allows_some(specifier, [target.version for target in self.targets])

    def known(self, path: str) -> bool:
        """Whether Keras 1 or one of the targets has a module or name of this path."""
        return any(keras.canonical(path) is not None for keras in (self.keras1, *self.targets))

    def moves(self, path: str) -> bool:
        """Whether a name may be looked for in the documented module: Keras 1 has it here, or a target and Keras 1 has it
        nowhere. What Keras 1 has elsewhere, in a module that only Keras 2 has, is code for Keras 2."""
        if self.keras1.canonical(path) is not None:
            return True
        home = self.module(path.rpartition(".")[0])
        name = path.rpartition(".")[2]
        return self.known(path) and (home is None or self.keras1.canonical(f"{home}.{name}") is None)

    def renamed_module(self, path: str) -> bool:
        """Whether a rule gives the module another name (`keras.objectives`), so that its alias can follow."""
        return self._primary(path) in self.rules.modules

    def _name(self, path: str) -> tuple[str, Rule | None] | None:
        primary = self.keras1.canonical(path) or path
        if primary in self.rules.names:
            new, rule = self.rules.names[primary]
            return (new, rule) if self.exists(new.removesuffix("()")) else None
        parent, _, name = primary.rpartition(".")
        if self.exists(primary) and parent not in self.rules.modules:  # 2.0 has keras.objectives, but `keras` doesn't import it
            return primary, None
        if not self.moves(path):
            return None
        module = self.module(parent)
        if module is not None and self.exists(f"{module}.{name}"):
            cause = self.rules.modules[parent][1] if parent in self.rules.modules else self.rules.moved
            return f"{module}.{name}", cause
        return None

    def _module(self, path: str) -> str | None:
        primary = self._primary(path)
        if primary in self.rules.modules:
            new = self.rules.modules[primary][0]
            return new if self._is_module(new) else None
        if self._is_module(primary):
            return primary
        if not self.known(primary):
            return None
        parent = primary.rpartition(".")[0]
        return self.module(parent) if parent and parent != "keras" else None

    def _primary(self, path: str) -> str:
        """The path of a module itself, where one is given that another module which imports it leads to."""
        return path if path in self.rules.modules else self.keras1.canonical(path) or path

    def _is_module(self, path: str) -> bool:
        return all(target.is_module(path) for target in self.targets)
