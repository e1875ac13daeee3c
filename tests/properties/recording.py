"""A Keras that only writes down how it is called, as strict about names and arguments as the tables of its version."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from kmigrate.keras.signatures import Knowledge, Signature, knowledge, of_keras

LONG = 160
"""Characters of a description; longer ones end in a hash, so that those of deep models stay short."""


@dataclass
class Run:
    """What was called, in order, and the error that ended the program."""

    events: list[str] = field(default_factory=list)
    error: str | None = None


def ran(version: str, sources: Mapping[str, str], names: Mapping[str, Any]) -> Run:
    """Import modules by name, in this order, on a Keras; `names` are the builtins that they find besides."""
    run = Run()
    with _imports(_Finder(knowledge(version), run, sources, names)):
        try:
            for name in sources:
                __import__(name)
        except Exception as error:
            run.error = f"{type(error).__name__}: {error}"
    return run


class Thing:
    """Anything of Keras: a name by its `path`, an object of the class `cls`, a `member` of such an object."""

    def __init__(self, of: tuple[Knowledge, Run], text: str, path: str = "", cls: str = "", member: str = "") -> None:
        short = text if len(text) < LONG else f"{text[:60]}~{sha256(text.encode()).hexdigest()[:12]}"
        self.__dict__.update(of=of, text=short, path=path, cls=cls, member=member)

    def __getattr__(self, name: str) -> Thing:
        if name.startswith("__"):
            raise AttributeError(name)
        return Thing(self.of, f"{self.text}.{name}", cls=self.cls, member=name)

    def __setattr__(self, name: str, value: object) -> None:
        self.of[1].events.append(f"{self.text}.{name} = {shown(value)}")

    def __call__(self, *args: Any, **kwargs: Any) -> Thing:
        keras, run = self.of
        known = keras.get(self.path) if self.path else None
        member = keras.member(self.cls, self.member) if self.cls and self.member else None
        signature = known.signature if known is not None else member.signature if member is not None else None
        text = f"{self.text}({_bound(signature, args, kwargs, self.text)})"
        run.events.append(text)
        return Thing(self.of, text, cls=self.path if known is not None and known.kind == "class" else "")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (type("Derived", (), {"__new__": lambda cls, *args, **kwargs: self(*args, **kwargs)}),)

    def __iter__(self) -> Iterator[Thing]:
        return iter([self[0]])

    def __getitem__(self, key: object) -> Thing:
        return Thing(self.of, f"{self.text}[{shown(key)}]")

    def __len__(self) -> int:
        return 1


def _operation(name: str) -> Callable[..., Thing]:
    return lambda self, *others: Thing(self.of, f"{self.text}.{name}({', '.join(map(shown, others))})")


for _name in "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv neg gt lt".split():
    setattr(Thing, f"__{_name}__", _operation(_name))


def shown(value: object) -> str:
    """A value as text: equal for what Keras takes for equal."""
    match value:
        case Thing():
            return str(value.text)
        case list() | tuple():
            return f"[{', '.join(map(shown, value))}]"
        case dict():
            return f"{{{', '.join(sorted(f'{key}: {shown(item)}' for key, item in value.items()))}}}"
        case float() if value == int(value):
            return repr(int(value))
        case "one" | "zero":
            return repr(f"{value}s")
        case _:
            return "function" if callable(value) else repr(value)


def _bound(signature: Signature | None, args: tuple[Any, ...], kwargs: dict[str, Any], callee: str) -> str:
    """The arguments by parameter, without those that say what is the default."""
    if signature is None:
        return ", ".join([*map(shown, args), *(f"{name}={shown(value)}" for name, value in sorted(kwargs.items()))])
    if len(args) > len(signature.positional) and not signature.takes_args:
        raise TypeError(f"{callee} takes fewer arguments")
    given = dict(zip([parameter.name for parameter in signature.positional], args, strict=False))
    for name, value in kwargs.items():
        if name in given or not (name in signature.by_name or signature.accepts(name)):
            raise TypeError(f"{callee} takes no {name}, or got it already")
        given[name] = value
    return ", ".join(f"{name}={shown(value)}" for name, value in sorted(given.items()) if not _default(signature, name, value))


def _default(signature: Signature, name: str, value: object) -> bool:
    parameter = signature.by_name.get(name)
    if parameter is None or parameter.default is None:
        return False
    try:
        return shown(ast.literal_eval(parameter.default)) == shown(value)
    except ValueError:
        return False


class _Module(ModuleType):
    def __init__(self, name: str, keras: Knowledge, run: Run) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        public = [(item, f"{name}.{item}") for item in sorted(keras.public_names(name))]
        self.__all__ = [item for item, path in public if keras.canonical(path) and not keras.is_module(path)]
        self._of = keras, run

    def __getattr__(self, name: str) -> Any:
        keras, _ = self._of
        path = f"{self.__name__}.{name}"
        primary = None if name.startswith("__") else keras.canonical(path)
        if keras.is_module(path):
            return import_module(path)
        if primary is None:
            raise AttributeError(f"no {path}")
        return Thing(self._of, primary, primary)


@dataclass
class _Finder(MetaPathFinder, Loader):
    keras: Knowledge
    run: Run
    sources: Mapping[str, str]
    names: Mapping[str, Any]

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if self.keras.is_module(name) or name in self.sources:
            package = name not in self.sources or any(other.startswith(f"{name}.") for other in self.sources)
            return ModuleSpec(name, self, is_package=package)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return _Module(spec.name, self.keras, self.run) if of_keras(spec.name) else None

    def exec_module(self, module: ModuleType) -> None:
        if not of_keras(module.__name__):
            module.__dict__.update(self.names)
            exec(compile(self.sources[module.__name__], module.__name__, "exec"), module.__dict__)


@contextmanager
def _imports(finder: _Finder) -> Iterator[None]:
    """While this holds, Keras and the modules are found here, and nowhere else."""

    def ours(name: str) -> bool:
        return of_keras(name) or name in finder.sources

    kept = {name: module for name, module in sys.modules.items() if ours(name)}
    for name in kept:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if ours(name)]:
            del sys.modules[name]
        sys.modules.update(kept)
