"""Does every example of every rule hold in a module of Python 2, in a cell of a notebook and in a block of a document?"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from python27 import Python27, python27
from rule_cases import Case, cases

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.reading import decode
from kmigrate.results import Failure, FileResult


@dataclass(frozen=True)
class Form:
    """A kind of file: its name, and how a program is put into it."""

    name: str
    put: Callable[[str], str]


def _cells(text: str) -> str:
    sources = ("%matplotlib inline", text.splitlines(keepends=True), "!ls\nprint 'end', `x`")
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 0}, indent=1)


TAB = "\t"
FORMS = {
    "python 2": Form("net.py", lambda text: f"# coding: utf-8\n{text}\nprint 'end', 0777\n"),
    "notebook": Form("lesson.ipynb", _cells),
    "list of a document": Form("a.md", lambda text: f"1. So:\n\n   ```python\n{textwrap.indent(text, '   ')}   ```\n"),
    "directive": Form("a.rst", lambda text: f"So:\n\n.. code:: python\n\n{textwrap.indent(text, TAB)}\nAnd\n"),
}


def _tenths() -> Iterator[tuple[Case, ...]]:
    """The examples in ten shares: a test for each would cost more than the examples."""
    every = [case for case in cases() if "\r" not in case.text and "coding" not in case.text]
    return (tuple(every[share::10]) for share in range(10))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("share", list(_tenths()), ids=range(10))
def test_examples_hold_in_other_files(share: tuple[Case, ...], form: str) -> None:
    wrong = [f"{case.name}: {problem}" for case in share if (problem := _problem(case, FORMS[form])) is not None]
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(python27() is None, reason="no Python 2.7 that runs")
def test_what_is_written_into_python_2_is_python_2() -> None:
    form = FORMS["python 2"]
    wrong: list[str] = []
    with Python27() as python2:
        for case in cases():
            before = form.put(case.text)
            if case.expected is None or not python2.compiles(before):
                continue
            after = _migrated(case, form, case.text).after
            if not python2.compiles(after):
                wrong.append(f"{case.name}:\n{after}")
    assert not wrong, "\n".join(wrong)


def _problem(case: Case, form: Form) -> str | None:
    result = _migrated(case, form, case.text)
    if result.failure is not None:
        return result.failure.reason
    if case.expected is None:
        told = any(review.rule == case.rule for review in result.reviews)
        return None if told else "no review"
    return None if result.to_bytes().decode() == form.put(case.expected) else f"became\n{result.after}"


def _migrated(case: Case, form: Form, text: str) -> FileResult:
    source = decode(form.put(text).encode(), form.name)
    assert not isinstance(source, Failure), source
    return Engine(None, Settings(to=case.example.to, unsafe=case.example.unsafe)).migrate(source)
