"""Is the use of a tensor that `call` keeps told of where the class of the layer comes from another module?"""

from __future__ import annotations

from pathlib import Path

from kmigrate.config import Settings
from kmigrate.runner import run

LAYERS = (
    "from keras import backend as K\nfrom keras.layers import Layer\n\n\nclass Attention(Layer):\n"
    "    def call(self, x, mask=None):\n        self.focus = K.softmax(x)\n        return x * self.focus\n"
)
PROGRAM = (
    "from keras import backend as K\nfrom keras.layers import Input\nfrom attention import Attention\n\n"
    "x = Input(shape=(3,))\nlayer = Attention()\ny = layer(x)\nlook = K.function([x], [layer.focus])\n"
)


def test_a_tensor_of_an_imported_layer(tmp_path: Path) -> None:
    (tmp_path / "attention.py").write_text(LAYERS)
    (tmp_path / "program.py").write_text(PROGRAM)
    told = {Path(str(result.path)).name: [review.rule for review in result.reviews] for result in run([tmp_path], Settings())}
    assert told == {"attention.py": [], "program.py": ["KM873"]}
