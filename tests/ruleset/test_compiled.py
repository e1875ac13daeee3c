"""Compiled rules: the same as the rules of the files, kept for as long as the files stay, read when they are asked."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kmigrate
from kmigrate.errors import InvalidRule
from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.ruleset import compiled, rule_file
from kmigrate.ruleset.compiled import compiled_rules
from kmigrate.ruleset.keys import Keys, keys_of
from kmigrate.ruleset.loader import builtin_rules_folder, load_rules
from kmigrate.ruleset.schema import Rule

DENSE = next(builtin_rules_folder().rglob("dense.yaml")).read_text(encoding="utf-8").replace("id: KM100", "id: MINE001")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, and a process that remembers nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()
    return tmp_path / "cache" / "kmigrate" / "rules"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "own"
    made.mkdir()
    (made / "dense.yaml").write_text(DENSE, encoding="utf-8")
    return made


def forget() -> None:
    """As a new process starts."""
    compiled._ours.cache_clear()
    compiled._compiled.cache_clear()
    rule_file._read_rule.cache_clear()


def test_they_are_the_rules_of_the_files(folder: Path) -> None:
    loaded = load_rules([folder])
    for _ in range(2):
        forget()
        found = compiled_rules([folder])
        assert [rule.id for rule in found] == [rule.id for rule in loaded]
        for mine, rule in zip(found, loaded, strict=True):
            assert (mine.name, mine.title) == (rule.name, rule.title)
            assert mine.keys == keys_of(rule, knowledge(KERAS_1))  # type: ignore[attr-defined]
            assert {field: getattr(mine, field) for field in Rule.model_fields} == dict(rule)


def test_keys_survive_as_plain_data() -> None:
    for rule in load_rules():
        keys = keys_of(rule, knowledge(KERAS_1))
        assert Keys(*marshal.loads(marshal.dumps(tuple(keys)))) == keys


def test_files_that_stay_are_not_read_again(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [rule.id for rule in compiled_rules([folder])]
    assert len(list(cache.iterdir())) == 2
    forget()

    def unread(*_: object) -> None:
        raise AssertionError("a rule file was read")

    monkeypatch.setattr(rule_file, "read_document", unread)
    assert [rule.id for rule in compiled_rules([folder])] == before


def test_a_rule_is_read_when_it_is_asked() -> None:
    compiled_rules()
    forget()
    asked, other = compiled_rules()[:2]
    assert asked.rewrite is not None or asked.match is not None
    assert "match" in vars(asked)
    assert "match" not in vars(other)


def test_a_file_that_changes_is_read_again(folder: Path) -> None:
    def title() -> str:
        forget()
        return next(rule.title for rule in compiled_rules([folder]) if rule.id == "MINE001")

    before = title()
    (folder / "dense.yaml").write_text(DENSE.replace("`Dense`", "`DENSE`", 1), encoding="utf-8")
    assert title() == before.replace("`Dense`", "`DENSE`", 1)
    (folder / "second.yaml").write_text(DENSE.replace("MINE001", "MINE002"), encoding="utf-8")
    forget()
    assert "MINE002" in {rule.id for rule in compiled_rules([folder])}
    (folder / "second.yaml").unlink()
    forget()
    assert "MINE002" not in {rule.id for rule in compiled_rules([folder])}


def test_a_rule_that_turns_bad_is_refused_with_its_line(folder: Path) -> None:
    compiled_rules([folder])
    (folder / "dense.yaml").write_text(DENSE.replace("output_dim: units", "output_dims: units"), encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"dense\.yaml:\d+: "):
        compiled_rules([folder])
    with pytest.raises(InvalidRule, match="no such folder of rules"):
        compiled_rules([folder / "nowhere"])


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xe9\x00\x00\x00\x80", b"N"])
def test_what_was_kept_may_be_broken(folder: Path, cache: Path, data: bytes) -> None:
    before = [rule.id for rule in compiled_rules([folder])]
    for path in cache.iterdir():
        path.write_bytes(data)
    forget()
    assert [rule.id for rule in compiled_rules([folder])] == before


def test_a_cache_that_cannot_be_is_no_error(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert "MINE001" in {rule.id for rule in compiled_rules([folder])}


def test_old_folders_are_forgotten(folder: Path, cache: Path) -> None:
    compiled_rules([folder])
    for number in range(compiled.KEPT + 5):
        (cache / f"old{number}").write_bytes(b"")
        os.utime(cache / f"old{number}", (0, 0))
    (folder / "dense.yaml").write_text(DENSE + "\n", encoding="utf-8")
    forget()
    compiled_rules([folder])
    assert len(list(cache.iterdir())) == compiled.KEPT


def test_a_run_over_a_small_file_imports_neither_yaml_nor_rope(tmp_path: Path) -> None:
    program = "import sys; from kmigrate.cli import main; main(['diff', 'net.py']); print(*sorted(sys.modules), file=sys.stderr)"
    text = "from numpy import make\nfrom keras.layers import Dense\nDense(output_dim=3)\nmake(output_dim=3)\n"
    (tmp_path / "net.py").write_text(text)
    env = {**os.environ, "PYTHONPATH": str(Path(kmigrate.__file__).parents[1])}

    def modules() -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
        )
        assert "+Dense(units=3)" in done.stdout
        assert ("+make(units=3)" in done.stdout) is (tmp_path / "numpy.py").exists()
        return set(done.stderr.split())

    assert "yaml" in modules(), "the first run reads the rules"
    assert not {"yaml", "rope"} & modules()
    (tmp_path / "numpy.py").write_text("from keras.layers import Dense as make\n")
    assert not {"yaml", "rope"} & modules(), "a module of the user's is read without rope"
    (tmp_path / "net.py").write_text(text + "def train(self):\n    self.net.fit(nb_epoch=2)\n")
    assert "rope" in modules(), "here is an object that nobody knows"
