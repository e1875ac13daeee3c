"""Plans: exactly what a person approved is made, proven like a whole run, or refused with the reason."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_notebooks import notebook

from kmigrate.applying import apply
from kmigrate.config import Settings
from kmigrate.errors import InvalidPlan
from kmigrate.journal import undo
from kmigrate.plan import read_plan
from kmigrate.replay import replay
from kmigrate.report import plan as plan_report
from kmigrate.report.model import Report
from kmigrate.results import FileResult, Outcome
from kmigrate.runner import run
from kmigrate.waiting import with_texts

NET = """\
from keras.layers import Dense, Input, merge
from keras.models import Model
from keras import backend as K


def net(width=3):
    a, b = Input((4,)), Input((4,))
    x = Dense(output_dim=width, init='uniform')(merge([a, b], mode='sum'))
    y = K.concatenate([a, b])
    y._keras_shape = (None, 8)
    return Model(input=[a, b], output=Dense(output_dim=2)(merge([x, y], mode='concat')))
"""
WAITING = "import keras\n\n\ndef train(model):\n    model.fit(1, 2, nb_epoch=3)\n"

Decide = Callable[[dict[str, Any]], None]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a file to migrate and one that waits for `--unsafe`; a journal of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "net.py").write_text(NET)
    (folder / "waiting.py").write_text(WAITING)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


def planned(settings: Settings | None = None, path: str = ".") -> dict[str, Any]:
    """The plan for the working directory, as it stands in the file."""
    chosen = settings or Settings()
    paths = [Path(path)]
    report = Report.of(with_texts(tuple(run(paths, chosen)), paths, chosen), None, paths, settings=chosen)
    read: dict[str, Any] = json.loads(plan_report.render(report))
    return read


def applied(plan: object, decide: Decide | None = None) -> dict[str, FileResult]:
    """Let a person work on the entries, and apply the plan."""
    if decide is not None:
        assert isinstance(plan, dict)
        for file in plan["files"]:
            for entry in file["changes"]:
                decide(entry)
    Path("plan.json").write_text(json.dumps(plan))
    return {result.path or "": result for result in apply(replay(read_plan(Path("plan.json"))))[0]}


def only(*rules: str) -> Decide:
    def decide(entry: dict[str, Any]) -> None:
        entry["approved"] = entry["rule"] in rules

    return decide


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_plan_as_it_is_does_what_migrate_does(project: Path, unsafe: bool) -> None:
    settings = Settings(unsafe=unsafe)
    applied(planned(settings))
    made = {path.name: path.read_bytes() for path in project.glob("*.py")}
    assert made["net.py"] != NET.encode()
    assert (b"epochs=3" in made["waiting.py"]) is unsafe
    assert not undo().refused
    assert (project / "net.py").read_text() == NET
    apply(run([project], settings))
    assert {path.name: path.read_bytes() for path in project.glob("*.py")} == made


def test_only_approved_changes_are_made_with_their_imports(project: Path) -> None:
    results = applied(planned(), only("KM300"))
    text = (project / "net.py").read_text()
    assert list(results) == ["net.py"]
    assert "from keras.layers import Dense, Input, add, concatenate\n" in text
    assert "Dense(output_dim=width, init='uniform')(add([a, b]))" in text
    assert "y = K.concatenate([a, b])\n    y._keras_shape = (None, 8)\n" in text
    assert "Model(input=[a, b], output=" in text


def test_an_import_stays_for_the_change_that_is_not_approved(project: Path) -> None:
    def first_merge(entry: dict[str, Any]) -> None:
        entry["approved"] = entry["rule"] == "KM300" and "sum" in entry["before"]

    applied(planned(), first_merge)
    text = (project / "net.py").read_text()
    assert "import Dense, Input, merge, add\n" in text
    assert "(add([a, b]))" in text and "merge([x, y], mode='concat')" in text


def test_an_entry_that_waits_for_unsafe_can_be_approved(project: Path) -> None:
    def waiting(entry: dict[str, Any]) -> None:
        if not entry["approved"]:
            assert (entry["before"], entry["after"]) == ("model.fit(1, 2, nb_epoch=3)", "model.fit(1, 2, epochs=3)")
            assert entry["confidence"] == "unsafe"
            entry["approved"] = True

    applied(planned(), waiting)
    assert "model.fit(1, 2, epochs=3)" in (project / "waiting.py").read_text()


def test_what_belongs_together_has_the_name_of_its_group(project: Path) -> None:
    layer = "class L(Layer):\n    def get_output_shape_for(self, s):\n        return s\n"
    (project / "layers.py").write_text(f"from keras.layers import Layer\n\n\n{layer}\n\n{layer.replace('L(', 'M(')}")
    files = {file["path"]: file["changes"] for file in planned()["files"]}
    assert [(entry["rule"], entry["group"]) for entry in files["layers.py"]] == [("KM450", "KM450")] * 2
    found = {entry["rule"]: entry["group"] for entry in files["net.py"]}
    assert (found["KM440"], found["KM441"], found["KM100"]) == ("y", "y", None)


def test_what_belongs_together_is_not_torn_apart(project: Path) -> None:
    failure = applied(planned(), only("KM441"))["net.py"].failure
    assert failure and "KM441 at line 10 makes no sense without another that is not approved" in failure.reason
    assert (project / "net.py").read_text() == NET


def test_an_import_of_a_submodule_follows_the_uses_that_are_approved(project: Path) -> None:
    uses = "a = Convolution2D(3, 3, 3)\nb = Convolution2D(4, 3, 3)\n"
    (project / "net.py").write_text("from keras.layers.convolutional import Convolution2D\n" + uses)

    def all_but_the_last(entry: dict[str, Any]) -> None:
        entry["approved"] = entry["line"] < 3

    assert applied(planned(), all_but_the_last)["net.py"].failure is None
    text = (project / "net.py").read_text()
    assert text.startswith("from keras.layers import Convolution2D, Conv2D\na = Conv2D(3, (3, 3))\nb = Convolution2D(4, 3, 3)\n")


def test_a_new_name_is_imported_beside_an_import_that_is_to_stay(project: Path) -> None:
    head = "from keras.utils.visualize_util import plot\n"
    (project / "net.py").write_text(head + "plot(3)\n")

    def the_use(entry: dict[str, Any]) -> None:
        entry["approved"] = entry["line"] == 2

    assert applied(planned(), the_use)["net.py"].failure is None
    assert (project / "net.py").read_text() == head + "from keras.utils import plot_model\nplot_model(3)\n"


WAITING_USE = """\
from keras.layers.core import Dense, Merge
from keras.engine import merge
def join(a, b):
    return merge([a, b], mode='sum'), merge([a, b], mode='cos', dot_axes=1)
