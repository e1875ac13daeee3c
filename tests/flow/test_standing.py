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
    "blocks.py": """\
from functools import partial
from keras import backend as K
from keras.layers import Input, Lambda, Layer

def block(size):
    def applied(t):
        return K.relu(t)
    return applied

def squashed(size):
    def inner(t):
        return K.sigmoid(t)
    return inner

def shared(size):
    def either(t):
        return K.softmax(t)
    return either

def stretched(size, t):
    return K.resize_images(t, size, size, 'tf')

class Nets(object):
    @staticmethod
    def build(width, made):
        return made(3)(Input(shape=(width,)))

class Shared(Layer):
    def call(self, x, mask=None):
        return shared(3)(x)

Nets.build(4, block)
x = Input(shape=(3,))
squash = Lambda(squashed(2))(x)
y = shared(2)(x)
z = partial(stretched, 2)(x)
""",
    "wrapped.py": """\
from keras import backend as K
from keras.layers import Layer

class Wrapped(object):
    def ready(self):
        K.epsilon()
        self.net.compile(optimizer='sgd', loss='mse')

class Odd(Layer):
    def call(self, x, mask=None):
        return within(x)

def within(x):
    x.net.compile(optimizer='sgd', loss='mse')
    return K.round(x)

def used():
    wrapped = Wrapped()
    wrapped.ready()

def trained(net, x, y):
    K.set_value(net.optimizer.lr, 0.1)
    net.fit(x, y, nb_epoch=2)

def searched(search, x, y):
    K.get_value(search.lr)
    search.fit(x, y)
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
        ("relu", "outside", "`applied` is called at blocks.py:26; `build` is called at blocks.py:32"),
        ("sigmoid", "inside", "`inner` is given to Lambda at blocks.py:34"),
        ("softmax", "both", "`either` is called at blocks.py:30"),
        ("resize_images", "outside", "`stretched` is called at blocks.py:36"),
        ("epsilon", "outside", "`ready` compiles a model: self.net.compile at wrapped.py:7"),
        ("round", "inside", "`within` is called at wrapped.py:11"),
        ("set_value", "outside", "`trained` trains a model: net.fit at wrapped.py:23"),
        ("get_value", "unknown", "nobody in sight calls `searched`"),
    ],
)
def test_standing(standings: dict[str, Standing], function: str, verdict: str, reason: str) -> None:
    found = standings[function]

    assert found.verdict == verdict
    assert reason in "; ".join(found.reasons)
