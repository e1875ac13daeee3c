# ruff: noqa: UP006, UP031, UP035, UP045, C408, RUF005, B905, PTH111  Python 3.6 reads this
"""What does the Keras installed beside this interpreter contain? Runs inside each Keras environment, prints JSON.

Only the standard library, and syntax that Python 3.6 reads: the environments are as old as their Keras.
"""

import ast
import importlib
import importlib.util
import inspect
import json
import os
import pkgutil
import sys
import types
import warnings
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

Facts = Dict[str, Any]

KERAS_PACKAGES = {"keras", "keras_applications", "keras_preprocessing"}
PRIVATE_TREES = ("keras.src", "keras.api", "keras.protobuf", "keras.__internal__")
OTHER_BACKENDS = ("keras.backend.cntk_backend", "keras.backend.theano_backend")
OPTIONAL_MODULES = ("pydot", "pydot_ng", "graphviz", "PIL", "PIL.Image", "h5py", "yaml", "pandas")
PLAIN_TYPES = (bool, int, float, str, bytes, list, tuple, dict, set)
KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "args",
    inspect.Parameter.VAR_KEYWORD: "kwargs",
}


def main() -> None:
    answer, sys.stdout = sys.stdout, sys.stderr
    warnings.simplefilter("ignore")
    replace_missing_modules()
    json.dump(Introspection().run(), answer, sort_keys=True)


