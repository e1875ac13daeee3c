"""Which modules of a project take a name from another one?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate.resolve.world import World

CIRCLE = {"a.py": "from b import *\n", "b.py": "from a import *\n", "user.py": "from b import K\n", "other.py": "import a\n"}


@pytest.mark.parametrize("order", [("a.py", "b.py"), ("b.py", "a.py")])
def test_modules_that_import_each_other_in_whatever_order_they_are_asked(order: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    for name, text in CIRCLE.items():
        (tmp_path / name).write_text(text)
    importers = World(tmp_path, ()).importers
    assert importers is not None
    assert {key: importers.want(key, "K") for key in order} == {"a.py": True, "b.py": True}
    assert not importers.want("a.py", "L")
    assert not importers.want("user.py", "K")
