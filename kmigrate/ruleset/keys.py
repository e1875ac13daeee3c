"""Under which names is a rule looked up?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kmigrate.keras.signatures import Knowledge
    from kmigrate.ruleset.schema import Rewrite, Rule


class Keys(NamedTuple):
    """The documented Keras 1 names that a rule treats, by the kind of use; pairs are (Keras 1, Keras 2).

    keys: (where, string).
    guesses: (attribute, class, of what else: `any`, `layer`, `changed` or `compared`).
    asks_from: the Keras 2 from which on a rule that only asks for a person has something to ask; "" for other rules.
    parameters: those of its calls that it renames or drops.
    narrow: it means the objects of one class only, and comes before the rules for all that have the same method.
    """

    calls: tuple[str, ...]
    methods: tuple[str, ...]
    attributes: tuple[str, ...]
    assigns: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    modules: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    moved: bool
    feeding: tuple[str, ...]
    definitions: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    pattern: bool
    guesses: tuple[tuple[str, str, str], ...]
    asks_from: str
    parameters: tuple[str, ...]
    narrow: bool


def keys_of(rule: Rule, keras: Knowledge) -> Keys:
    """The keys of what a rule says it matches."""
    match = rule.match
    calls = tuple(_documented(name, keras) for name in match.call or ())
    methods = (match.method,) if match.method is not None else ()
    by_code = rule.rewrite is not None and rule.rewrite.code is not None
    return Keys(
        calls=calls if match.feeds is None else (),
        methods=() if by_code else methods,
        attributes=tuple(match.attribute or ()),
        assigns=(match.assign,) if match.assign is not None else (),
        names=tuple((_documented(old, keras), new) for old, new in (match.names or {}).items()),
        modules=tuple((match.modules or {}).items()),
        gone=tuple(_documented(name, keras) for name in match.gone or ()),
        moved=bool(match.moved),
        feeding=calls if match.feeds is not None else (),
        definitions=methods if by_code else (),
        keys=tuple((match.where, key) for key in match.keys or ()),
        pattern=match.pattern is not None,
        guesses=tuple((name, match.of or "", match.guess) for name in match.attribute or ()) if match.guess else (),
        asks_from=rule.since if rule.confidence == "review" or match.gone is not None else "",
        parameters=tuple(_renamed(rule.rewrite)) if rule.rewrite is not None and match.call is not None else (),
        narrow=match.call is not None and match.of is not None,
    )


def _renamed(rewrite: Rewrite) -> Iterator[str]:
    """The parameters that a rewrite, or one of its cases, calls by another name, folds into one or drops."""
    for name, (_, spec) in rewrite.by_parameter.items():
        if spec.tuple is not None or spec.rename not in (None, name):
            yield name
    yield from rewrite.drop


def _documented(name: str, keras: Knowledge) -> str:
    """The documented name; of a method, with the class that defines it."""
    primary = keras.canonical(name)
    if primary is not None:
        return primary
    cls, _, member = name.rpartition(".")
    found = keras.member(cls, member) if keras.canonical(cls) else None
    return f"{found.owner}.{member}" if found is not None else name