"""


def test_a_change_that_waits_leaves_the_rest_as_it_was_shown(project: Path) -> None:
    (project / "net.py").write_text(WAITING_USE)
    (shown,) = run([Path("net.py")], Settings())
    result = applied(planned(path="net.py"))["net.py"]
    assert (project / "net.py").read_text() == shown.after
    assert (result.reviews, result.states) == (shown.reviews, shown.states)
    assert any(review.unsafe for review in result.reviews)


def test_an_import_that_no_entry_shows_follows_a_change_that_waited(project: Path) -> None:
    head = "from keras.layers import Dense, add\nfrom keras.engine import merge\n"
    (project / "net.py").write_text(head + "x = merge([1, 2], mode='cos')\n")
    plan = planned(path="net.py")
    assert [entry["line"] for entry in plan["files"][0]["changes"]] == [3]
    applied(plan, lambda entry: entry.update(approved=True))
    assert "import merge" not in (project / "net.py").read_text()


BRANCHES = """\
from keras.layers import Dense, Merge
from keras.models import Sequential
a = Sequential([Dense(2, input_dim=3)])
b = Sequential([Dense(2, input_dim=3)])
c = Sequential([Dense(2, input_dim=3)])
model = Sequential([Merge([Merge([a, b], mode='sum'), c], mode='concat'), Dense(output_dim=3)])
model.compile('sgd', 'mse')
"""
COUNTED = """\
from keras.layers import Dense
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator
images = ImageDataGenerator().flow(x, y, batch_size=16)
model = Sequential([Dense(3, input_dim=4)])
model.fit_generator(images, samples_per_epoch=images.N, nb_epoch=2)
"""
DRAWN = """\
from keras.initializations import normal
from keras.layers import Dense, Bidirectional, LSTM
from keras.layers.convolutional import Convolution2D, Convolution1D as C1
layers = Dense(8, init=lambda shape, name: normal(shape, scale=1e-4, name=name)), Bidirectional(LSTM(3, dropout_W=.2))
known = isinstance(layers, Convolution2D), C1
"""
SIZED = """\
from keras.layers import Dense
class Scaled(Dense):
    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[1], self.output_dim), initializer='one', name='kernel')
