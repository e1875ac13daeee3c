"""Which calls mean something else because they leave a parameter out, and which rules write the old value?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kmigrate.coverage.between import Between, whole
from kmigrate.keras.signatures import Parameter
from kmigrate.ruleset.callee import Callee

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rewrite, Rule

_SAME: dict[str, frozenset[str]] = {
    "activation": frozenset({"None", "'linear'"}),
    "batch_size": frozenset({"None", "32"}),
    "dim_ordering": frozenset({"None", "'default'"}),
    "dtype": frozenset({"None", "'float32'"}),
    "log_dir": frozenset({"'./logs'", "'logs'"}),
    "sparse": frozenset({"None", "False"}),
    "trainable": frozenset({"None", "True"}),
}
"""Defaults that mean the same, by Keras 1 parameter: where it says so, None stands for the other one."""

_SHOWN = frozenset({"verbose", "line_length", "positions"})
"""Parameters of which only what appears on the screen depends: another default changes no number."""


@dataclass(frozen=True)
class Defaults:
    """Compares the defaults of parameters, under the names that they have in Keras 2."""

    between: Between

    def default(self, parameter: Parameter, after: list[Callee], rules: list[Rule]) -> str | None:
        """How a call that leaves the parameter out would mean something else."""
        if parameter.default is None:
            return None
        changed: dict[str, str] = {}
        for callee in after:
            for name in self.renamed(rules, parameter.name):
                found = callee.parameter(name)
                if found is None:
                    continue
                if not self.same_default(parameter, found, rules):
                    changed[callee.version] = found.default or "required"
        if not changed:
            return None
        now = ", ".join(f"{new} in {version}" for version, new in changed.items())
        return f"{parameter.default} in Keras 1, {now}"

    def writing(self, rules: list[Rule], parameter: Parameter) -> tuple[str, ...]:
        """The rules that keep what it means to leave a parameter out, or say that it means something else now."""
        return tuple(
            rule.id
            for rule in rules
            if whole(rule)
            or rule.note is not None
            or any(parameter.name in case.when for case in rule.review)
            or any(self.writes(way, rules, parameter.name) for way in self.between.ways(rule))
        )

    def renamed(self, rules: list[Rule], parameter: str) -> set[str]:
        names = {
            spec.rename
            for rule in rules
            for way in self.between.ways(rule)
            for key, spec in way.arguments.items()
            if key == parameter and spec.rename is not None
        }
        return names or {parameter}

    def same_default(self, before: Parameter, after: Parameter, rules: list[Rule]) -> bool:
        assert before.default is not None
        said = {before.default} | {
            _text(spec.values[_literal(before.default)])
            for rule in rules
            for way in self.between.ways(rule)
            for key, spec in way.arguments.items()
            if key == before.name and spec.values and _literal(before.default) in spec.values
        }
        if before.name in _SHOWN:
            return True
        if after.default is None:
            return False
        pair = _SAME.get(before.name, frozenset())
        return any(_alike(old, after.default) or {old, after.default} <= pair for old in said)

    def writes(self, way: Rewrite, rules: list[Rule], parameter: str) -> bool:
        names = self.renamed(rules, parameter)
        return (
            way.template is not None or way.code is not None or parameter in way.require
            or any(name in way.add for name in names)
        )  # fmt: skip


def _literal(text: str) -> Any:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return tuple(value) if isinstance(value, list) else value


def _alike(old: str, new: str) -> bool:
    """Whether two defaults are equal; one number stands for a tuple of it."""
    first, second = _literal(old), _literal(new)
    if old == new or (first is not None and first == second):
        return True
    return isinstance(first, int) and isinstance(second, tuple) and all(item == first for item in second)


def _text(value: object) -> str:
    return getattr(value, "expression", None) or repr(value)
