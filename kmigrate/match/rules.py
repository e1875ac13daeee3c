"""Which rule treats which Keras name: the rules of a run, indexed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kmigrate.keras.signatures import Knowledge
from kmigrate.ruleset.schema import Rule


@dataclass(slots=True)
class RuleIndex:
    """Rules by the documented Keras 1 name they treat, in the order of their ids.

    methods: rules that rename a method, so that its calls follow; definitions: rules whose code looks at the body of one;
    feeding: those for calls whose result ends in a layer; patterns: those for other operations of that kind.
    """

    calls: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    methods: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    definitions: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    assigns: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, tuple[str, Rule]] = field(default_factory=dict)
    modules: dict[str, tuple[str, Rule]] = field(default_factory=dict)
    gone: dict[str, Rule] = field(default_factory=dict)
    keys: dict[str, Rule] = field(default_factory=dict)
    moved: Rule | None = None
    patterns: list[Rule] = field(default_factory=list)
    feeding: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    renamed_parameters: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def attribute_names(self) -> frozenset[str]:
        """Attribute and method names that some rule treats."""
        return frozenset(
            name.rpartition(".")[2] for table in (self.attributes, self.methods, self.assigns) for name in table
        )


def index(rules: Iterable[Rule], keras: Knowledge) -> RuleIndex:
    """The index of the rules of a run."""
    found = RuleIndex()
    for rule in sorted(rules, key=lambda rule: rule.id):
        match = rule.match
        for name in match.call or ():
            table = found.calls if match.feeds is None else found.feeding
            table[_documented(name, keras)].append(rule)
        if match.method is not None:
            by_code = rule.rewrite is not None and rule.rewrite.code is not None
            (found.definitions if by_code else found.methods)[match.method].append(rule)
        for name in match.attribute or ():
            found.attributes[name].append(rule)
        if match.assign is not None:
            found.assigns[match.assign].append(rule)
        for old, new in (match.names or {}).items():
            found.names[_documented(old, keras)] = (new, rule)
        for old, new in (match.modules or {}).items():
            found.modules[old] = (new, rule)
        for name in match.gone or ():
            found.gone[_documented(name, keras)] = rule
        if match.pattern is not None:
            found.patterns.append(rule)
        found.keys.update(dict.fromkeys(match.keys or (), rule))
        if match.moved:
            found.moved = rule
    return found


def _documented(name: str, keras: Knowledge) -> str:
    """The documented name; of a method, with the class that defines it."""
    primary = keras.canonical(name)
    if primary is not None:
        return primary
    cls, _, member = name.rpartition(".")
    found = keras.member(cls, member) if keras.canonical(cls) else None
    return f"{found.owner}.{member}" if found is not None else name
