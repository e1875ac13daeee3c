"""The rules as a run wants them: their names at once, the rest of a rule when a use of Keras asks for it.

What was read and checked is kept in the user's cache, one file for each folder of rules, for as long as no file of the
folder and no line of this package changes. It holds plain data (`marshal`), no code.
"""

from __future__ import annotations

import marshal
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import kmigrate
from kmigrate.file_stats import digest, file_stats
from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.places import cache_home
from kmigrate.ruleset.keys import Keys, keys_of
from kmigrate.ruleset.loader import builtin_rules_folder, rule_files

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule

KEPT = 40
"""So many folders are remembered."""

_Entry: TypeAlias = tuple[str, str, str, tuple[Any, ...], bytes]


class CompiledRule:
    """A rule of which id, name, title and keys are known; all else is read and validated on the first question.

    From then on it has the attributes of the rule itself, so that asking costs nothing more.
    """

    def __init__(self, id: str, name: str, title: str, keys: Keys, data: bytes) -> None:
        self.id = id
        self.name = name
        self.title = title
        self.keys = keys
        self._data = data
        self._rule: Rule | None = None

    def __getattr__(self, name: str) -> Any:
        if self._rule is None:
            from kmigrate.ruleset.schema import Rule

            self._rule = Rule.model_validate(marshal.loads(self._data))
            self.__dict__ |= self._rule.__dict__
        return getattr(self._rule, name)


def compiled_rules(folders: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """Our rules and those of `folders`, as `load_rules` gives them, and with its errors."""
    if not folders:
        return _ours()
    rules = _merged((_ours(), *(_compiled(folder, _state(folder)) for folder in folders)))
    _LAST.clear()
    _LAST[tuple(folders)] = rules
    return rules


def last_rules(folders: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """The same rules as a run of this process had them last, to tell of its results; read now if no run had."""
    return _LAST.get(tuple(folders)) or compiled_rules(folders)


_LAST: dict[tuple[Path, ...], tuple[Rule, ...]] = {}
"""Those of one run."""


@lru_cache(maxsize=1)
def _ours() -> tuple[Rule, ...]:
    """Those of this package: they stay as they are while the process lives."""
    folder = builtin_rules_folder()
    return _merged((_compiled(folder, _state(folder)),))


@lru_cache(maxsize=8)
def _merged(packs: tuple[tuple[Rule, ...], ...]) -> tuple[Rule, ...]:
    """In the order of their ids; a later pack replaces rules of the same id."""
    rules = {rule.id: rule for pack in packs for rule in pack}
    return tuple(rules[id] for id in sorted(rules))


@lru_cache(maxsize=8)
def _compiled(folder: Path, state: str) -> tuple[Rule, ...]:
    entries = _kept(folder, state)
    if entries is None:
        entries = [*_read(folder)]
        _keep(folder, state, entries)
    rules = (CompiledRule(id, name, title, Keys._make(keys), data) for id, name, title, keys, data in entries)
    return tuple(cast("Rule", rule) for rule in rules)


def _read(folder: Path) -> Iterator[_Entry]:
    for file in rule_files(folder, checked=folder != builtin_rules_folder()):
        rule = file.rule
        keys = tuple(keys_of(rule, knowledge(KERAS_1)))
        yield rule.id, rule.name, rule.title, keys, marshal.dumps(file.document.data)


def _state(folder: Path) -> str:
    """What must be the same for what was kept to be true: this program, this Python, and every file of the folder."""
    here = Path(__file__).parent
    program = [*file_stats(str(here)), *file_stats(str(here.parent / "keras" / "data"))]
    made_by = (kmigrate.__version__, sys.implementation.cache_tag, marshal.version)
    return digest((made_by, program, file_stats(str(folder))))


def _kept(folder: Path, state: str) -> list[_Entry] | None:
    try:
        kept_state, entries = marshal.loads(_place(folder).read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return entries if kept_state == state else None


def _keep(folder: Path, state: str, entries: list[_Entry]) -> None:
    """Nobody needs to know when that cannot be: the next run reads the rules again."""
    place = _place(folder)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(marshal.dumps((state, entries)))
        Path(name).replace(place)
        kept = sorted(place.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[KEPT:]:
            old.unlink(missing_ok=True)


def _place(folder: Path) -> Path:
    return cache_home() / "rules" / sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:32]
