"""What goes into the signature table of one Keras version?"""

from __future__ import annotations

import ast
import json
from pathlib import Path

from kmigrate.keras.generate import sources
from kmigrate.keras.generate.earlier import EARLIER
from kmigrate.keras.generate.environments import Facts
from kmigrate.keras.generate.keywords import Keywords
from kmigrate.keras.generate.primary import primary_paths
from kmigrate.keras.generate.returns import BACKEND_TENSOR, KERAS_TENSOR, member_returned, returned
from kmigrate.keras.signatures import KERAS_1

SPECIAL_METHODS = {"__call__", "__enter__", "__exit__", "__getitem__", "__iter__", "__len__", "__next__", "__setitem__"}


def table(facts: Facts) -> Facts:
    """The table of one version, from what its introspection found."""
    return Builder(facts).build()


def text(content: Facts) -> str:
    """One path, module or object a line: small, and a diff shows what changed."""
    parts = []
    for key, value in content.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"{json.dumps(name)}:{_compact(value[name])}" for name in sorted(value))
            parts.append(f"{json.dumps(key)}:{{\n{lines}\n}}")
        else:
            parts.append(f"{json.dumps(key)}:{_compact(value)}")
    return "{" + ",\n".join(parts) + "}\n"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


class Builder:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.version: str = facts["version"]
        self.primary = primary_paths(facts)
        self.documented = set(self.primary.values())
        self.keywords = Keywords(facts)
        self.paths: dict[str, str] = {}
        self.objects: dict[str, Facts] = {}

    def build(self) -> Facts:
        for defined, facts in self.facts["objects"].items():
            path = self.primary[defined]
            if path in self.objects:
                raise ValueError(f"{path} stands for both {defined} and {self.objects[path]['defined']}")
            self.objects[path] = (
                self._class(defined, facts) if facts["kind"] == "class" else self._function(defined, facts)
            )
        names = {module: self._names(module, content) for module, content in self.facts["modules"].items()}
        for module, facts in self.facts["unimportable"].items():
            if module.startswith("keras.backend.") and facts["file"]:
                names[module] = self._other_backend(module, facts["file"])
        return {
            "version": self.version,
            "modules": sorted(names),
            "names": {module: found for module, found in names.items() if found},
            "paths": self.paths,
            "objects": self.objects,
        }

    def _names(self, module: str, content: Facts) -> str:
        """Notes the paths in a module, and returns what a star import of it binds."""
        star = []
        for name, (kind, value, incidental) in content["names"].items():
            path = f"{module}.{name}"
            if not incidental and (name in content["all"] if content["all"] is not None else name[0] != "_"):
                star.append(name)
            if kind == "constant":
                self.objects[path] = {"kind": "constant", "defined": path}
            elif kind == "imported constant" and (origin := self._origin(name, value)):
                self.paths[path] = origin
            elif kind == "imported constant":
                self.objects[path] = {"kind": "constant", "defined": path}
            elif kind in ("object", "module"):
                primary = self.primary[value] if kind == "object" else value
                if primary != path:
                    self.paths[path] = primary
        return " ".join(star)

    def _origin(self, name: str, value: object) -> str | None:
        """The module that gives a constant its value, when another one imports it."""
        for module, content in self.facts["modules"].items():
            if content["names"].get(name, [None, None])[:2] == ["constant", value]:
                return f"{module}.{name}"
        return None

    def _other_backend(self, module: str, file: str) -> str:
        """A backend that needs a package that isn't there: its source says which functions it shares with ours."""
        defined = [node.name for node in sources.parse(file).body if isinstance(node, ast.FunctionDef)]
        shared = sorted(name for name in defined if f"keras.backend.{name}" in self.objects)
        self.paths.update({f"{module}.{name}": f"keras.backend.{name}" for name in shared})
        return " ".join(name for name in shared if name[0] != "_")

    def _function(self, defined: str, facts: Facts) -> Facts:
        path = self.primary[defined]
        found: Facts = {"kind": "function", "defined": defined} | _signature(facts)
        keywords = self.keywords.of_function(defined, facts)
        if keywords is not None:
            found["keywords"] = sorted(keywords)
        return found | _optional("returns", self._known(returned(path, self.version)))

    def _class(self, defined: str, facts: Facts) -> Facts:
        facts = _model_constructor(facts, self.facts["objects"])
        self.facts["objects"][defined] = facts
        found: Facts = {"kind": "class", "defined": defined, "bases": [self.primary[base] for base in facts["bases"]]}
        found |= _signature(facts)
        if "__init__" in facts["members"]:
            found["own_constructor"] = True
        keywords = self.keywords.of_class(defined)
        if keywords is not None:
            found["keywords"] = sorted(keywords)
        ancestors = [self.primary[ancestor] for ancestor in facts["mro"]] or [defined]
        members = {}
        for name, member in facts["members"].items():
            if not name.startswith("_") or name in SPECIAL_METHODS:
                members[name] = self._member(defined, name, member) | _optional(
                    "returns", self._known(member_returned(ancestors, name))
                )
        earlier = EARLIER.get(self.primary[defined], ()) if self.version == KERAS_1 else ()
        for name in sorted((self._attributes(facts, keywords) | set(earlier)) - set(members)):
            members[name] = {"kind": "attribute"} | _optional("returns", self._known(member_returned(ancestors, name)))
        return found | {"members": dict(sorted(members.items()))}

    def _member(self, cls: str, name: str, facts: Facts) -> Facts:
        found: Facts = {"kind": facts["kind"]} | _signature(facts)
        if "parameters" in found:
            keywords = self.keywords.of_function(f"{cls}.{name}", facts, owner=cls)
            found |= _optional("keywords", None if keywords is None else sorted(keywords))
        return found

    def _known(self, returns: str | None) -> str | None:
        """A result that this version has: not every Keras 2 has keras.backend.Function."""
        return returns if returns in (KERAS_TENSOR, BACKEND_TENSOR) or returns in self.documented else None

    def _attributes(self, facts: Facts, keywords: set[str] | None) -> set[str]:
        """What the methods assign on self, by the source."""
        node = sources.find_class(facts["file"], facts["name"]) if facts["file"] else None
        if node is None:
            return set()
        names = sources.self_attributes(node)
        init = sources.find_function(facts["file"], "__init__", facts["name"])
        if init and sources.updates_dict_with_kwargs(init):
            names |= keywords or set()
        if facts["name"] == "Model":  # since 2.2 functions beside the class run the loops of training
            for file in sorted(Path(facts["file"]).parent.glob("training_*.py")):
                names |= sources.handed_attributes(str(file), "model")
        return names


def _signature(facts: Facts) -> Facts:
    if facts.get("parameters") is None:
        return {}
    return {"parameters": facts["parameters"]} | _optional("positional_limit", facts["positional_limit"])


def _optional(key: str, value: object) -> Facts:
    return {} if value is None else {key: value}


def _model_constructor(facts: Facts, objects: Facts) -> Facts:
    """Models since 2.2 look at *args to tell a graph from a subclass: show what a graph of layers is made from.

    They ignore a third positional argument, so that the name can only be given by keyword.
    """
    init = objects.get(facts.get("init_owner", ""), facts)["members"]
    if [p["kind"] for p in facts.get("parameters") or ()] != ["args", "kwargs"]:
        return facts
    graph = init.get("_init_graph_network")
    functional = objects.get("keras.src.engine.functional.Functional")
    if facts["name"] == "Model" and functional:
        graph = functional["members"]["__init__"]
    if not graph:
        return facts
    listed = [p for p in graph["parameters"] if p["kind"] != "kwargs"]
    by_name = [p | {"kind": "keyword"} if p["name"] in ("name", "trainable") else p for p in listed]
    return facts | {"parameters": by_name}
