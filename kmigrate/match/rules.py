"""Which rule treats which Keras name: the rules of a run, indexed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kmigrate.keras.signatures import Knowledge
from kmigrate.ruleset.compiled import CompiledRule
from kmigrate.ruleset.keys import keys_of

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule


@dataclass(slots=True)
class RuleIndex:
    """Rules by the documented Keras 1 name they treat, the narrow ones first, and in the order of their ids.

    methods: rules that rename a method, so that its calls follow; definitions: rules whose code looks at the body of one;
    feeding: those for calls whose result ends in a layer; patterns: those for other operations of that kind.
    guesses: attribute -> (class, of what else it is looked at: `any` object that nobody knows, a `layer` of a model, a list
    that is `changed` in place, or a class whose name is `compared`).
    parameters: what rules rename or drop in the calls of a name; spelled: the same, whatever is called.
    keys: where strings are looked at -> string -> rule.
    """

    calls: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    methods: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    definitions: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    assigns: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, tuple[str, Rule]] = field(default_factory=dict)
    modules: dict[str, tuple[str, Rule]] = field(default_factory=dict)
    gone: dict[str, Rule] = field(default_factory=dict)
    keys: dict[str, dict[str, Rule]] = field(default_factory=lambda: defaultdict(dict))
    moved: Rule | None = None
    patterns: list[Rule] = field(default_factory=list)
    feeding: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    guesses: dict[str, tuple[str, str]] = field(default_factory=dict)
    parameters: dict[str, frozenset[str]] = field(default_factory=dict)
    spelled: frozenset[str] = frozenset()

    @property
    def attribute_names(self) -> frozenset[str]:
        """Attribute and method names that some rule treats."""
        return frozenset(
            name.rpartition(".")[2] for table in (self.attributes, self.methods, self.assigns) for name in table
        )


def index(rules: Iterable[Rule], keras: Knowledge) -> RuleIndex:
    """The index of the rules of a run. Compiled rules bring their keys, and are not read for it."""
    found = RuleIndex()
    known = [(rule.keys if isinstance(rule, CompiledRule) else keys_of(rule, keras), rule) for rule in rules]
    for keys, rule in sorted(known, key=lambda item: (not item[0].narrow, item[1].id)):
        for table, names in (
            (found.calls, keys.calls), (found.feeding, keys.feeding),
            (found.methods, keys.methods), (found.definitions, keys.definitions),
            (found.attributes, keys.attributes), (found.assigns, keys.assigns),
        ):  # fmt: skip
            for name in names:
                table[name].append(rule)
        for old, new in keys.names:
            found.names[old] = (new, rule)
        for old, new in keys.modules:
            found.modules[old] = (new, rule)
        for name in keys.gone:
            found.gone[name] = rule
        for name, owner, kind in keys.guesses:
            found.guesses[name] = (owner, kind)
        for where, name in keys.keys:
            found.keys[where][name] = rule
        for name in keys.calls if keys.parameters else ():
            found.parameters[name] = found.parameters.get(name, frozenset()).union(keys.parameters)
        if keys.pattern:
            found.patterns.append(rule)
        if keys.moved:
            found.moved = rule
    found.spelled = frozenset().union(*found.parameters.values())
    return found
