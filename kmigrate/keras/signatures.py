"""What does one version of Keras contain, and under which names?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kmigrate.keras.objects import KerasObject, Member, Parameter, Signature

__all__ = [
    "KERAS_1",
    "KERAS_2",
    "VERSIONS",
    "KerasObject",
    "Knowledge",
    "Member",
    "Parameter",
    "Signature",
    "knowledge",
]

KERAS_1 = "1.2.2"
KERAS_2 = ("2.0.9", "2.2.4", "2.3.1", "2.15.0")
VERSIONS = (KERAS_1, *KERAS_2)

DATA = Path(__file__).with_name("data")
NO_MEMBERS: Mapping[str, Member] = MappingProxyType({})


@cache
def knowledge(version: str) -> Knowledge:
    """Everything known of this Keras version; its table is read on the first question."""
    if version not in VERSIONS:
        raise ValueError(f"no table for Keras {version}; there are {', '.join(VERSIONS)}")
    return Knowledge(version)


def of_keras(module: str) -> bool:
    """Whether a module, by its absolute dotted path, is Keras or lies in it."""
    return module == "keras" or module.startswith("keras.")


class Knowledge:
    """Everything known of one Keras version."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._objects: dict[str, KerasObject] = {}
        self._found: dict[str, KerasObject | None] = {}
        self._canonical: dict[str, str | None] = {}
        self._members: dict[tuple[str, str], Member | None] = {}
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, frozenset[str]] = {}

    def canonical(self, path: str) -> str | None:
        """The primary path of any import path, modules included; None if the name doesn't exist.

        Follows module aliases: keras.layers.core.K.concatenate is keras.backend.concatenate.
        """
        if path not in self._canonical:
            self._canonical[path] = self._resolve(path)
        return self._canonical[path]

    def by_definition(self, defined: str) -> str | None:
        """The primary path of what Keras defines at module + qualified name."""
        return self._definitions.get(defined)

    def get(self, path: str) -> KerasObject | None:
        """The object at any import path."""
        if path not in self._found:
            self._found[path] = self._at(path)
        return self._found[path]

    def _at(self, path: str) -> KerasObject | None:
        primary = self.canonical(path)
        if primary is None or primary not in self._table["objects"]:
            return None
        if primary not in self._objects:
            self._objects[primary] = _object(primary, self._table["objects"][primary])
        return self._objects[primary]

    def is_module(self, path: str) -> bool:
        """Whether the path is a module, or an alias of one."""
        return self.canonical(path) in self._modules

    def member(self, cls: str, name: str) -> Member | None:
        """A method, property or attribute of a class: its own first, then those of its bases."""
        key = (cls, name)
        if key not in self._members:
            owners = (self.get(ancestor) for ancestor in self.ancestors(cls))
            self._members[key] = next((owner.members[name] for owner in owners if owner and name in owner.members), None)
        return self._members[key]

    def ancestors(self, cls: str) -> tuple[str, ...]:
        """The primary paths of a class and of its Keras bases, depth first."""
        if cls not in self._ancestors:
            found = self.get(cls)
            seen: dict[str, None] = {}
            if found is not None and found.kind == "class":
                seen[found.path] = None
                for base in found.bases:
                    seen.update(dict.fromkeys(self.ancestors(base)))
            self._ancestors[cls] = tuple(seen)
        return self._ancestors[cls]

    def public_names(self, module: str) -> frozenset[str]:
        """What `from module import *` binds, other packages' names that come along (np) included."""
        if module not in self._names:
            names: str = self._table["names"].get(self.canonical(module), "")
            self._names[module] = frozenset(names.split())
        return self._names[module]

    def paths(self) -> tuple[str, ...]:
        """Every import path of every object, primary and other, without those through module aliases."""
        return (*self._table["objects"], *self._table["paths"])

    def member_names(self) -> frozenset[str]:
        """The names of all members of all classes."""
        return frozenset(name for facts in self._table["objects"].values() for name in facts.get("members", ()))

    @property
    def modules(self) -> frozenset[str]:
        """Every module that can be imported."""
        return self._modules

    def _resolve(self, path: str) -> str | None:
        if path in self._table["objects"] or path in self._modules:
            return path
        other: str | None = self._table["paths"].get(path)
        if other is not None:
            return other
        parent, _, name = path.rpartition(".")
        module = self.canonical(parent) if parent else None
        if module is None or module == parent or module not in self._modules:
            return None
        return self.canonical(f"{module}.{name}")

    @cached_property
    def _table(self) -> Any:
        return json.loads((DATA / f"{self.version}.json").read_bytes())

    @cached_property
    def _modules(self) -> frozenset[str]:
        return frozenset(self._table["modules"])

    @cached_property
    def _definitions(self) -> dict[str, str]:
        return {facts["defined"]: path for path, facts in self._table["objects"].items()}


def _object(path: str, facts: dict[str, Any]) -> KerasObject:
    members = {
        name: Member(name, member["kind"], _signature(member), member.get("returns"), path)
        for name, member in facts.get("members", {}).items()
    }
    return KerasObject(
        path=path,
        kind=facts["kind"],
        defined=facts["defined"],
        signature=_signature(facts),
        bases=tuple(facts.get("bases", ())),
        members=MappingProxyType(members) if members else NO_MEMBERS,
        returns=facts.get("returns"),
    )


def _signature(facts: dict[str, Any]) -> Signature | None:
    if "parameters" not in facts:
        return None
    parameters = tuple(Parameter(p["name"], p["kind"], p.get("default")) for p in facts["parameters"])
    keywords = frozenset(facts["keywords"]) if "keywords" in facts else None
    return Signature(parameters, facts.get("positional_limit"), keywords)
