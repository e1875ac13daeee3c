"""Under which of its many import paths is a Keras object documented?"""

from __future__ import annotations

from kmigrate.keras.generate.environments import Facts

# Where objects of a package that nobody imports from are documented, best first.
FACADES = {
    "keras.engine.training": ("keras.models",),
    "keras.engine.sequential": ("keras.models",),
    "keras.engine.saving": ("keras.models",),
    "keras.engine.network": ("keras.models",),
    "keras.engine.functional": ("keras.models",),
    "keras.engine": ("keras.layers", "keras.models"),
    "keras.legacy.layers": ("keras.layers",),
    "keras.saving": ("keras.models", "keras.utils", "keras.saving"),
    "keras.tools": ("keras.utils",),
}


def primary_paths(facts: Facts) -> dict[str, str]:
    """Where each object is defined → its primary path."""
    candidates: dict[str, list[str]] = {}
    for module, content in facts["modules"].items():
        for name, (kind, value, *_) in content["names"].items():
            if kind == "object":
                candidates.setdefault(value, []).append(f"{module}.{name}")
    chosen = {}
    for defined in facts["objects"]:
        paths = candidates.get(defined, [])
        chosen[defined] = min(paths, key=lambda path: _rank(defined, path)) if paths else defined
    return chosen


def _rank(defined: str, path: str) -> tuple[object, ...]:
    module, _, name = path.rpartition(".")
    home, _, own_name = defined.rpartition(".")
    home = home.replace("keras_preprocessing", "keras.preprocessing").replace("keras.src.", "keras.")
    places = _places(home)
    place = places.index(module) if module in places else len(places)
    return name != own_name, place, path.count("."), len(path), path


def _places(home: str) -> list[str]:
    """Modules that may document what `home` defines, best first: its facades, then its packages from the top."""
    parts = home.split(".")
    packages = [".".join(parts[:count]) for count in range(2, len(parts) + 1)]
    special = next((FACADES[package] for package in reversed(packages) if package in FACADES), ())
    return [*special, *packages]
