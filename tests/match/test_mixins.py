"""Are methods of Keras seen in a class that only its subclasses make a layer of?"""

from __future__ import annotations

from kmigrate import migrate_text

PROGRAM = """\
from keras.engine.topology import Layer


class Sized(object):
    def {method}(self, input_shape):
        return input_shape[:-1] + (self.output_dim,)

    def width(self, shape):
        return self.{method}(shape)[-1]


class Plain(object):
    def get_output_shape_for(self, shape):
        return shape


class Mine(Sized, Layer):
    def call(self, x, mask=None):
        return x


width = Mine().width((None, 3)), Mine().{method}((None, 3))
"""


def test_the_methods_of_a_mixin_follow() -> None:
    result = migrate_text(PROGRAM.format(method="get_output_shape_for"))

    assert result.after == PROGRAM.format(method="compute_output_shape").replace("engine.topology", "layers")
