"""Is code inside of layers told from code outside, over the modules of a project?"""

from __future__ import annotations

import pytest

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.flow.standing import Project, Standing
from kmigrate.resolve.world import World
from kmigrate.source.text import Source

MODULES = {
    "losses.py": """\
from keras import backend as K

def smooth(x):
    return K.sqrt(x)

def distance(a, b):
    return smooth(a - b)

def accuracy(y, z):
    return K.mean(y)

def quotient(y, z):
    return K.sum(z)

def nobody(a):
    return K.max(a)

def y_pred_mean(y_true, y_pred):
    return K.exp(y_pred)
""",
    "layers.py": """\
from keras import backend as K
from keras.engine import Layer as Base

def gram(x):
    return K.dot(x, x)

class Mine(Base):
    def call(self, x, mask=None):
        return gram(self.scaled(x))

    def scaled(self, x):
        return K.abs(x)

class Plain(object):
    def build(self):
        return K.log(self.x)
""",
    "train.py": """\
from keras import backend as K
from keras.layers import Dense, Input, Lambda
from keras.models import Sequential
import losses
from layers import gram

LISTED = [losses.quotient]

class Trainer(object):
    def run(self, model):
        self.metrics = {}
        self.metrics['y'] = LISTED
        model.compile('sgd', metrics=self.metrics, loss=losses.distance)

model = Sequential([Dense(2, input_dim=3)])
model.compile('sgd', losses.distance, metrics=[losses.accuracy])
x = Input(shape=(3,))
y = Lambda(lambda t: K.square(t))(x)
z = K.tanh(x)
both = gram(x)

def made(width):
    start = Input(shape=(width,))
    return K.cos(start)

def test_compiled():
    return K.sin(1)
""",
}


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Standing]:
    """The standing of each backend call, by the function's name."""
    root = tmp_path_factory.mktemp("project")
    world = World(root, ())
    modules = []
    for name, text in MODULES.items():
        path = root / name
        path.write_text(text)
        modules.append(world.open(Source(str(path), text)))
    project = Project(Evaluator(world), modules)
    return {
        call.func.attr: project.standing(scope)  # type: ignore[attr-defined]
        for module in modules
        for call, scope in module.calls
        if getattr(getattr(call.func, "value", None), "id", "") == "K"
    }


@pytest.mark.parametrize(
    ("function", "verdict", "reason"),
    [
        ("sqrt", "inside", "`smooth` is called at losses.py:7"),
        ("mean", "inside", "`accuracy` is given to model.compile at train.py:16 (loss or metric)"),
        ("sum", "inside", "`quotient` is given to model.compile at train.py:13"),
        ("max", "unknown", "nobody in sight calls `nobody`"),
        ("exp", "inside", "has the parameters of a loss or metric"),
        ("dot", "both", "`gram` is called at"),
        ("abs", "inside", "`scaled` is a method of the class Mine (layer method)"),
        ("log", "outside", "is a method of the class Plain, not one of Keras"),
        ("square", "inside", "the lambda in line 18 is given to Lambda"),
        ("cos", "outside", "`made` makes a model: Input at train.py"),
        ("sin", "outside", "`test_compiled` is a test"),
        ("tanh", "outside", "it stands at the top of train.py"),
    ],
)
def test_standing(standings: dict[str, Standing], function: str, verdict: str, reason: str) -> None:
    found = standings[function]

    assert found.verdict == verdict
    assert reason in "; ".join(found.reasons)
