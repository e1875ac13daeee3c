"""Are the tables and the stub what the generator makes from the real Kerases today?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kmigrate.keras.generate import __main__ as generate
from kmigrate.keras.generate.environments import missing

ENVIRONMENTS = Path(os.environ.get("KMIGRATE_KERAS_ENVS") or "~/.cache/kmigrate/keras").expanduser()


@pytest.mark.keras
def test_generated_files_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    absent = missing(ENVIRONMENTS)
    if absent:
        pytest.skip(f"{ENVIRONMENTS} holds no {', '.join(absent)}: set KMIGRATE_KERAS_ENVS to the folder that does")
    assert generate.main(["--environments", str(ENVIRONMENTS), "--check"]) == 0, capsys.readouterr().out


def test_a_missing_environment_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--environments", str(tmp_path), "--check"]) == 2
    assert "Keras 1.2.2" in capsys.readouterr().err


def test_outdated_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "HERE", tmp_path)
    files = {"data/a.json": "1", "data/b.json": "2", "stubs/keras/__init__.py": ""}
    generate.apply(files, sorted(files))
    assert generate.outdated(files) == []
    (tmp_path / "data/a.json").write_text("changed", encoding="utf-8")
    (tmp_path / "stubs/keras/left_over.py").touch()
    stale = ["data/a.json", "stubs/keras/left_over.py"]
    assert generate.outdated(files) == stale
    generate.apply(files, stale)
    assert generate.outdated(files) == []
