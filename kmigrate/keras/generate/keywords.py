"""Which further keywords does a **kwargs of Keras take?"""

from __future__ import annotations

from kmigrate.keras.generate import sources
from kmigrate.keras.generate.environments import Facts

# Taken only to be warned about and thrown away: naming them would make a wrong call look right.
SWALLOWED = {"2.15.0": {"keras.src.optimizers.optimizer._BaseOptimizer": {"lr", "is_legacy_optimizer"}}}

# Checked against the parameters of a function that the caller brings along: any name may be right.
OPEN = {"keras.wrappers.scikit_learn.BaseWrapper"}


class Keywords:
    """Follows **kwargs from a constructor or function to where they end; None stands for *any*."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.objects: Facts = facts["objects"]
        self.swallowed = SWALLOWED.get(facts["version"], {})

    def of_class(self, cls: str) -> set[str] | None:
        facts = self.objects[cls]
        owner = facts.get("init_owner")
        if not owner or not _takes_kwargs(facts):
            return None
        found = self._constructor(owner, facts["mro"])
        return None if found is None else found - _names(facts)

    def of_function(self, defined: str, facts: Facts, owner: str | None = None) -> set[str] | None:
        if not _takes_kwargs(facts) or not facts["file"]:
            return None
        cls = self.objects[owner]["name"] if owner else None
        node = sources.find_function(facts["file"], defined.rpartition(".")[2], cls)
        if node is None:
            return None
        use = sources.kwargs_use(node)
        module = defined.rpartition(".")[0] if owner is None else ""
        found = set(use.read)
        for forward in use.forwards:
            onward = self._class_called(forward, module)
            if onward is None:
                return set(use.read) - _names(facts) if use.closed else None
            found |= onward
        return found - _names(facts) if use.closed or use.forwards else None

    def _constructor(self, owner: str, mro: list[str]) -> set[str] | None:
        """Keywords that the **kwargs of `owner.__init__` takes, seen from a class with this resolution order."""
        facts = self.objects[owner]
        if owner in OPEN:
            return None
        file, cls = facts["file"], facts["name"]
        node = sources.find_function(file, "__init__", cls) if file else None
        if node is None:
            return None
        use = sources.kwargs_use(node)
        for method in use.handed_to:
            helper = sources.find_function(file, method, cls)
            if helper:
                handed = sources.kwargs_use(helper, helper.args.args[1].arg)
                use.read |= handed.read
                use.closed = True
        found = use.read - self.swallowed.get(owner, set())
        if not use.forwards:
            return found if use.closed else None
        for forward in use.forwards:
            onward = self._super(forward, owner, mro)
            if onward is None:
                return None
            found |= onward
        return found

    def _super(self, forward: sources.Forward, owner: str, mro: list[str]) -> set[str] | None:
        start = next((cls for cls in mro if cls.rpartition(".")[2] == forward.after), owner)
        later = mro[mro.index(start) + 1 :] if start in mro else []
        if forward.callee != "super":
            later = [cls for cls in later if cls.rpartition(".")[2] == forward.callee.rpartition(".")[2]] or later
        following = next((cls for cls in later if "__init__" in self.objects[cls]["members"]), None)
        if following is None:
            return set()
        init = self.objects[following]["members"]["__init__"]
        found = _left_over(forward, init)
        if _takes_kwargs(init):
            onward = self._constructor(following, mro)
            if onward is None:
                return None
            found |= onward - forward.keywords
        return found

    def _class_called(self, forward: sources.Forward, module: str) -> set[str] | None:
        """For a function such as keras.layers.add: what the class that it calls with **kwargs takes."""
        names = self.facts["modules"].get(module, {}).get("names", {})
        defined = names.get(forward.callee, ["", f"{module}.{forward.callee}"])[1]
        facts = self.objects.get(defined)
        if not facts or facts["kind"] != "class":
            return None
        found = _left_over(forward, facts)
        if _takes_kwargs(facts):
            onward = self.of_class(defined)
            if onward is None:
                return None
            found |= onward - forward.keywords
        return found


def _left_over(forward: sources.Forward, facts: Facts) -> set[str]:
    """Named parameters that the forwarding call leaves free."""
    named = [p["name"] for p in facts["parameters"] or () if p["kind"] in ("positional", "keyword")]
    return set(named[forward.positional :]) - forward.keywords


def _takes_kwargs(facts: Facts) -> bool:
    return any(parameter["kind"] == "kwargs" for parameter in facts["parameters"] or ())


def _names(facts: Facts) -> set[str]:
    return {parameter["name"] for parameter in facts["parameters"]}
