"""The ten rules as rope restructurings, the naive way: a pattern for each keyword, each of them over each file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rope.base.project import Project
from rope.refactor.restructure import Restructure

from benchmarks.others.ten_rules import CALLS, METHODS


@contextmanager
def project() -> Iterator[Project]:
    """An empty project of rope that leaves nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        made = Project(folder, ropefolder=None)
        try:
            yield made
        finally:
            made.close()


def rewritten(text: str, inside: Project) -> str:
    """The new text: a pattern covers one number of arguments, so that it is tried with one and with two."""
    path = Path(inside.address) / "module.py"
    path.write_text(text, encoding="utf-8")
    inside.validate()
    resource = inside.get_file("module.py")
    for pattern, goal in _PATTERNS:
        changes = Restructure(inside, pattern, goal).get_changes(resources=[resource])
        inside.do(changes)
    return str(resource.read())


def _patterns() -> Iterator[tuple[str, str]]:
    for item in CALLS:
        old, new = item.last
        for keyword, now in item.keywords.items():
            yield f"{old}({keyword}=${{a}})", f"{new}({now}=${{a}})"
            yield f"{old}(${{x}}, {keyword}=${{a}})", f"{new}(${{x}}, {now}=${{a}})"
    for method, keywords in METHODS.items():
        for keyword, now in keywords.items():
            yield f"${{m}}.{method}(${{x}}, ${{y}}, {keyword}=${{a}})", f"${{m}}.{method}(${{x}}, ${{y}}, {now}=${{a}})"


_PATTERNS = tuple(_patterns())
