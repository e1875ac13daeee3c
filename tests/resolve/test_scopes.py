"""Which scope does a name belong to where `global` and `nonlocal` have a say?"""

import ast

from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.walk.analyse import analyse


def scopes(text: str) -> dict[str, Scope]:
    module = analyse(ast.parse(text), "module.py", text)
    return {getattr(scope.node, "name", scope.kind): scope for scope in module.all_scopes()}


def bound(text: str) -> dict[str, dict[str, int]]:
    """How often each scope binds which names."""
    return {
        name: {key: len(bindings) for key, bindings in scope.bindings.items()} for name, scope in scopes(text).items()
    }


def test_nonlocal_names_belong_to_the_function_around() -> None:
    text = "def outer():\n    x = 0\n    def inner():\n        nonlocal x\n        x = 1\n"
    assert bound(text) == {"module": {"outer": 1}, "outer": {"x": 2, "inner": 1}, "inner": {}}


def test_the_function_around_may_bind_the_name_further_down() -> None:
    text = "def outer():\n    def inner():\n        nonlocal x\n        x = 1\n    x = 0\n"
    assert bound(text) == {"module": {"outer": 1}, "outer": {"x": 2, "inner": 1}, "inner": {}}


def test_a_class_around_is_no_place_for_a_nonlocal_name() -> None:
    method = "        def method(self):\n            nonlocal x\n            x = 2\n"
    text = f"def outer():\n    x = 0\n    class Inner:\n        x = 1\n{method}"
    assert bound(text)["outer"] == {"x": 2, "Inner": 1}
    assert bound(text)["Inner"] == {"x": 1, "method": 1}


def test_global_names_belong_to_the_module() -> None:
    text = "def outer():\n    def inner():\n        global x\n        x = 1\n    x = 0\n"
    assert bound(text) == {"module": {"outer": 1, "x": 1}, "outer": {"inner": 1, "x": 1}, "inner": {}}


def test_python_2_declares_behind() -> None:
    text = "def outer():\n    x = 1\n    if x:\n        global x\n"
    assert bound(text) == {"module": {"outer": 1, "x": 1}, "outer": {}}
