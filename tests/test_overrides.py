"""Ignore comments and refused changes: what they keep as it is, what falls with them, and that the rest stays right."""

import ast
import builtins
from itertools import combinations
from pathlib import Path

import pytest

import kmigrate
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.overrides import Overrides
from kmigrate.results import FileResult, Outcome, State
from kmigrate.source.text import Source

SAMPLES = Path(__file__).parents[1] / "samples"
HEAD = "from keras.layers import Dense, Convolution2D\n"


def after(text: str, **settings: object) -> FileResult:
    return kmigrate.migrate_text(text, "net.py", settings=Settings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = Dense(output_dim=3)  # kmigrate: ignore\n", None),
        ("x = Dense(output_dim=3)  # kmigrate: ignore[KM100]\n", None),
        ("x = Dense(output_dim=3)  # kmigrate: ignore[KM2, KM1]\n", None),
        ("x = Dense(output_dim=3)  # kmigrate: ignore[KM2]\n", "x = Dense(units=3)  # kmigrate: ignore[KM2]\n"),
        ("x = Dense(output_dim=3,\n          bias=True)  # kmigrate: ignore\n", None),
        ("# kmigrate: ignore\nx = [Dense(output_dim=3),\n     Dense(output_dim=4)]\n", None),
        (
            "x = [Dense(output_dim=3),  # kmigrate: ignore\n     Dense(output_dim=4)]\n",
            "x = [Dense(output_dim=3),  # kmigrate: ignore\n     Dense(units=4)]\n",
        ),
        ("x = '# kmigrate: ignore', Dense(output_dim=3)\n", "x = '# kmigrate: ignore', Dense(units=3)\n"),
    ],
)
def test_a_comment_keeps_what_it_speaks_for(line: str, expected: str | None) -> None:
    result = after("from keras.layers import Dense\n" + line)
    assert result.after == "from keras.layers import Dense\n" + (expected or line)
    assert result.accounted[0] == result.accounted[1]
    assert (State.IGNORED in result.states) is (expected is None or "Dense(output_dim" in expected)


def test_an_ignored_name_keeps_its_import() -> None:
    result = after(HEAD + "a = Convolution2D(3, 3, 3)  # kmigrate: ignore\nb = Convolution2D(3, 3, 3)\n")
    assert "import Dense, Convolution2D, Conv2D\n" in result.after
    assert "b = Conv2D(3, (3, 3))\n" in result.after


def test_an_ignored_import_is_not_touched() -> None:
    head = "from keras.layers.core import Dense, MaxoutDense  # kmigrate: ignore\n"
    result = after(head + "from keras.layers import Convolution2D\nx = Dense(output_dim=3), Convolution2D(3, 3, 3)\n")
    assert result.after.startswith(head)
    assert "x = Dense(units=3), Conv2D(3, (3, 3))\n" in result.after
    assert not result.reviews


def test_names_that_an_ignored_import_brought_are_imported_anew() -> None:
    head = "from keras.layers import Input, merge  # kmigrate: ignore\n"
    result = after(head + "a, b = Input((3,)), Input((3,))\nx = merge([a, b], mode='sum')\n")
    assert result.after.startswith(head + "from keras.layers import add\n")
    assert result.after.endswith("x = add([a, b])\n")


def test_reviews_can_be_ignored_too() -> None:
    text = "from keras.layers import MaxoutDense  # kmigrate: ignore\nx = MaxoutDense(3)  # kmigrate: ignore\n"
    result = after(text)
    assert (result.outcome, result.reviews, result.unused_ignores) == (Outcome.CLEAN, (), ())
    assert after(text.replace("# kmigrate: ignore", "")).reviews


def test_a_whole_file() -> None:
    result = after(HEAD + "# kmigrate: ignore-file\nx = Dense(output_dim=3)\n")
    assert (result.outcome, result.after) == (Outcome.IGNORED, result.before)


