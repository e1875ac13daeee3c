"""Do scripts come to their end without their data, their packages and their time, and are the right things compared?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kmigrate.cli import main
from kmigrate.config import Settings
from kmigrate.referee.project import Task, told, verify
from kmigrate.runner import run
from kmigrate.verification import Answer

OLD, NEW = "1.2.2", "2.3.1"
MODEL = (
    "import numpy as np\nfrom keras.models import Sequential\nfrom keras.layers import Dense, Merge\n"
    "from keras import backend as K\nimport keras\nold = keras.__version__[0] == '1'\n"
    "model = Sequential([Dense(1, input_dim=3)])\nmodel.compile('sgd', 'mse')\nx, y = np.ones((8, 3)), np.ones((8, 1))\n"
)
NETWORK = (
    "import argparse\nimport keras\nfrom keras import backend as K\nfrom keras.applications import vgg16\n"
    "from keras.preprocessing.image import load_img, img_to_array\n"
    "from scipy.misc import imsave\nfrom scipy.optimize import fmin_l_bfgs_b\n"
    "parser = argparse.ArgumentParser()\nparser.add_argument('base_image_path')\nparser.add_argument('--rounds', default=3)\n"
    "x = img_to_array(load_img(parser.parse_args().base_image_path, target_size=(48, 48)))[None]\n"
    "model = vgg16.VGG16(weights='imagenet', include_top=False, input_shape=(48, 48, 3))\n"
    "features = K.function([model.input], [model.layers[2].output])\n"
    "other = K.function([model.input], [model.output * (1 if keras.__version__[0] == '1' else 2)])\n"
    "imsave('out.png', features([x])[0][0])\nfound, _, _ = fmin_l_bfgs_b(lambda x: other([x])[0].sum(), x, fprime=lambda x: x)\n"
)
FILES = MODEL + (
    "import os, re, tarfile, editdistance, cairocffi, pylab\nfrom keras.utils.data_utils import get_file\n"
    "stories = tarfile.open(get_file('babi-tasks-v1-2.tar.gz', origin='https://example.org/babi.tar.gz'))\n"
    "task = stories.extractfile('tasks_1-20_v1-2/en/qa1_single-supporting-fact_train.txt').read().decode()\n"
    "assert task.startswith('1 Mary moved to the bathroom.'), task\n"
    "assert len(open('/data/glove.6B.50d.txt').readline().split()) == 51\n"
    "group = os.path.join('/data/20_newsgroup', sorted(os.listdir('/data/20_newsgroup'))[0])\n"
    "assert os.path.isdir(group) and open(os.path.join(group, '1000')).read()\n"
    "assert re.split('( )?', 'a b') == ['a', ' ', 'b'] and list(xrange(2)) == [0, 1]\n"
    "from scipy.misc import imresize\nfrom tqdm import tqdm, trange\n"
    "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pylab as plt\nfrom matplotlib.gridspec import GridSpec\n"
    "plt.imshow(x), GridSpec(2, 2)[0], matplotlib.cm.jet\nassert list(tqdm([1], desc='x')) == list(trange(1, 2)) == [1]\n"
    "assert imresize(np.ones((4, 6, 3)), (2, 5)).shape == (2, 5, 3) and imresize(np.ones((4, 6)), 50).shape == (2, 3)\n"
    "assert imresize(np.ones((4, 6)), 1.5).shape == (6, 9)\n"
    "assert not os.path.exists('/data/mine') and editdistance.eval('ab', 'a') == 2\n"
)
LONG = MODEL + (
    "for _ in range(100000):\n    model.train_on_batch(x, y)\n"
    "assert K.get_value(model.optimizer.iterations) <= 10\n"
    "assert model.fit(x, y, nb_epoch=20, verbose=0).epoch == [19]\n"
    "assert model.fit(x, y, nb_epoch=25, initial_epoch=20, verbose=0).epoch == [20]\n"
)
MANY = MODEL + (
    "big = np.random.RandomState(0).uniform(size=(60000, 3))\n"
    "four = model.predict(big, batch_size=4)\nassert four.shape == (60000, 1) and np.array_equal(four[:8], four[8:16])\n"
    "some = model.predict(big, 16)\nassert len(some) == 60000 and np.array_equal(some[:32], some[32:64])\n"
    "model.train_on_batch(big, np.ones((60000, 1)))\n"
    "other = Sequential([Dense(1, batch_input_shape=(100, 3))])\n"
    "assert other.predict(np.arange(600).reshape(200, 3), batch_size=100)[0] != 0\n"
)
MERGED = MODEL + (
    "left = Sequential([Dense(2, input_dim=3)])\nright = Sequential([Dense(2, input_dim=3)])\n"
    "both = Sequential()\nboth.add(Merge([left, right], mode='sum'))\n"
    "model = Sequential()\nmodel.add(Merge([both, right], mode='concat'))\nmodel.add(Dense(1))\n"
    "model.compile('sgd', 'mse')\nmodel.fit([x, x, x], y, nb_epoch=1)\n"
)
WEIGHTS = MODEL + (
    "from keras.utils.data_utils import get_file\n"
    "if old:\n    from keras.utils.visualize_util import plot\nelse:\n    from keras.utils import plot_model as plot\n"
    "model.load_weights(get_file('mine.h5', 'https://example.org/mine.h5'))\nmodel.load_weights('of_the_author.hdf5')\n"
    "plot(model, to_file='model.png', show_shapes=True)\n"
    "model.save_weights('own.h5')\nheld = model.get_weights()[0]\nmodel.set_weights([held + 1, np.ones(1)])\n"
    "model.load_weights('own.h5')\nassert np.array_equal(model.get_weights()[0], held)\n"
)
PYTHON_2 = {
    "train.py": (
        "import cPickle\nfrom parts import sizes\nfrom keras.models import Sequential\nfrom keras.layers import Dense\n"
        "print 'makes', sizes.half\nmodel = Sequential([Dense(output_dim=7 / sizes.half, input_dim=3)])\n"
        "for name, size in {'a': 1}.iteritems():\n    assert size / 2 == 0 and size / 2. == 0.5, name\n"
        "n = 7\nn /= 2\nassert n == 3, n\nmodel.compile('sgd', 'mse')\n"
    ),
    "__init__.py": "",
    "parts/__init__.py": "",
    "parts/sizes.py": "import numbers_of_ours\nprint 'imported'\nhalf = numbers_of_ours.five / 2\n",
    "parts/numbers_of_ours.py": "five = 5\n",
}
SAMPLING = (
    "from keras import backend as K\nfrom keras.layers import Dense, Input, Lambda\nfrom keras.models import Model\n"
    "x = Input(shape=(3,))\nh = Lambda(lambda t: t + K.random_normal(K.shape(t), std=0.5) + K.random_uniform(K.shape(t)))(x)\n"
    "model = Model(x, Dense(2)(h))\n"
)
STOPS = MODEL + (
    "if old:\n    raise SystemExit('no')\nextra = Sequential([Dense(1, input_dim=3)])\nextra.compile('sgd', 'mse')\n"
    "extra.predict(x)\n"
)
EXTRA = MODEL + (
    "if old:\n    extra = Sequential([Dense(1, input_dim=3)])\n    extra.compile('sgd', 'mse')\n"
    "    extra.predict(x)\n    del extra\n"
)

pytestmark = pytest.mark.keras
Findings = list[tuple[str, str, list[str]]]


@pytest.fixture
def verified(
    needs: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], Findings]:
    """Verifies a project of one script: of each finding the model, the answer and the details."""

    def check(text: str) -> Findings:
        needs(OLD, NEW)
        (tmp_path / "train.py").write_text(text)
        main(["verify", str(tmp_path), "--old", OLD, "--new", NEW, "--format", "json"])
        found = json.loads(capsys.readouterr().out)["verification"]["findings"]
        return [(item["model"], item["answer"], item["details"]) for item in found]

    return check


def test_known_networks_have_the_same_weights_and_functions_of_them_are_compared(
    verified: Callable[[str], Findings],
) -> None:
    model, features, other, *more = verified(NETWORK)
    assert (model, features, more) == (("model", "same", []), ("K.function 1", "same", []), [])
    assert other[:2] == ("K.function 2", "differs")
    assert other[2][0].startswith("computes[0] (")


@pytest.mark.parametrize("text", [FILES, WEIGHTS, LONG, MANY, SAMPLING])
def test_scripts_come_to_their_end(verified: Callable[[str], Findings], text: str) -> None:
    (name, answer, details), *others = verified(text)
    assert (name, answer, details) == ("model", "same", [])
    assert all(found[1:] == ("same", []) for found in others)


def test_python_2_runs_as_it_did(
    needs: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs(OLD, "2.15.0")
    for name, text in PYTHON_2.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    main(["verify", str(tmp_path), "--old", OLD, "--new", "2.15.0", "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["verification"]["findings"]
    assert (found["model"], found["answer"], found["details"]) == ("model", "same", [])


@pytest.mark.parametrize(("asked", "answer"), [(["--ordering", "th"], "same"), ([], "could not run")])
def test_images_can_have_their_channels_first(
    needs: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str], answer: str
) -> None:
    needs(OLD, NEW)
    (tmp_path / "train.py").write_text(
        "from keras.models import Sequential\nfrom keras.layers import Convolution2D, MaxPooling2D, Reshape\n"
        "model = Sequential([Convolution2D(4, 3, 3, border_mode='same', input_shape=(3, 6, 8)), MaxPooling2D()])\n"
        "model.add(Reshape((4 * 3 * 4,)))\nmodel.compile('sgd', 'mse')\n"
    )
    main(["verify", str(tmp_path), "--old", OLD, "--new", NEW, "--format", "json", *asked])
    found = json.loads(capsys.readouterr().out)["verification"]["findings"]
    assert found[-1]["answer"] == answer


ODD = MODEL + (
    "from keras.models import Model\nclass Odd(Model):\n    def __init__(self):\n        self.__dict__['layers'] = []\n"
    "odd = Odd()\ntry:\n    odd.summary()\nexcept Exception:\n    pass\n"
)


def test_what_computes_on_neither_is_not_the_same(verified: Callable[[str], Findings]) -> None:
    (name, answer, _), (odd, stopped, (why,)) = verified(ODD)
    assert (name, answer, odd, stopped) == ("model", "same", "Odd", "could not run")
    assert why.startswith("computes on neither: ")


def test_models_are_paired_by_their_names(verified: Callable[[str], Findings]) -> None:
    names = [model for model, answer, _ in verified(MERGED) if answer == "same"]
    assert names[-3:] == ["model", "left", "right"]


def test_a_model_that_worked_only_before_is_told(verified: Callable[[str], Findings]) -> None:
    (_, first, _), (_, second, details) = verified(EXTRA)
    assert (first, second, details) == ("same", "differs", ["made before the migration only"])


ASKING = MODEL + (
    "from keras.layers import Input\nfrom keras.models import Model\n"
    "x = Input(shape=(3,))\ncode = Dense(2)(x)\nmodel = Model(x, Dense(1)(code))\n"
    "def loss(true, predicted):\n    return true * K.square(predicted) + K.sum(code)\n"
    "model.compile('sgd', loss)\nmodel.fit(np.ones((8, 3)), np.ones((8, 1), dtype='int64'), nb_epoch=1)\n"
)


COUNTING = MODEL + (
    "def batches(size):\n    while True:\n        yield np.ones((size, 3)), np.ones((size, 1))\n"
    "import sys\nmodel.fit_generator(batches(len(sys.argv) + 3), samples_per_epoch=8, nb_epoch=2, verbose=0)\n"
)


@pytest.mark.parametrize("as_told", [True, False])
def test_samples_of_a_generator_are_counted_as_steps_if_that_is_wanted(
    needs: Callable[..., None], tmp_path: Path, as_told: bool
) -> None:
    needs(OLD, NEW)
    (tmp_path / "train.py").write_text(COUNTING)
    task = Task(tmp_path, tuple(run([tmp_path], Settings())), (Path("train.py"),), 60.0, as_told)
    assert told(task, "train.py", NEW) == (["steps"] if as_told else [])
    assert (set(verify(task, OLD, NEW).answers) == {Answer.SAME}) is as_told


@pytest.mark.parametrize("as_told", [True, False])
def test_what_notes_ask_for_is_done_if_that_is_wanted(
    needs: Callable[..., None], tmp_path: Path, as_told: bool
) -> None:
    needs(OLD, "2.15.0")
    (tmp_path / "train.py").write_text(ASKING)
    task = Task(tmp_path, tuple(run([tmp_path], Settings())), (Path("train.py"),), 60.0, as_told)
    assert told(task, "train.py", "2.15.0") == (["graph", "float_labels"] if as_told else [])
    assert told(task, "train.py", "2.3.1") == []
    assert (set(verify(task, OLD, "2.15.0").answers) == {Answer.SAME}) is as_told


def test_helper_layers_are_there_when_a_migrated_script_runs(
    needs: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs(OLD, "2.15.0")
    (tmp_path / "train.py").write_text(
        "from keras.models import Sequential\nfrom keras.layers import Embedding\n"
        "model = Sequential([Embedding(9, 3, dropout=0.2, input_length=4)])\nmodel.compile('sgd', 'mse')\n"
    )
    main(["verify", str(tmp_path), "--emit-helpers", "--old", OLD, "--new", "2.15.0", "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["verification"]["findings"]
    assert (found["model"], found["answer"], found["details"]) == ("model", "same", [])


def test_models_behind_the_place_where_keras_1_stopped_are_no_difference(verified: Callable[[str], Findings]) -> None:
    (_, first, _), (_, second, (why,)) = verified(STOPS)
    assert (first, second) == ("same", "could not run")
    assert why.startswith("Keras 1 only: ")
