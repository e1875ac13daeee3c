"""A migrated notebook of any format is valid, and `git diff` shows the changed source lines and no other."""

from __future__ import annotations

import difflib
import json
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from made_notebooks import code

import kmigrate
from kmigrate.cli import main

CELLS = (
    "%matplotlib inline\nfrom keras.models import Sequential\nfrom keras.layers import Dense, Convolution2D",
    "%%bash\nls 'nb_epoch=3'",
    "model = Sequential()\nmodel.add(Convolution2D(32, 3, 3, border_mode='same'))\nmodel.add(Dense(output_dim=10, init='zero'))\n",
    "print 'é', model\n!nvidia-smi\nmodel.fit?",
    "%time model.fit(x, y, nb_epoch=3)",
)


def written(version: int, minor: int, **layout: Any) -> bytes:
    """The cells as a notebook with outputs that look like source, a heading, and an image."""
    listed = [code(cell.splitlines(keepends=True), 3 if version == 3 else 4) for cell in CELLS]
    for number, cell in enumerate(listed):
        cell["outputs"][0].pop("name" if version == 3 else "stream", None)
        if version == 3:
            cell["outputs"][0]["stream"] = "stdout"
        elif minor >= 5:
            cell["id"] = f"cell-{number}"
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["`fit(nb_epoch=3)`\n", "*é*"]}
    if minor >= 5:
        prose["id"] = "prose"
    cells = [prose, *listed]
    top: dict[str, Any] = {"metadata": {"name": "net"} if version == 3 else {}, "nbformat": version, "nbformat_minor": minor}
    top |= {"worksheets": [{"cells": cells, "metadata": {}}]} if version == 3 else {"cells": cells}
    return (json.dumps(top, **layout) + "\n").encode()


LAYOUTS = [{"indent": 1}, {"indent": 1, "ensure_ascii": False, "sort_keys": True}, {"indent": 4}]


@pytest.mark.parametrize("layout", LAYOUTS, ids=["ascii", "sorted", "wide"])
@pytest.mark.parametrize(("version", "minor"), [(3, 0), (4, 0), (4, 5)])
def test_a_valid_notebook_stays_valid(version: int, minor: int, layout: dict[str, Any]) -> None:
    before = written(version, minor, **layout)
    nbformat.validate(nbformat.reads(before.decode(), as_version=nbformat.NO_CONVERT))

    after = kmigrate.migrate_text(before.decode(), "net.ipynb").to_bytes()
    nbformat.validate(nbformat.reads(after.decode(), as_version=nbformat.NO_CONVERT))
    changed = [line.strip() for line in difflib.ndiff(before.decode().split("\n"), after.decode().split("\n")) if line[0] in "+-"]
    old, new = ([json.loads(line[1:].strip().rstrip(",")) for line in changed if line[0] == sign] for sign in "-+")
    assert old == [
        "from keras.layers import Dense, Convolution2D",
        "model.add(Convolution2D(32, 3, 3, border_mode='same'))\n",
        "model.add(Dense(output_dim=10, init='zero'))\n",
        "%time model.fit(x, y, nb_epoch=3)",
    ]
    assert new == [
        "from keras.layers import Dense, Conv2D",
        "model.add(Conv2D(32, (3, 3), padding='same'))\n",
        "model.add(Dense(units=10, kernel_initializer='zeros'))\n",
        "%time model.fit(x, y, epochs=3)",
    ]


def test_git_shows_the_changed_source_lines_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.ipynb").write_bytes(written(4, 0, indent=1))
    git = lambda *arguments: subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout  # noqa: E731
    git("init", "-q", ".")
    git("add", "net.ipynb")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "Add a lesson")

    main(["migrate", "."])
    assert git("diff", "--numstat", "--", "net.ipynb").split() == ["4", "4", "net.ipynb"]