class StandIn(types.ModuleType):
    """A module whose every name is another stand-in, good for `import` and for what importers call at once."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(self.__name__ + "." + name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self


def replace_missing_modules() -> None:
    """Keras modules that draw or read images import these at once."""
    for name in OPTIONAL_MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            module = sys.modules[name] = StandIn(name)
            module.__path__ = []
            parent, _, leaf = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], leaf, module)


class Introspection:
    def __init__(self) -> None:
        self.modules = {}  # type: Facts
        self.unimportable = {}  # type: Facts
        self.objects = {}  # type: Facts
        self.modern = False  # Keras 2.4 and later: what is public is exported by hand
        # What Keras gives a name of its own (K.name_scope = tf.name_scope), by name and identity → where it does.
        self.named = {}  # type: Dict[Tuple[str, int], str]

    def run(self) -> Facts:
        keras = importlib.import_module("keras")
        self.modern = int(keras.__version__.split(".")[1]) > 3
        at_start = set(sys.modules)
        for name in sorted(module_names(keras)):
            try:
                if name in OTHER_BACKENDS:
                    raise ImportError("needs another backend")
                importlib.import_module(name)
            except Exception as error:
                self.unimportable[name] = {"file": source_file(name), "error": str(error)}
        importable = sorted(set(module_names(keras)) - set(self.unimportable))
        for name in importable:
            for attribute in assigned_names(sys.modules[name]) & set(vars(sys.modules[name])):
                self.named.setdefault((attribute, id(vars(sys.modules[name])[attribute])), name + "." + attribute)
        for name in importable:
            self.modules[name] = self.module(name, at_start)
        return {
            "version": keras.__version__,
            "modules": self.modules,
            "unimportable": self.unimportable,
            "objects": self.objects,
        }

    def module(self, name: str, at_start: Set[str]) -> Facts:
        module = sys.modules[name]
        own = assigned_names(module)
        names = {}
        for attribute, value in sorted(vars(module).items()):
            if attribute.startswith("__") or (self.modern and attribute.startswith("_")):
                continue
            # What only our own imports put there: `import keras.utils` alone doesn't bind keras.utils.visualize_util.
            incidental = isinstance(value, types.ModuleType) and (
                value.__name__ == name + "." + attribute and value.__name__ not in at_start
            )
            names[attribute] = self.entry(name, attribute, value, attribute in own) + [incidental]
        return {
            "package": hasattr(module, "__path__"),
            "file": getattr(module, "__file__", None),
            "all": list(module.__all__) if hasattr(module, "__all__") else None,
            "names": names,
        }

    def entry(self, module: str, attribute: str, value: Any, own: bool) -> List[Any]:
        """A module, an object of Keras (or one that Keras names, such as K.name_scope), a constant, or foreign."""
        if isinstance(value, types.ModuleType):
            known = value.__name__.split(".")[0] == "keras" and not value.__name__.startswith(PRIVATE_TREES)
            return ["module" if known else "foreign", value.__name__]
        if not (isinstance(value, type) or inspect.isroutine(value) or is_partial(value)):
            if own or is_of_keras(type(value)) or isinstance(value, PLAIN_TYPES):
                return ["constant" if own else "imported constant", literal(value)]
            return ["constant", None] if self.modern else ["foreign", None]
        target = unwrap(value)[0]
        seen_as = self.named.get((attribute, id(value)), module + "." + attribute if self.modern else None)
        if not (is_of_keras(target) or seen_as):
            return ["foreign", None]
        return ["object", self.describe(target, value, seen_as or module + "." + attribute)]

    def describe(self, target: Any, wrapped: Any, seen_as: str) -> str:
        key = identity(target) if is_of_keras(target) else None
        key = key or seen_as
        if key not in self.objects:
            self.objects[key] = {}  # before its parts: bases and members may lead back here
            if isinstance(target, type):
                self.objects[key] = self.class_facts(target)
            else:
                self.objects[key] = dict(function_facts(wrapped), kind="function")
        return key

    def class_facts(self, cls: type) -> Facts:
        members = {}
        for name, value in sorted(vars(cls).items()):
            if name in ("__module__", "__doc__", "__dict__", "__weakref__", "__abstractmethods__", "_abc_impl"):
                continue
            facts = member_facts(value)
            if facts:
                members[name] = facts
        bases = [self.describe(base, base, base.__name__) for base in cls.__bases__ if is_of_keras(base)]
        mro = [identity(base) for base in cls.__mro__ if is_of_keras(base)]
        init_owner = next(base for base in cls.__mro__ if "__init__" in vars(base))
        facts = dict(kind="class", bases=bases, mro=mro, members=members, file=file_of(cls), name=cls.__name__)
        if is_of_keras(init_owner):
            facts["init_owner"] = identity(init_owner)
        init = {"parameters": [], "positional_limit": None}  # type: Facts
        if init_owner is not object:
            init = function_facts(vars(init_owner)["__init__"], method=True)
        return dict(init, **facts)


def module_names(keras: Any) -> Iterator[str]:
    yield "keras"
    for _, name, _ in pkgutil.walk_packages(keras.__path__, "keras.", onerror=lambda name: None):
        if not name.startswith(PRIVATE_TREES):
            yield name


def assigned_names(module: Any) -> Set[str]:
    """Names that the module itself gives a value to at its top level: `name_scope = tf.name_scope`."""
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError):
        return set()
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def source_file(name: str) -> Optional[str]:
    spec = importlib.util.find_spec(name)
    return str(spec.origin) if spec else None


def file_of(thing: Any) -> Optional[str]:
    try:
        return inspect.getsourcefile(thing)
    except (TypeError, OSError):
        return None


def identity(thing: Any) -> Optional[str]:
    """Where it is defined; nothing for what is made inside a function, which has no path of its own."""
    name = getattr(thing, "__qualname__", None)
    module = getattr(thing, "__module__", None)
    if not name or "<" in name or not module:
        return None
    return str(module + "." + name)


def is_partial(value: Any) -> bool:
    return type(value).__name__ == "partial"


def is_of_keras(thing: Any) -> bool:
    return (getattr(thing, "__module__", None) or "").split(".")[0] in KERAS_PACKAGES


def unwrap(value: Any) -> Tuple[Any, Optional[int]]:
    """The function under its decorators, and how many positional arguments the legacy decorator allows."""
    limit = None
    while True:
        cells = closure(value)
        if cells.get("check_positional_args") and "allowed_positional_args" in cells:
            limit = len(cells["allowed_positional_args"])
        if "base_fun" in cells:  # keras.applications of 2.2 and 2.3: a thin cover over keras_applications
            value = cells["base_fun"]
        elif hasattr(value, "_original_function"):
            value = value._original_function
        elif hasattr(value, "__wrapped__") and not isinstance(value, type):
            value = value.__wrapped__
        else:
            return value, limit


def closure(value: Any) -> Facts:
    code, cells = getattr(value, "__code__", None), getattr(value, "__closure__", None)
    if not code or not cells:
        return {}
    found = {}
    for name, cell in zip(code.co_freevars, cells):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    return found


def member_facts(value: Any) -> Optional[Facts]:
    if isinstance(value, classmethod):
        return dict(function_facts(value.__func__, method=True), kind="classmethod")
    if isinstance(value, staticmethod):
        return dict(function_facts(value.__func__), kind="staticmethod")
    if isinstance(value, property):
        return {"kind": "property"}
    if inspect.isfunction(value):
        return dict(function_facts(value, method=True), kind="method")
    if isinstance(value, type) or inspect.isroutine(value):
        return None
    return {"kind": "attribute", "value": literal(value)}


def function_facts(value: Any, method: bool = False) -> Facts:
    target, limit = unwrap(value)
    facts = {"parameters": None, "positional_limit": limit, "file": file_of(target)}  # type: Facts
    facts["line"] = getattr(getattr(target, "__code__", None), "co_firstlineno", None)
    try:
        parameters = list(inspect.signature(covered(target), follow_wrapped=False).parameters.values())
    except (TypeError, ValueError):
        return facts
    if method:
        first = parameters[0].kind if parameters else None
        parameters = parameters if first is inspect.Parameter.VAR_POSITIONAL else parameters[1:]
    facts["parameters"] = [parameter_facts(parameter) for parameter in parameters]
    if covered(target) is not target:  # the cover fills **kwargs itself
        facts["parameters"] = [p for p in facts["parameters"] if p["kind"] != "kwargs"]
    return facts


def covered(target: Any) -> Any:
    """The keras_applications function that a cover of keras.applications passes everything on to."""
    module = getattr(target, "__module__", None) or ""
    if module.startswith("keras.applications.") and "keras_applications" in sys.modules:
        original = importlib.import_module(module.replace("keras.applications", "keras_applications"))
        return getattr(original, target.__name__, target)
    return target


def parameter_facts(parameter: inspect.Parameter) -> Facts:
    facts = {"name": parameter.name, "kind": KINDS[parameter.kind]}
    if parameter.default is not inspect.Parameter.empty:
        facts["default"] = spelled(parameter.default)
    return facts


def spelled(value: Any) -> str:
    """Source text of a default; the name of a function or class, never a memory address."""
    text = literal(value)
    if text is not None:
        return text
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) and name.isidentifier() else "<%s>" % type(value).__name__


def literal(value: Any) -> Optional[str]:
    try:
        text = repr(sorted(value)) if isinstance(value, set) else repr(value)
        ast.literal_eval(text)
    except Exception:
        return None
    if isinstance(value, str) and value.startswith((os.path.expanduser("~"), sys.prefix)):  # a place on this machine
        return None
    return text if len(text) < 200 else None


if __name__ == "__main__":
    main()
