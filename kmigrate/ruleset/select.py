"""Which of the rules does a run use?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from kmigrate.errors import UnknownRule
from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.ruleset.compiled import CompiledRule
from kmigrate.ruleset.keys import keys_of
from kmigrate.ruleset.near import nearest

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule


def select(rules: Sequence[Rule], select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules that an item of `select` names (all, if it is empty) and no item of `ignore` does.

    An item is an id (`KM101`), the beginning of one (`KM1`), or the name of a rule; the longer item decides between
    `select` and `ignore`, as `--ignore KM1 --select KM101` is meant to keep KM101. Raises UnknownRule for an item that
    names nothing.
    """
    for item in (*select, *ignore):
        if not any(_names(item, rule) for rule in rules):
            raise _unknown(item, rules)
    return tuple(rule for rule in rules if _wanted(rule, select, ignore)) if select or ignore else tuple(rules)


def for_targets(rules: Sequence[Rule], targets: Sequence[str]) -> tuple[Rule, ...]:
    """The rules without those that only ask for a person because of a Keras 2 that is newer than all targets."""
    newest = max((_release(target) for target in targets), default=())
    return tuple(rule for rule in rules if not (asked := _asks_from(rule)) or _release(asked) <= newest)


def _asks_from(rule: Rule) -> str:
    keys = rule.keys if isinstance(rule, CompiledRule) else keys_of(rule, knowledge(KERAS_1))
    return keys.asks_from


@cache
def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _wanted(rule: Rule, select: Sequence[str], ignore: Sequence[str]) -> bool:
    kept = max((len(item) for item in select if _names(item, rule)), default=0 if select else 1)
    left = max((len(item) for item in ignore if _names(item, rule)), default=0)
    return kept > left or (kept > 0 and left == 0)


def _names(item: str, rule: Rule) -> bool:
    return item != "" and (rule.id.startswith(item) or rule.name == item)


def _unknown(item: str, rules: Sequence[Rule]) -> UnknownRule:
    near = nearest(item, [known for rule in rules for known in (rule.id, rule.name)])
    return UnknownRule(
        f"no rule is called `{item}`, or begins with it{near}", hint="`kmigrate rules list` shows them all"
    )
