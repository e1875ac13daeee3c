"""Does code run inside of layers, losses and the like, or outside, where the graph is built, and how is that known?

Asked of a whole project: a function is inside if somebody gives it to Keras, if it is a method of a class of Keras, or
if it is only called from such code.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.roles import Mark, Roles
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import KerasName, Other, Partial, Unknown, UserClass, UserFunction, Value

_MODEL = frozenset({"keras.layers.Input", "keras.models.Model", "keras.models.Sequential"})
"""What makes a model, or the start of one."""

_OF_A_MODEL = {
    "compile": frozenset({"loss", "optimizer"}),
    "fit": frozenset({"nb_epoch"}),
    "fit_generator": frozenset({"nb_epoch", "samples_per_epoch"}),
}
"""The methods that compile or train a model, with the arguments that no other library gives a method of this name."""

Verdict: TypeAlias = Literal["inside", "outside", "both", "unknown"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict and the reasons for it, the nearest first."""

    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Project:
    """The modules of a project, and where their functions go."""

    evaluator: Evaluator
    modules: Sequence[ModuleScope]
    _roles: dict[ModuleScope, Roles] = field(default_factory=dict)
    _marks: dict[ast.AST, Mark] | None = None
    _known: dict[ast.AST, Standing | None] = field(default_factory=dict)
    _called_at: dict[ast.AST, list[tuple[ModuleScope, ast.Call, Scope]]] | None = None

    def roles(self, module: ModuleScope) -> Roles:
        """The roles that functions have by what one module says."""
        if module not in self._roles:
            self._roles[module] = Roles(module, self.evaluator)
        return self._roles[module]

    def standing(self, scope: Scope) -> Standing:
        """Where code that stands in `scope` runs."""
        for inner in scope.chain():
            if inner.kind in ("function", "lambda"):
                found = self._function(inner)
                if found is not None:
                    return found
        return Standing("outside", (f"it stands at the top of {scope.module.key}",))

    def _function(self, scope: Scope) -> Standing | None:
        """Where a function runs; None if that is where the code around it does."""
        node = scope.node
        if node in self._known:
            return self._known[node]
        self._known[node] = None  # a function that calls itself runs where its other callers are
        self._known[node] = found = self._given(scope) or self._method(scope) or self._called(scope)
        return found

    def _given(self, scope: Scope) -> Standing | None:
        if self._marks is None:
            self._marks = {}
            for module in self.modules:
                self._marks.update(self.roles(module).marks())
        mark = self._marks.get(scope.node)
        if mark is None:
            return None
        place = f"{mark.module.key}:{mark.call.lineno}"
        return Standing("inside", (f"{_name(scope)} is given to {ast.unparse(mark.call.func)} at {place} ({_words(mark.role)})",))

    def _method(self, scope: Scope) -> Standing | None:
        role = self.roles(scope.module).method_role(scope)
        parent = scope.parent
        if parent is None or parent.kind != "class":
            return None
        if role is None and not self._of_old_layer(UserClass(parent.node, parent.module)):
            return None
        verdict: Verdict = "outside" if role == "graph" else "inside"
        kind = _words(role or "layer_method")
        return Standing(verdict, (f"{_name(scope)} is a method of the class {parent.node.name} ({kind})",))

    def _of_old_layer(self, cls: UserClass) -> bool:
        """Whether the class derives from a layer that Keras 1 no longer had."""
        bases = self.evaluator.classes.bases(cls)
        return any(
            (isinstance(base, KerasName) and base.path.startswith("keras.layers."))
            or (isinstance(base, UserClass) and base.node is not cls.node and self._of_old_layer(base))
            for base in bases
        )

    def _called(self, scope: Scope) -> Standing | None:
        """Where the visible callers run; of a function inside another without callers, where that one does."""
        found = [(module, call, self.standing(caller)) for module, call, caller in self._calls(scope)]
        doubtful = self._perhaps_called(scope)
        if not found:
            standing = self._uncalled(scope)
            return doubtful if doubtful is not None and standing is not None and standing.verdict == "outside" else standing
        verdicts = {standing.verdict for _, _, standing in found}
        known = verdicts - {"unknown"}
        made = self._made(scope) if not known else None
        if made is not None and doubtful is None:
            return Standing("outside", (made,))
        verdict: Verdict = "unknown" if not known else "both" if len(known) > 1 else next(iter(known))
        module, call, first = next(item for item in found if item[2].verdict in (verdict, "inside", "unknown"))
        if verdict == "outside" and doubtful is not None:
            return doubtful
        step = f"{_name(scope)} is called at {module.key}:{call.lineno}"
        return Standing(verdict, (step, *first.reasons))

    def _perhaps_called(self, scope: Scope) -> Standing | None:
        """A call inside of layers of a method of this name, of an object that nobody knows or that another class overrides."""
        if scope.kind != "function" or scope.parent is None or scope.parent.kind != "class":
            return None
        for module in self.modules:
            for call, caller in self.evaluator.callers(module, scope.node.name):
                called = self.evaluator.values(call.func, caller)
                loose = any(isinstance(value, Other | Unknown | UserFunction) for value in called)
                if loose and isinstance(call.func, ast.Attribute) and self.standing(caller).verdict == "inside":
                    place = f"{module.key}:{call.lineno}"
                    return Standing("unknown", (f"{_name(scope)} may be what is called at {place}, which is inside",))
        return None

    def _uncalled(self, scope: Scope) -> Standing | None:
        """A function that nobody in sight calls, or that is handed on."""
        around = [outer for outer in scope.chain() if outer is not scope]
        if [argument.arg for argument in scope.node.args.args[:2]] == ["y_true", "y_pred"]:
            return Standing("inside", (f"{_name(scope)} has the parameters of a loss or metric",))
        if scope.kind == "lambda" or any(outer.kind in ("function", "lambda") for outer in around):
            outer = self.standing(around[0])
            handed_on = scope.kind == "lambda" or bool(scope.module.loads.get(scope.node.name))
            if outer.verdict == "outside" and handed_on:
                return Standing("unknown", (f"{_name(scope)} is handed on to nobody knows whom",))
            return None
        if around[0].kind == "class" and self._plain(UserClass(around[0].node, around[0].module)):
            return Standing("outside", (f"{_name(scope)} is a method of the class {around[0].node.name}, not one of Keras",))
        if around[0].kind == "module":
            if scope.node.name.startswith("test_"):
                return Standing("outside", (f"{_name(scope)} is a test",))
            made = self._made(scope)
            if made is not None:
                return Standing("outside", (made,))
        return Standing("unknown", (f"nobody in sight calls {_name(scope)}",))

    def _made(self, scope: Scope) -> str | None:
        """The call by which a function makes, compiles or trains a model, which no layer does, as a reason."""
        for call, caller in scope.module.calls:
            if caller is not scope:
                continue
            place = f"{ast.unparse(call.func)} at {scope.module.key}:{call.lineno}"
            if isinstance(call.func, ast.Attribute):
                named = {keyword.arg for keyword in call.keywords}
                if named & _OF_A_MODEL.get(call.func.attr, frozenset()):
                    return f"{_name(scope)} {'compiles' if call.func.attr == 'compile' else 'trains'} a model: {place}"
            values = self.evaluator.values(call.func, caller)
            if values and all(isinstance(value, KerasName) and value.path in _MODEL for value in values):
                return f"{_name(scope)} makes a model: {place}"
        return None

    def _plain(self, cls: UserClass) -> bool:
        """Whether a class certainly derives from nothing of Keras."""
        return all(
            isinstance(base, Other) or (isinstance(base, UserClass) and base.node is not cls.node and self._plain(base))
            for base in self.evaluator.classes.bases(cls)
        )

    def _calls(self, scope: Scope) -> list[tuple[ModuleScope, ast.Call, Scope]]:
        """The calls of a function in the whole project, by whatever name or expression it is called."""
        if self._called_at is None:
            self._called_at = {}
            for module in self.modules:
                for call, caller in module.calls:
                    for value in self.evaluator.values(call.func, caller):
                        node = _function_of(value)
                        if node is not None:
                            self._called_at.setdefault(node, []).append((module, call, caller))
        return self._called_at.get(scope.node, [])


def _function_of(value: Value) -> ast.AST | None:
    """The function that runs when the value is called."""
    match value:
        case UserFunction(node=node):
            return node
        case Partial(function=inner):
            return _function_of(inner)
        case _:
            return None


def _name(scope: Scope) -> str:
    return f"`{scope.node.name}`" if scope.kind == "function" else f"the lambda in line {scope.node.lineno}"


def _words(role: str) -> str:
    return role.replace("_", " ")
