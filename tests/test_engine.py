# ruff: noqa: E501  the programs of the tables stand on one line each
"""Does one source go through all the stages, and does every one of its uses end in exactly one state?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.errors import UnknownRule, UnknownVersion
from kmigrate.results import Outcome, State
from kmigrate.source.text import Source


def migrate(text: str, **settings: object):
    return Engine(None, Settings(**settings)).migrate(Source("x.py", text))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, outcome",
    [
        ("", Outcome.NOT_KERAS),
        ("  \n\t\n", Outcome.NOT_KERAS),
        ("x = 1\n", Outcome.NOT_KERAS),
        ("# keras\nx = 1\n", Outcome.CLEAN),
        ("from keras.layers import Dense\nDense(3)\n", Outcome.CLEAN),
        ("from keras.layers import Dense\nDense(3, init='a')\n", Outcome.CHANGED),
        ("from keras.layers import Dense\nDense(3, init='a'\n", Outcome.FAILED),
        ("from keras.layers import Dense\n" + "(" * 500 + ")" * 500 + "\n", Outcome.FAILED),
    ],
)  # fmt: skip
def test_outcomes(text: str, outcome: Outcome) -> None:
    result = migrate(text)
    assert result.outcome is outcome
    assert (result.failure is not None) is (outcome is Outcome.FAILED)
    if outcome is not Outcome.CHANGED:
        assert result.after == result.before == text
        assert not result.changes and not result.replacements


def test_a_failure_says_where() -> None:
    failure = migrate("from keras.layers import Dense\nx = (\n").failure
    assert failure is not None and failure.position is not None
    assert failure.position.line == 2
    assert "syntax error" in failure.reason


def test_a_long_sum_does_not_stop_the_run() -> None:
    result = migrate("from keras.layers import Dense\nx = " + " + ".join(["1"] * 3000) + "\nDense(3, init='a')\n")
    assert result.outcome in (Outcome.CHANGED, Outcome.FAILED)


STATES = """\
from keras.layers import Dense, Conv2D
from keras.models import Sequential
a = Dense(3, init='uniform')
b = Dense(units=3, use_bias=False)
c = Dense(3)
d = Dense(3, **kwargs)
"""


def test_states_of_uses() -> None:
    result = migrate(STATES)
    calls = {use.position.line: use.state for use in result.uses if use.kind == "call"}
    assert calls == {3: State.CHANGED, 4: State.ALREADY, 5: State.SAME, 6: State.REVIEW}
    assert result.accounted == (len(result.uses), len(result.uses))
    assert [review.position.line for review in result.reviews] == [6]
    assert [change.position.line for change in result.changes] == [3]


def test_a_text_that_is_there_already_is_no_change() -> None:
    result = migrate(
        "from keras import backend\nfrom keras.layers import Dense\nx = Dense(3, init='a')\nv = backend.batch_get_value(x.weights)\n"
    )
    assert [change.position.line for change in result.changes] == [3]
    assert [(item.start, item.text) for item in result.replacements] == [(70, "kernel_initializer")]
    assert {use.position.line: use.state for use in result.uses if use.kind == "call"} == {3: State.CHANGED, 4: State.SAME}


def test_a_call_whose_import_alone_moves_is_told_by_the_rule_that_moves_imports() -> None:
    text = (
        "from keras.layers.core import Dense, Dropout\n"
        "from keras.utils.np_utils import to_categorical\n"
        "made = [Dense(3), Dropout(p=0.5)]\n"
        "labels = to_categorical(made, 3)\n"
    )
    result = migrate(text)
    told = {(change.name.rpartition(".")[2], change.rule) for change in result.changes}
    assert told == {("Dense", "KM001"), ("Dropout", "KM103"), ("to_categorical", "KM520")}  # the last has a note
    assert [note.rule for note in result.notes] == ["KM520"]


def test_uses_come_in_the_order_of_the_text_and_span_what_they_name() -> None:
    result = migrate(STATES)
    assert [use.start for use in result.uses] == sorted(use.start for use in result.uses)
    first = next(use for use in result.uses if use.kind == "call")
    assert result.before[first.start : first.end] == "Dense(3, init='uniform')"


GUESS = "from keras.models import Sequential\ndef f(m):\n    m.fit(x, y, nb_epoch=3)\n"


def test_unsafe_changes_wait() -> None:
    careful = migrate(GUESS)
    assert careful.outcome is Outcome.CLEAN
    assert [review.unsafe for review in careful.reviews] == [True]
    bold = migrate(GUESS, unsafe=True)
    assert "epochs=3" in bold.after
    assert [change.confidence.value for change in bold.changes] == ["unsafe"]


def test_rules_can_be_chosen() -> None:
    text = "from keras.layers import Dense\nfrom keras.models import Sequential\nDense(3, init='a')\nSequential().fit(x, y, nb_epoch=3)\n"
    only = migrate(text, select=("KM100",)).after
    assert "kernel_initializer" in only and "nb_epoch" in only
    without = migrate(text, ignore=("KM100",)).after
    assert "init='a'" in without and "epochs=3" in without


def test_settings_that_make_no_sense() -> None:
    with pytest.raises(UnknownVersion):
        Engine(None, Settings(to="seven"))
    with pytest.raises(UnknownRule):
        Engine(None, Settings(select=("KM999",)))


def test_one_engine_serves_many_buffers() -> None:
    engine = Engine(None, Settings())
    texts = [f"from keras.layers import Dense\nx{n} = Dense({n}, init='a')\n" for n in range(5)]
    for text in [*texts, *texts]:
        assert engine.migrate(Source("x.py", text)).after == text.replace("init=", "kernel_initializer=")


def test_a_new_text_of_a_buffer_has_the_result_of_that_text_alone(tmp_path: Path) -> None:
    text = (
        "from keras.optimizers import Optimizer\n\nclass Mine(Optimizer):\n    def get_updates(self, params, constraints, loss):\n"
        "        self.updates = [loss]\n        return self.updates\n"
    )
    engine, path = Engine(tmp_path, Settings()), str(tmp_path / "x.py")
    for source in (Source(path, text), Source(path, f"# new\n{text}"), Source(path, text)):
        found, alone = engine.migrate(source), Engine(tmp_path, Settings()).migrate(source)
        assert found.reviews == alone.reviews
    assert found.reviews


def test_todos_in_one_file_change_nothing_for_another(tmp_path: Path) -> None:
    (tmp_path / "setup.py").touch()
    one = "from keras.layers import Convolution2D, MaxoutDense\n\nhard = MaxoutDense(4)\nx = Convolution2D(8, 3, 3)\n"
    (tmp_path / "one.py").write_text(one)
    other = Source(str(tmp_path / "other.py"), "from one import Convolution2D\n\nx = Convolution2D(8, 3, 3)\n")
    engine = Engine(tmp_path, Settings(todo=True))
    assert "TODO(kmigrate KM133)" in engine.migrate(Source(str(tmp_path / "one.py"), one)).after
    assert engine.migrate(other).after == "import one\nfrom keras.layers import Conv2D\n\nx = Conv2D(8, (3, 3))\n"


def test_the_text_on_disk_of_the_file_itself_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("class Dense: pass\n")
    text = "from keras.layers import Dense\nDense(3, init='a')\n"
    assert "kernel_initializer" in Engine(tmp_path, Settings()).migrate(Source(str(path), text)).after


def test_modules_that_do_not_parse_or_decode_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def (\n")
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "loop.py").write_text("from x import *\nfrom loop import *\n")
    text = "import broken\nfrom broken import a\nfrom bytes import b\nfrom loop import *\nfrom keras.layers import Dense\nDense(3, init='a')\n"
    path = tmp_path / "x.py"
    path.write_text(text)
    assert "kernel_initializer" in Engine(tmp_path, Settings()).migrate(Source(str(path), text)).after


def test_a_package_that_imports_itself_in_circles(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("from .a import *\n")
    (package / "a.py").write_text("from .b import model\nfrom . import b\n")
    (package / "b.py").write_text(
        "from .a import model as model\nfrom keras.models import Sequential\nmodel = Sequential()\n"
    )
    text = "from pkg import model\nmodel.fit(x, y, nb_epoch=3)\n"
    path = tmp_path / "x.py"
    path.write_text(text)
    assert Engine(tmp_path, Settings(unsafe=True)).migrate(Source(str(path), text)).outcome is not Outcome.FAILED