"""


@pytest.mark.parametrize("text", [NET, BRANCHES, COUNTED, DRAWN, SIZED], ids=["net", "branches", "counted", "drawn", "sized"])
def test_no_choice_that_keeps_the_groups_whole_is_refused(project: Path, text: str) -> None:
    (project / "net.py").write_text(text)
    plan = planned(Settings(unsafe=True), "net.py")
    entries = plan["files"][0]["changes"]
    named = {entry["id"]: entry["group"] or entry["id"] for entry in entries}
    groups = [{id for id in named if named[id] == name} for name in set(named.values())]
    every = set(named)
    for chosen in [*groups, *(every - group for group in groups)]:
        for entry in entries:
            entry["approved"] = entry["id"] in chosen
        Path("plan.json").write_text(json.dumps(plan))
        for result in replay(read_plan(Path("plan.json"))):
            assert result.failure is None, (chosen, result.failure)


def test_a_call_is_no_entry_for_what_changes_inside_of_it_alone(project: Path) -> None:
    head = "from keras.layers import LSTM\nfrom keras.layers.wrappers import Bidirectional\n"
    (project / "net.py").write_text(head + "x = Bidirectional(LSTM(3, dropout_W=.2))\n")
    assert [entry["rule"] for entry in planned(path="net.py")["files"][0]["changes"]] == ["KM001", "KM200"]


def edited(rule: str, before: str, after: str) -> Decide:
    def decide(entry: dict[str, Any]) -> None:
        if entry["rule"] == rule and before in entry["before"]:
            entry["after"] = after

    return decide


def test_a_text_written_by_hand_is_taken(project: Path) -> None:
    text = "Dense(width,  # mine\n              kernel_initializer='uniform')"
    applied(planned(), edited("KM100", "init='uniform'", text))
    assert f"x = {text}(add([a, b]))" in (project / "net.py").read_text()


@pytest.mark.parametrize(
    ("head", "use", "text", "line"),
    [
        (
            "from keras.layers import Convolution2D", "Convolution2D(3, 3, 3)", "Conv2D(9, (3, 3))",
            "from keras.layers import Conv2D",
        ),
        ("from keras.layers import Convolution2D", "Convolution2D(3, 3, 3)", "None", ""),
        ("from keras.layers import Convolution2D as C", "C(3, 3, 3)", "C(9, (3, 3))", "from keras.layers import Conv2D as C"),
        ("from keras import layers", "layers.Convolution2D(3, 3, 3)", "layers.Conv2D(9, (3, 3))", "from keras import layers"),
        (
            "import keras.layers.convolutional as L", "L.Convolution2D(3, 3, 3)", "L.Conv2D(9, (3, 3))",
            "import keras.layers as L",
        ),
        ("from keras.layers import merge", "merge([1, 2], mode='sum')", "add([2, 1])", "from keras.layers import add"),
        ("from keras.layers import merge", "merge([1, 2], mode='sum')", "3", ""),
    ],
)
def test_a_text_written_by_hand_brings_the_imports_that_it_needs(
    project: Path, head: str, use: str, text: str, line: str
) -> None:
    (project / "net.py").write_text(f"{head}\n\nx = {use}\n")
    result = applied(planned(), lambda entry: entry.update(after=text))["net.py"]
    assert result.failure is None
    assert (project / "net.py").read_text().strip() == f"{line}\n\nx = {text}".strip()


def test_a_text_written_by_hand_brings_what_stands_inside_of_it(project: Path) -> None:
    head = "from keras.layers import Input, Convolution2D\nfrom keras.models import Model\na = Input((3, 3, 3))\n"
    (project / "net.py").write_text(head + "m = Model(input=a, output=Convolution2D(3, 3, 3)(a))\n")
    text = "Model(inputs=a, outputs=Conv2D(4, (3, 3))(a))"
    applied(planned(), edited("KM330", "Model", text))
    assert (project / "net.py").read_text() == head.replace("Convolution", "Conv") + f"m = {text}\n"


def test_a_text_for_an_import_is_refused_and_not_dropped(project: Path) -> None:
    before = "from keras.layers.core import Dense\nx = Dense(3)\n"
    (project / "net.py").write_text(before)
    plan = planned()
    assert [entry["rule"] for entry in plan["files"][0]["changes"]] == ["KM001"]
    failure = applied(plan, edited("KM001", "core", "from keras.layers import Dense  # mine"))["net.py"].failure
    assert failure and "its text cannot be written by hand" in failure.reason
    assert (project / "net.py").read_text() == before


def test_a_moved_function_is_one_entry(project: Path) -> None:
    (project / "net.py").write_text("from keras.utils.visualize_util import plot\n")
    assert len(planned()["files"][0]["changes"]) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Dense(units=width", "would not compile"),
        ("Dens(units=width)", "the name `Dens` would not be bound"),
        ("Dense(output_dim=width)", "line 7, as it was written by hand, is still Keras 1: `Dense`"),
        ("Dense(units=width, colour=3)", "as it was written by hand: this call fits neither Keras 1"),
    ],
)
def test_a_text_written_by_hand_is_verified(project: Path, text: str, reason: str) -> None:
    results = applied(planned(Settings(unsafe=True)), edited("KM100", "init='uniform'", text))
    failure = results["net.py"].failure
    assert failure and reason in failure.reason
    assert (project / "net.py").read_text() == NET
    assert "epochs=3" in (project / "waiting.py").read_text()


@pytest.mark.parametrize("change", [lambda path: path.write_text(NET + "# more\n"), os.truncate])
def test_a_file_that_changed_is_refused_and_the_others_are_written(
    project: Path, change: Callable[..., object]
) -> None:
    plan = planned(Settings(unsafe=True))
    if change is os.truncate:
        os.truncate(project / "net.py", 0)
    else:
        change(project / "net.py")
    now = (project / "net.py").read_bytes()
    failure = applied(plan)["net.py"].failure
    assert failure and failure.reason.startswith("the file changed since the plan was made")
    assert (project / "net.py").read_bytes() == now
    assert "epochs=3" in (project / "waiting.py").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_file_whose_name_is_no_text_is_planned_and_written(project: Path) -> None:
    path = project / os.fsdecode(b"net\xff.py")
    path.write_text("from keras.layers import Dense\nx = Dense(output_dim=3)\n")
    report = Report.of(run([project], Settings()), None, [Path()], settings=Settings())
    Path("plan.json").write_bytes(plan_report.render(report).encode("utf-8", "backslashreplace"))
    apply(replay(read_plan(Path("plan.json"))))
    assert "units=3" in path.read_text()


def test_a_plan_saved_with_a_byte_order_mark_is_read(project: Path) -> None:
    Path("plan.json").write_text(json.dumps(planned()), encoding="utf-8-sig")
    assert read_plan(Path("plan.json")).files[0].path == "net.py"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda plan: plan | {"files": 3}, "`files`: input should be a valid"),
        (lambda plan: plan | {"more": 1}, "`more`: extra inputs are not permitted"),
        (lambda plan: plan | {"plan": 2}, "`plan`: input should be 1"),
        (lambda plan: plan | {"kmigrate": "0.0.1"}, "the plan was made by kmigrate 0.0.1"),
        (lambda plan: plan | {"paths": ["elsewhere"]}, "the plan is about `elsewhere`, which is not here"),
        (lambda plan: [], "this is no plan of kmigrate"),
        (lambda plan: plan | {"files": plan["files"] * 2}, "`files`: `net.py` is listed twice"),
        (
            lambda plan: plan | {"files": [plan["files"][0] | {"changes": plan["files"][0]["changes"][:1] * 2}]},
            "`files.0.changes`: the change of KM100 at line 8 is listed twice",
        ),
    ],
)
def test_what_is_no_plan_is_refused(project: Path, damage: Callable[[dict[str, Any]], object], told: str) -> None:
    plan = damage(planned())
    with pytest.raises(InvalidPlan) as refused:
        applied(plan)
    assert told in str(refused.value)
    assert (project / "net.py").read_text() == NET


def test_a_notebook(project: Path) -> None:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": NET.splitlines(True)}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 0}
    (project / "net.ipynb").write_text(json.dumps(notebook))
    assert applied(planned(path="net.ipynb"))["net.ipynb"].outcome is Outcome.CHANGED
    (source,) = (cell["source"] for cell in json.loads((project / "net.ipynb").read_text())["cells"])
    assert "    x = Dense(units=width, kernel_initializer='uniform')(add([a, b]))\n" in source


def test_what_makes_no_sense_in_a_notebook_is_told_with_its_cell(project: Path) -> None:
    (project / "net.ipynb").write_bytes(notebook("from keras.layers import Layer\n", NET))
    failure = applied(planned(path="net.ipynb"), only("KM441"))["net.ipynb"].failure
    assert failure and "the change of KM441 at cell 2, line 10 makes no sense" in failure.reason
