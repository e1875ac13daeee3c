"""Notebooks for the tests, written as the tools of their time write them."""

from __future__ import annotations

import json
from typing import Any


def notebook(*cells: str | list[str], version: int = 4, indent: int | None = 1, **metadata: Any) -> bytes:
    """A notebook of code cells: each a list of strings as given, or one string that is split into lines."""
    made = [code(cell if isinstance(cell, list) else cell.splitlines(keepends=True), version) for cell in cells]
    top: dict[str, Any] = {"metadata": metadata, "nbformat": version, "nbformat_minor": 0}
    if version == 3:
        top["worksheets"] = [{"cells": made, "metadata": {}}]
    else:
        top["cells"] = made
    return (json.dumps(top, indent=indent, ensure_ascii=False, sort_keys=True) + "\n").encode()


def code(source: str | list[str], version: int = 4) -> dict[str, Any]:
    """A code cell with an output that looks like source."""
    output = {"name": "stdout", "output_type": "stream", "text": ["nb_epoch=3\n", "é"]}
    if version == 3:
        return {"cell_type": "code", "collapsed": False, "input": source, "language": "python", "metadata": {},
                "outputs": [output], "prompt_number": 1}  # fmt: skip
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": source}


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """The lines that only the one and only the other has, in order."""
    old, new = before.decode().split("\n"), after.decode().split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]
