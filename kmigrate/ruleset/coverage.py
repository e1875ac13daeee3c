"""Is everything that differs between Keras 1 and Keras 2 treated by some rule?

Computed from the signature tables and the loaded rules: whatever a program may import, call, read or define in Keras
1.2.2 and that is not the same in every target is an item; the rules that treat it are found as the engine finds them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from kmigrate.keras.signatures import KERAS_1, Knowledge, Member, Parameter, Signature, knowledge
from kmigrate.keras.versions import resolve_targets
from kmigrate.match.rules import RuleIndex, index
from kmigrate.rewrite.modules import Places
from kmigrate.rewrite.plan import variant
from kmigrate.ruleset.callee import OF_EVERY_LAYER, Callee

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rewrite, Rule

Kind: TypeAlias = Literal["module", "name", "parameter", "default", "method", "attribute", "protocol"]

KINDS: dict[Kind, str] = {
    "module": "modules",
    "name": "names, under every import path",
    "parameter": "parameters",
    "default": "defaults",
    "method": "methods",
    "attribute": "attributes",
    "protocol": "methods that subclasses define",
}

_HOLE = re.compile(r"\$(\w+)")

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


@dataclass(frozen=True, slots=True)
class Item:
    """Something of Keras 1 that differs in some target.

    name: documented name; a parameter stands behind its callee, in parentheses.
    difference: what is not the same, and where.
    rules: ids of the rules that treat it; without any it is a gap.
    """

    kind: Kind
    name: str
    difference: str
    rules: tuple[str, ...]

    @property
    def treated(self) -> bool:
        """Whether some rule speaks of it."""
        return bool(self.rules)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All items of a set of rules."""

    targets: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def gaps(self) -> tuple[Item, ...]:
        """What no rule treats."""
        return tuple(item for item in self.items if not item.treated)

    @property
    def percent(self) -> float:
        """The treated share, rounded down to two digits, so that 100 means all."""
        treated = len(self.items) - len(self.gaps)
        return (treated * 10_000 // len(self.items)) / 100 if self.items else 100.0

    def counts(self) -> dict[Kind, tuple[int, int]]:
        """(treated, all) of each kind."""
        found: dict[Kind, tuple[int, int]] = {}
        for kind in KINDS:
            items = [item for item in self.items if item.kind == kind]
            found[kind] = sum(item.treated for item in items), len(items)
        return found


def coverage(rules: Iterable[Rule], to: str | None = None) -> Coverage:
    """What of Keras 1 differs in the targets that `to` stands for, and which rules treat it."""
    targets = resolve_targets(to)
    keras1 = knowledge(KERAS_1)
    found = index(rules, keras1)
    places = Places(keras1, tuple(knowledge(version) for version in targets), found)
    order = list(KINDS)
    items = sorted(_Survey(keras1, places, found).items(), key=lambda item: (order.index(item.kind), item.name))
    return Coverage(targets, tuple(items))


def text(found: Coverage) -> str:
    """The figures and the gaps, for people."""
    width = max(len(title) for title in KINDS.values())
    lines = [f"Keras {KERAS_1} -> {', '.join(found.targets)}"]
    lines += [f"  {KINDS[kind]:<{width}}  {done:>5} of {every:>5}" for kind, (done, every) in found.counts().items()]
    lines.append(f"  {'all':<{width}}  {len(found.items) - len(found.gaps):>5} of {len(found.items):>5}")
    lines += [f"no rule: {gap.kind} {gap.name}: {gap.difference}" for gap in found.gaps]
    lines.append(f"{found.percent:g} % of the differences are treated.")
    return "\n".join(lines) + "\n"


def document(found: Coverage) -> dict[str, Any]:
    """The same for programs, every item included."""
    return {
        "keras": KERAS_1,
        "targets": list(found.targets),
        "percent": found.percent,
        "counts": {kind: {"treated": done, "all": every} for kind, (done, every) in found.counts().items()},
        "gaps": len(found.gaps),
        "items": [
            {"kind": item.kind, "name": item.name, "difference": item.difference, "rules": list(item.rules)}
            for item in found.items
        ],
    }


@dataclass(frozen=True)
class _Survey:
    """Walks through the table of Keras 1."""

    keras1: Knowledge
    places: Places
    rules: RuleIndex

    def items(self) -> Iterator[Item]:
        yield from self.modules()
        yield from self.names()
        for path in self.documented:
            facts = self.keras1.get(path)
            if facts is not None and facts.signature is not None:
                yield from self.call(path, facts.signature, self.keras1.ancestors(path))
        yield from self.members()
        yield from self.protocols()

    # --- modules and names ----------------------------------------------------------------------------------------

    def modules(self) -> Iterator[Item]:
        for path in sorted(filter(_public, self.keras1.modules)):
            missing = [keras.version for keras in self.places.targets if not keras.is_module(path)]
            if not missing:
                continue
            rules: tuple[str, ...] = ()
            if path in self.rules.modules:
                rules = (self.rules.modules[path][1].id,)
            elif path in self.rules.gone:
                rules = (self.rules.gone[path].id,)
            elif self.rules.moved is not None and self.places.module(path) is not None:
                rules = (self.rules.moved.id,)
            yield Item("module", path, _gone_in(missing), rules)

    def names(self) -> Iterator[Item]:
        for path in sorted(filter(_public, self.keras1.paths())):
            facts = self.keras1.get(path)
            if facts is None:
                continue
            missing = [keras.version for keras in self.places.targets if keras.get(path) is None]
            if missing:
                yield Item("name", path, _gone_in(missing), self.naming(facts.path, path))

    def naming(self, primary: str, path: str) -> tuple[str, ...]:
        """The rules that bring a name to its place in Keras 2, or say what to do without it."""
        if primary in self.rules.gone:
            return (self.rules.gone[primary].id,)
        place = self.places.name(primary)
        if place is not None:
            rule = place[1] or (self.rules.moved if place[0] != path else None)
            return (rule.id,) if rule is not None else ()
        return tuple(rule.id for rule in self.rules.calls.get(primary, ()))

    @cached_property
    def documented(self) -> list[str]:
        """The primary path of every public object."""
        paths = (self.keras1.canonical(path) for path in self.keras1.paths() if _public(path))
        return sorted({path for path in paths if path is not None and _public(path)})

    # --- parameters and defaults ----------------------------------------------------------------------------------

    def call(self, path: str, signature: Signature, ancestors: tuple[str, ...]) -> Iterator[Item]:
        """The parameters of a class or function that lives on in some form."""
        if path in self.rules.gone:
            return
        rules = self.rules.calls.get(path, [])
        before = Callee(path, self.keras1.version, signature, ancestors)
        after: list[Callee] = []
        for keras in self.places.targets:
            for name in self.places_of(path, rules):
                facts = keras.get(name)
                if facts is not None and facts.signature is not None:
                    after.append(Callee(name, keras.version, facts.signature, keras.ancestors(name)))
        yield from self.parameters(before, after, rules)

    def places_of(self, path: str, rules: list[Rule]) -> list[str]:
        """Where a call can end up: what the rules rename it to, else its place in Keras 2."""
        renamed = [way.to for rule in rules for way in self.ways(rule) if way.to is not None]
        place = self.places.name(path)
        return list(dict.fromkeys(renamed)) or ([place[0].removesuffix("()")] if place is not None else [])

    def ways(self, rule: Rule) -> list[Rewrite]:
        """The rewrite of a rule and those of its cases."""
        rewrite = variant(rule, self.places.targets)
        return [] if rewrite is None else list(_ways(rewrite))

    def parameters(self, before: Callee, after: list[Callee], rules: list[Rule]) -> Iterator[Item]:
        shared = OF_EVERY_LAYER if before.is_layer and rules else frozenset[str]()
        for parameter in before.named:
            if not _public(parameter.name):
                continue
            shown = f"{before.name}({parameter.name})"
            difference = self.moved(before, parameter, after)
            if difference is not None:
                free = parameter.name in shared and all(callee.accepts(parameter.name) for callee in after)
                yield Item("parameter", shown, difference, self.speaking(rules, parameter.name, anyway=free))
            difference = self.default(parameter, after, rules)
            if difference is not None:
                yield Item("default", shown, difference, self.writing(rules, parameter))

    def moved(self, before: Callee, parameter: Parameter, after: list[Callee]) -> str | None:
        """How a call that gives the parameter would fail or mean something else."""
        assert before.signature is not None
        position = before.signature.position(parameter.name)
        gone = [callee.version for callee in after if not callee.accepts(parameter.name)]
        if gone:
            return _gone_in(gone)
        if position is None:
            return None
        elsewhere = [callee.version for callee in after if not _stays(callee.signature, parameter.name, position)]
        return f"another position in Keras {', '.join(dict.fromkeys(elsewhere))}" if elsewhere else None

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

    def renamed(self, rules: list[Rule], parameter: str) -> set[str]:
        names = {
            spec.rename
            for rule in rules
            for way in self.ways(rule)
            for key, spec in way.arguments.items()
            if key == parameter and spec.rename is not None
        }
        return names or {parameter}

    def same_default(self, before: Parameter, after: Parameter, rules: list[Rule]) -> bool:
        assert before.default is not None
        said = {before.default} | {
            _text(spec.values[_literal(before.default)])
            for rule in rules
            for way in self.ways(rule)
            for key, spec in way.arguments.items()
            if key == before.name and spec.values and _literal(before.default) in spec.values
        }
        if before.name in _SHOWN:
            return True
        if after.default is None:
            return False
        pair = _SAME.get(before.name, frozenset())
        return any(_alike(old, after.default) or {old, after.default} <= pair for old in said)

    def speaking(self, rules: list[Rule], parameter: str, *, anyway: bool = False) -> tuple[str, ...]:
        """The rules that say what becomes of a parameter that is given."""
        return tuple(rule.id for rule in rules if anyway or _whole(rule) or parameter in self.told(rule))

    def told(self, rule: Rule) -> set[str]:
        found = {name for case in rule.review for name in (*case.when, *case.when_given)}
        for way in self.ways(rule):
            found |= _mentioned(way)
            if way.code is not None or "all" in found:
                return found | {parameter.name for name in rule.match.call or () for parameter in self.named(name)}
        return found

    def named(self, path: str) -> tuple[Parameter, ...]:
        facts = self.keras1.get(path)
        return facts.signature.parameters if facts is not None and facts.signature is not None else ()

    def writing(self, rules: list[Rule], parameter: Parameter) -> tuple[str, ...]:
        """The rules that keep what it means to leave a parameter out, or say that it means something else now."""
        return tuple(
            rule.id
            for rule in rules
            if _whole(rule)
            or rule.note is not None
            or any(parameter.name in case.when for case in rule.review)
            or any(self.writes(way, rules, parameter.name) for way in self.ways(rule))
        )

    def writes(self, way: Rewrite, rules: list[Rule], parameter: str) -> bool:
        names = self.renamed(rules, parameter)
        return (
            way.template is not None or way.code is not None or parameter in way.require
            or any(name in way.add for name in names)
        )  # fmt: skip

    # --- members --------------------------------------------------------------------------------------------------

    def members(self) -> Iterator[Item]:
        """Members as they are read from objects of each class; a member counts once, where it is defined."""
        missing: dict[tuple[Kind, str], dict[str, tuple[str, ...]]] = {}
        gone: dict[str, list[str]] = {}
        for cls, member in self.owned():
            versions = [keras.version for keras in self.places.targets if not self.has(keras, cls, member)]
            kind: Kind = "method" if _is_method(member) else "attribute"
            name = f"{member.owner}.{member.name}"
            if versions:
                missing.setdefault((kind, name), {})[cls] = self.reading(cls, member)
                gone.setdefault(name, []).extend(versions)
        for (kind, name), classes in missing.items():
            gaps = [cls for cls, rules in classes.items() if not rules]
            where = ""
            if gaps and gaps != [name.rpartition(".")[0]]:
                where = f" (read from {', '.join(gaps[:3])}{' …' if len(gaps) > 3 else ''})"
            rules = () if gaps else tuple(sorted({rule for found in classes.values() for rule in found}))
            yield Item(kind, name, _gone_in(gone[name]) + where, rules)
        seen: set[str] = set()
        for cls, member in sorted(self.owned(), key=lambda owned: owned[0] != owned[1].owner):
            name = f"{member.owner}.{member.name}"
            if name not in seen and member.signature is not None and _is_method(member):
                seen.add(name)
                yield from self.method(cls, member)

    def owned(self) -> Iterator[tuple[str, Member]]:
        """Every public class that lives on, with all its public members."""
        for cls in self.documented:
            if not any(self.class_in(keras, cls) for keras in self.places.targets):
                continue
            names = {
                name
                for ancestor in self.keras1.ancestors(cls)
                for name in getattr(self.keras1.get(ancestor), "members", ())
            }
            for name in sorted(filter(_public, names)):
                member = self.keras1.member(cls, name)
                if member is not None:
                    yield cls, member

    def has(self, keras: Knowledge, cls: str, member: Member) -> bool:
        """Whether a target has the member, in the class of the object or in the class that defines it."""
        classes = [self.class_in(keras, name) for name in dict.fromkeys((cls, member.owner))]
        if not any(classes):
            return True
        found = [keras.member(name, member.name) for name in classes if name is not None]
        return any(new is not None and _is_method(new) >= _is_method(member) for new in found)

    def class_in(self, keras: Knowledge, cls: str) -> str | None:
        if cls in self.rules.gone:
            return None
        found = keras.get(cls)
        if found is not None and found.kind == "class":
            return found.path
        new = [way.to for rule in self.rules.calls.get(cls, ()) for way in self.ways(rule) if way.to is not None]
        place = self.places.name(cls)
        if new:
            return keras.canonical(new[0])
        return place[0] if place is not None else None

    def reading(self, cls: str, member: Member) -> tuple[str, ...]:
        """The rules that treat a member of an object of this class."""
        found = [
            rule
            for table in (self.rules.attributes, self.rules.methods)
            for rule in table.get(member.name, ())
            if self.of(rule, cls)
        ]
        found += self.rules.calls.get(f"{member.owner}.{member.name}", ())
        return tuple(dict.fromkeys(rule.id for rule in found))

    def of(self, rule: Rule, cls: str) -> bool:
        owner = rule.match.of
        return owner is None or (self.keras1.canonical(owner) or owner) in self.keras1.ancestors(cls)

    def method(self, cls: str, member: Member) -> Iterator[Item]:
        """The parameters of a method."""
        assert member.signature is not None
        name = f"{member.owner}.{member.name}"
        rules = [
            *self.rules.calls.get(name, ()),
            *(rule for rule in self.rules.methods.get(member.name, ()) if self.of(rule, cls)),
        ]
        new = [way.to.rpartition(".")[2] for rule in rules for way in self.ways(rule) if way.to is not None]
        after: list[Callee] = []
        for keras in self.places.targets:
            there = self.class_in(keras, cls)
            found = keras.member(there, (new or [member.name])[0]) if there is not None else None
            if found is not None and found.signature is not None:
                after.append(Callee(name, keras.version, found.signature))
        yield from self.parameters(Callee(name, self.keras1.version, member.signature), after, rules)

    # --- protocols ------------------------------------------------------------------------------------------------

    def protocols(self) -> Iterator[Item]:
        """Methods that subclasses in Keras itself define anew, and that a Keras 2 would never call.

        get_config is called wherever a class defines it, whether its base class does or not.
        """
        overridden: dict[str, set[str]] = {}
        for cls in self.keras1.paths():
            facts = self.keras1.get(cls)
            for ancestor in self.keras1.ancestors(cls)[1:] if facts is not None and facts.kind == "class" else ():
                above = self.keras1.get(ancestor)
                if facts is not None and above is not None:
                    defined = (name for name, member in above.members.items() if member.kind != "attribute")
                    overridden.setdefault(ancestor, set()).update(name for name in defined if name in facts.members)
        for cls, names in sorted(overridden.items()):
            if not _public(cls):
                continue
            for name in sorted(filter(_public, names - {"get_config"})):
                versions = [
                    keras.version
                    for keras in self.places.targets
                    if (there := self.class_in(keras, cls)) is not None and keras.member(there, name) is None
                ]
                if versions:
                    rules = tuple(rule.id for rule in self.rules.methods.get(name, ()) if self.of(rule, cls))
                    yield Item("protocol", f"{cls}.{name}", _gone_in(versions), rules)


def _stays(signature: Signature | None, parameter: str, position: int) -> bool:
    if signature is None or any(each.kind == "args" for each in signature.parameters):
        return True
    limit = signature.positional_limit
    return signature.position(parameter) == position and (limit is None or position < limit)


def _ways(rewrite: Rewrite) -> Iterator[Rewrite]:
    yield rewrite
    for case in (*rewrite.cases.values(), rewrite.otherwise):
        if case is not None and not isinstance(case, str):
            yield from _ways(case)


def _mentioned(way: Rewrite) -> set[str]:
    keys = {part.strip() for key in way.arguments for part in key.split(",")}
    return keys | {*way.drop, *_HOLE.findall(way.template or "")} | ({way.choose_by} if way.choose_by else set())


def _whole(rule: Rule) -> bool:
    """Whether the rule leaves every use to a person."""
    return rule.confidence == "review" or rule.rewrite is None


def _is_method(member: Member) -> bool:
    return member.kind in ("method", "classmethod", "staticmethod")


def _public(path: str) -> bool:
    return not any(part.startswith("_") for part in path.split("."))


def _gone_in(versions: Iterable[str]) -> str:
    return f"not in Keras {', '.join(dict.fromkeys(versions))}"


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
