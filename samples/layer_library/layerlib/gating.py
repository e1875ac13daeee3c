"""Layers that work on every feature on its own."""
from keras import backend as K
from keras.layers import Layer


class Gate(Layer):
    """x * sigmoid(x W + b): lets a feature pass, or not."""

    def build(self, input_shape):
        dim = input_shape[-1]
        self.W = self.add_weight((dim, dim), initializer='glorot_uniform', name='W')
        self.b = self.add_weight((dim,), initializer='one', name='b')  # open at first
        self.built = True

    def call(self, x, mask=None):
        return x * K.sigmoid(K.dot(x, self.W) + self.b)


class ScaleShift(Layer):
    """a * x + b, on one or more copies of the features."""

    def __init__(self, copies=1, **kwargs):
        self.copies = copies
        super(ScaleShift, self).__init__(**kwargs)

    def build(self, input_shape):
        shape = (self.copies * input_shape[-1],)
        self.scale = self.add_weight(shape, initializer='one', name='scale')
        self.shift = self.add_weight(shape=shape, initializer='zero', name='shift')
        super(ScaleShift, self).build(input_shape)

    def call(self, x, mask=None):
        copied = K.concatenate([x] * self.copies, axis=-1)
        return self.scale * copied + self.shift

    def get_output_shape_for(self, input_shape):
        shape = list(input_shape)
        shape[-1] = self.copies * shape[-1]
        return tuple(shape)

    def get_config(self):
        config = super(ScaleShift, self).get_config()
        config['copies'] = self.copies
        return config
