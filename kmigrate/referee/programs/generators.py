"""How is a model trained on batches that come one by one? From a generator of the user, and from an iterator over images."""

from __future__ import annotations

from hypothesis import strategies as st

from kmigrate.referee.programs.calls import Draw, call, method
from kmigrate.referee.programs.compiling import FIXED
from kmigrate.referee.programs.text import Imports, Written, written
from kmigrate.referee.programs.values import texts

_COUNT = "seen = []\ncount = <keras.callbacks.LambdaCallback>(on_batch_end=lambda batch, logs: seen.append(batch))"
_BATCHES = (
    "def batches():\n    while True:\n        for start in (0, 2):\n"
    "            yield x[start:start + 2], y[start:start + 2]\n"
)
_IMAGES = (
    "model = <keras.models.Sequential>()\n"
    "model.add(<keras.layers.Flatten>(input_shape=(2, 2, 1)))\n"
    "model.add(<keras.layers.Dense>(3, weights=[R(4, 3, seed=5), R(3, seed=6)]))\n"
    "model.compile('sgd', 'mse')\n"
    "x, y = R({rows}, 2, 2, 1), R({rows}, 3, seed=1)\n"
    "images = <keras.preprocessing.image.ImageDataGenerator>()"
)


@st.composite
def own(draw: Draw) -> Written:
    """A model that is trained on a generator; the losses, and how many batches it took, are told."""
    asked = "(x[:2] for _ in iter(int, 1))"
    lines = [FIXED, "", _BATCHES]
    return _trained(draw, "fit_generator", lines, "batches()", "batches()", asked, texts(2, 4, 6))


@st.composite
def iterated(draw: Draw) -> Written:
    """A model that is trained on an iterator over images, whose batch size can be read; in order, so that it can be told."""
    rows, size = draw(st.integers(4, 6)), draw(st.sampled_from([None, 1, 2, 3]))
    lines = [_IMAGES.format(rows=rows)]
    shown = str(size)
    if size is not None and draw(st.booleans()):
        lines.append(f"batch_size = {size}")
        shown = "batch_size"
    given = {} if size is None else {"batch_size": shown}
    flows = [
        draw(
            call("keras.preprocessing.image.ImageDataGenerator.flow", {"X": "x", **labels, **given, "shuffle": "False"})
        )
        for labels in ({"y": "y"}, {})
    ]
    labelled, plain = (method("images", text) for text in flows)
    counts = st.sampled_from([str(rows), "len(x)", "x.shape[0]"]) | st.integers(1, 2 * rows).map(str)
    if draw(st.booleans()):
        lines.append(f"batches = {labelled}")
        return _trained(draw, "fit_generator of images", lines, "batches", labelled, plain, counts)
    return _trained(draw, "fit_generator of images", lines, labelled, labelled, plain, counts)


def _trained(
    draw: Draw, family: str, lines: list[str], training: str, labelled: str, plain: str, counts: st.SearchStrategy[str]
) -> Written:
    """`training` and `labelled` give batches with what the model has to learn, `plain` without; `counts` are numbers of samples.

    A generator that has trained a model is used up by an unknown number of batches, which waited in the queue.
    """
    arguments = {
        "generator": training, "samples_per_epoch": draw(counts), "nb_epoch": draw(texts(1, 2)), "callbacks": "[count]",
    }  # fmt: skip
    if draw(st.booleans()):
        arguments |= {"validation_data": labelled, "nb_val_samples": draw(counts)}
    for key in draw(st.sets(st.sampled_from(["verbose", "max_q_size"]))):
        arguments[key] = {"verbose": "0", "max_q_size": "3"}[key]
    lines, told, batches = [*lines, _COUNT], ["training=history.history"], ["seen"]
    if draw(st.booleans()):
        asked = {"generator": labelled, "val_samples": draw(counts)}
        lines.append(f"loss = {method('model', draw(call('keras.models.Sequential.evaluate_generator', asked)))}")
        told.append("loss=loss")
    if draw(st.booleans()):
        asked = {"generator": plain, "val_samples": draw(counts)}
        lines.append(f"out = {method('model', draw(call('keras.models.Sequential.predict_generator', asked)))}")
        batches.append("len(out)")
        told.append("out=out[:2]")
    lines.append(f"history = {method('model', draw(call('keras.models.Sequential.fit_generator', arguments)))}")
    lines.append(f"report({', '.join(told)}, batches=[{', '.join(batches)}])")
    return written(family, "\n".join(lines), draw(st.sampled_from(Imports)))
