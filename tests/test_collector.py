"""What the collector does while files are migrated: on the real collector, for it is the one that could forget garbage."""

import ast
import gc
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kmigrate import collector
from kmigrate.collector import collector_off
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.ruleset.loader import load_rules
from kmigrate.ruleset.schema import Rule
from kmigrate.source.text import Source


class Circle:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The collector is on before each test, and as it was after it."""
    was = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was else gc.disable)()


def test_it_is_off_inside_and_on_again() -> None:
    with collector_off():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), collector_off():
        raise KeyError
    assert gc.isenabled()


def test_who_turned_it_off_finds_it_off() -> None:
    gc.disable()
    with collector_off():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_nothing_is_looked_at_when_it_is_turned_on() -> None:
    gc.collect()
    young: list[int] = []
    gc.callbacks.append(lambda phase, info: young.append(len(gc.get_objects(info["generation"]))))
    try:
        with collector_off():
            kept: list[list[int]] = [[] for _ in range(50_000)]
    finally:
        gc.callbacks.pop()
    assert sum(young) + len(gc.get_objects(0)) < 5_000 < len(kept)


def test_a_full_collection_finds_what_was_left() -> None:
    with collector_off():
        circle = weakref.ref(Circle())
    assert circle() is not None
    gc.collect()
    assert circle() is None


def test_garbage_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "FULL", 20_000)
    with collector_off():
        circle = weakref.ref(Circle())
    kept: list[list[int]] = []
    while circle() is not None and len(kept) < 40_000:
        with collector_off():
            kept += [[] for _ in range(1000)]
    assert circle() is None


def test_what_an_engine_read_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text(TEXT)
    gc.disable()
    gone = Engine(tmp_path, Settings())
    gone.migrate(Source(None, f"from parts import *\n{TEXT}"))
    world = gone._world
    assert world is not None
    modules = [weakref.ref(module) for module in world.modules.values()]
    assert len(modules) == 2
    del gone, world
    assert [module() for module in modules] == [None, None]


def test_a_lone_file_goes_when_the_next_one_comes() -> None:
    gc.disable()
    engine = Engine(None, Settings())
    engine.migrate(Source(None, TEXT))
    assert engine._world is not None
    (module,) = map(weakref.ref, engine._world.modules.values())
    engine.migrate(Source(None, f"{TEXT}# another\n"))
    assert module() is None


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_a_migration_leaves_nothing_to_the_collector(rule: Rule) -> None:
    """Each program of our rules: no circle may keep a tree, or a run takes half as long again."""
    texts = [example.before or example.review or example.unchanged or "" for example in rule.examples]
    _migrate_all(texts)
    gc.disable()
    gc.collect()
    _migrate_all(texts)
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        left = {type(thing).__name__ for thing in gc.garbage if isinstance(thing, ast.AST | ModuleScope | Found)}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert not left


def _migrate_all(texts: Iterable[str]) -> None:
    engine = Engine(None, Settings(unsafe=True))
    for text in texts:
        engine.migrate(Source(None, text))


def test_what_somebody_froze_stays_frozen(tmp_path: Path) -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with collector_off():
            pass
        Engine(tmp_path, Settings()).migrate(Source(None, TEXT))
        assert gc.get_freeze_count() >= frozen - 100  # frozen objects that die leave
    finally:
        gc.unfreeze()


TEXT = "from keras.layers import Dense\nDense(output_dim=3)\n"
