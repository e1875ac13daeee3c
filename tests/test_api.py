"""The library: text in, result out, nothing written; and change sets that rope does and undoes to the byte."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rope.base.project
from rope.base.exceptions import RopeError

import kmigrate
from kmigrate import FileResult, Outcome, PathNotFound, Settings, State, UnknownRule

pytestmark = pytest.mark.filterwarnings("ignore:Delete once deprecated functions are gone:DeprecationWarning")

KERAS_1 = "from keras.layers import Dense\n\nlayer = Dense(output_dim=3)\n"
KERAS_2 = "from keras.layers import Dense\n\nlayer = Dense(units=3)\n"


@pytest.fixture
def rope_project(tmp_path: Path) -> Iterator[rope.base.project.Project]:
    project = rope.base.project.Project(str(tmp_path), ropefolder=None, save_history=False)
    yield project
    project.close()


def test_text_is_migrated() -> None:
    result = kmigrate.migrate_text(KERAS_1)
    assert (result.path, result.outcome, result.before, result.after) == (None, Outcome.CHANGED, KERAS_1, KERAS_2)
    assert result.to_bytes() == KERAS_2.encode()
    assert result.accounted[0] == result.accounted[1] == sum(result.states.values())
    assert result.states[State.UNACCOUNTED] == 0


def test_text_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = kmigrate.migrate_text(KERAS_1, Path("not") / "there.py")
    assert (result.path, result.after) == (str(Path("not") / "there.py"), KERAS_2)
    assert list(tmp_path.iterdir()) == []


def test_a_buffer_is_seen_in_the_project_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    for name, text in (("setup.py", ""), ("pkg/__init__.py", ""), ("pkg/base.py", "from keras.layers import Dense as D\n")):
        (tmp_path / name).write_text(text)
    text = "from .base import D\n\nlayer = D(output_dim=3)\n"
    migrated = text.replace("output_dim", "units")
    assert kmigrate.migrate_buffer(text, package / "new.py").after == migrated
    assert kmigrate.migrate_buffer(KERAS_1, package / "base.py").after == KERAS_2  # and not what lies on the disk
    assert kmigrate.migrate_text(text, package / "new.py").after == text
    monkeypatch.chdir(package)
    result = kmigrate.migrate_buffer(text, "new.py")
    assert (result.path, result.after) == ("new.py", migrated)
    assert sorted(path.name for path in package.iterdir()) == ["__init__.py", "base.py"]


def test_a_mark_and_a_cookie_in_a_text_are_kept_in_the_bytes() -> None:
    assert kmigrate.migrate_text("\ufeff" + KERAS_1).to_bytes() == b"\xef\xbb\xbf" + KERAS_2.encode()
    latin = "# coding: latin-1\n# é\n"
    assert kmigrate.migrate_text(latin + KERAS_1).to_bytes() == (latin + KERAS_2).encode("latin-1")
    wrong = "# coding: ascii\n# é\n"
    assert kmigrate.migrate_text(wrong + KERAS_1).to_bytes() == (wrong + KERAS_2).encode()


def test_a_broken_text_is_a_failed_result() -> None:
    for text in ("import keras\nprint(\n", "import keras\n\0", "import keras\n\ud800"):
        result = kmigrate.migrate_text(text)
        assert result.outcome is Outcome.FAILED, text
        assert result.failure is not None and result.failure.reason
        assert result.after == result.before


def test_a_path_is_read_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(KERAS_1)
    assert kmigrate.migrate_path(path).after == KERAS_2
    assert kmigrate.migrate_path(str(path)).after == KERAS_2
    assert path.read_text() == KERAS_1
    with pytest.raises(PathNotFound, match="scan"):
        kmigrate.migrate_path(tmp_path)
    with pytest.raises(PathNotFound):
        kmigrate.migrate_path(tmp_path / "nope.py")


def test_scan_takes_one_path_or_many(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(KERAS_1)
    both = kmigrate.scan(tmp_path)
    assert [Path(result.path or "").name for result in both] == ["a.py", "b.py"]
    assert kmigrate.scan([str(tmp_path / "a.py"), tmp_path / "b.py"], settings=Settings(unsafe=True)) == both


def test_rules_are_explained() -> None:
    from kmigrate.ruleset.loader import load_rules

    rule = load_rules()[0]
    assert rule.title in kmigrate.explain(rule.id)
    with pytest.raises(UnknownRule, match="KM999"):
        kmigrate.explain("KM999")


def test_everything_public_is_there() -> None:
    assert all(getattr(kmigrate, name) is not None for name in kmigrate.__all__)
    assert sorted(kmigrate.__all__) == dir(kmigrate)
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = kmigrate.nothing_like_it


def test_public_names_are_not_imported_before_they_are_used() -> None:
    code = "import kmigrate, sys; kmigrate.Settings; print('kmigrate.api' in sys.modules, 'rope' in sys.modules)"
    root = Path(kmigrate.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout == "False False\n"


BYTES = [
    KERAS_1.encode(),
    b"\xef\xbb\xbf" + KERAS_1.replace("\n", "\r\n").encode(),
    KERAS_1.replace("\n", "\r").encode(),
    b"# coding: latin-1\n# caf\xe9\r\n" + KERAS_1.encode() + b"# mixed\r\n\r# no end \xe9",
    KERAS_1.encode() + b"\x0c\n# \xe2\x80\xa8",
]


@pytest.mark.parametrize("data", BYTES)
def test_rope_does_and_undoes_exact_bytes(tmp_path: Path, rope_project: rope.base.project.Project, data: bytes) -> None:
    path = tmp_path / "pkg" / "net.py"
    path.parent.mkdir()
    path.write_bytes(data)
    result = kmigrate.migrate_path(path)
    changes = result.change_set(rope_project)
    assert [resource.path for resource in changes.get_changed_resources()] == ["pkg/net.py"]
    assert "+layer = Dense(units=3)" in changes.get_description()
    rope_project.do(changes)
    assert path.read_bytes() == result.to_bytes() == data.replace(b"output_dim", b"units")
    rope_project.history.undo()
    assert path.read_bytes() == data
    rope_project.history.redo()
    assert path.read_bytes() == result.to_bytes()


def test_a_project_that_saves_its_history_can_save_ours(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(KERAS_1)
    project = rope.base.project.Project(str(tmp_path), save_history=True)
    project.do(kmigrate.migrate_path(tmp_path / "net.py").change_set(project))
    project.close()
    again = rope.base.project.Project(str(tmp_path), save_history=True)
    again.history.undo()
    again.close()
    assert (tmp_path / "net.py").read_text() == KERAS_1


def test_rope_refuses_a_file_that_changed_since(tmp_path: Path, rope_project: rope.base.project.Project) -> None:
    path = tmp_path / "net.py"
    path.write_text(KERAS_1)
    changes = kmigrate.migrate_path(path).change_set(rope_project)
    path.write_text("mine = 1\n")
    with pytest.raises(RopeError, match="changed since"):
        rope_project.do(changes)
    assert path.read_text() == "mine = 1\n"


def test_a_result_without_a_change_is_an_empty_set(tmp_path: Path, rope_project: rope.base.project.Project) -> None:
    (tmp_path / "net.py").write_text(KERAS_2)
    assert kmigrate.migrate_path(tmp_path / "net.py").change_set(rope_project).changes == []


def test_a_change_set_needs_a_path_in_the_project(rope_project: rope.base.project.Project) -> None:
    with pytest.raises(ValueError, match="no path"):
        kmigrate.migrate_text(KERAS_1).change_set(rope_project)
    with pytest.raises(ValueError, match="outside"):
        kmigrate.migrate_text(KERAS_1, "/elsewhere/net.py").change_set(rope_project)
    assert len(kmigrate.migrate_text(KERAS_1, "net.py").change_set(rope_project).changes) == 1


def test_a_result_without_a_source_has_no_bytes() -> None:
    with pytest.raises(ValueError, match="source"):
        FileResult("net.py", Outcome.NOT_KERAS).to_bytes()


def test_what_a_text_that_is_no_notebook_raises_can_be_caught() -> None:
    with pytest.raises(kmigrate.UndecodableSource, match="line 1"):
        kmigrate.migrate_text("print(1)\n", "net.ipynb")