def test_comments_of_no_use_are_told() -> None:
    text = HEAD + "x = Dense(3)  # kmigrate: ignore\ny = Dense(output_dim=3)  # kmigrate: ignore[KM100, KM200]\n"
    idle = after(text).unused_ignores
    assert [(comment.position.line, comment.ids) for comment in idle] == [(2, ()), (3, ("KM200",))]
    assert after(text, select=("KM200",)).unused_ignores == ()


def test_a_method_is_renamed_everywhere_or_nowhere() -> None:
    text = (
        "from keras.layers import Layer\n\n\nclass Twice(Layer):\n"
        "    def get_output_shape_for(self, shape):{}\n        return shape\n\n\n"
        "class Thrice(Twice):\n    def get_output_shape_for(self, shape):\n"
        "        return super(Thrice, self).get_output_shape_for(shape)\n"
    )
    assert after(text.format("")).after.count("compute_output_shape") == 3
    assert "compute_output_shape" not in after(text.format("  # kmigrate: ignore")).after


@pytest.mark.parametrize("kept", ["inner.add(Merge([a, b], mode='mul'))", "outer.add(Merge([inner, a]))"])
def test_merges_that_hang_together_are_rewritten_together(kept: str) -> None:
    text = (
        "from keras.layers import Dense, Merge\nfrom keras.models import Sequential\n"
        "a = Sequential([Dense(2, input_dim=3)])\nb = Sequential([Dense(2, input_dim=3)])\n"
        "inner = Sequential()\ninner.add(Merge([a, b], mode='mul'))\n"
        "outer = Sequential()\nouter.add(Merge([inner, a]))\nouter.compile('sgd', 'mse')\n"
    )
    assert "Merge(" not in after(text).after
    ignored = text.replace(kept, f"{kept}  # kmigrate: ignore[KM304]")
    assert after(ignored).after == ignored


def test_a_shape_stays_with_the_tensor_that_it_was_set_on() -> None:
    path = SAMPLES / "two_tower" / "model.py"
    text = path.read_text(encoding="utf-8")
    line = "joint = K.concatenate([question_vector, answer_vector])"
    assert line in text and "joint._keras_shape" in text
    result = after(text.replace(line, line + "  # kmigrate: ignore"))
    assert "joint._keras_shape" in result.after
    assert "from keras import backend as K" in result.after


def subsets(result: FileResult) -> list[frozenset[tuple[str, int, int]]]:
    """Each change alone, all but each, and every second one."""
    keys = [change.key for change in result.changes]
    every = frozenset(keys)
    chosen = [frozenset(pair) for pair in combinations(keys[:8], 2)]
    return [*(frozenset({key}) for key in keys), *(every - {key} for key in keys), frozenset(keys[::2]), every, *chosen]


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.py")), ids=lambda path: str(path.relative_to(SAMPLES)))
def test_any_subset_of_the_changes_of_a_sample_holds(path: Path) -> None:
    source = Source.from_bytes(path.read_bytes(), str(path))
    engine = Engine(path.parent, Settings(unsafe=True))
    whole = engine.migrate(source)
    for refused in subsets(whole):
        result = engine.migrate(source, Overrides(refused=refused))
        assert result.outcome is not Outcome.FAILED, (refused, result.failure)
        assert not {change.key for change in result.changes} & refused
        assert result.accounted[0] == result.accounted[1]
        assert unbound(result.after) <= unbound(result.before)
        if refused == {change.key for change in whole.changes}:
            assert result.changes == ()


def names_bound(text: str) -> set[str]:
    """Names that the top of a module binds by imports, without the help of our own name resolution."""
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {(alias.asname or alias.name).partition(".")[0] for node in imports for alias in node.names}


def unbound(text: str) -> set[str]:
    """Names of Keras that a module calls or reads, and neither imports, nor defines, nor has from `import *`."""
    tree = ast.parse(text)
    if "*" in names_bound(text):
        return set()
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    defined = {n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef | ast.FunctionDef)}
    arguments = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    loaded = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return loaded - stored - defined - arguments - names_bound(text) - set(dir(builtins))
