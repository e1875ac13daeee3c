"""Pieces the towers are made of: a pooling layer, a lambda, a loss and a metric.

All of them join tensors with K.concatenate, and all of them run inside Keras:
the layer that calls them knows the shape of the result.
"""
from keras import backend as K
from keras.layers.core import Lambda
from keras.engine.topology import Layer


class MeanMaxPooling(Layer):
    """Mean and maximum over time, side by side."""

    def call(self, x, mask=None):
        pooled = K.concatenate([K.mean(x, axis=1), K.max(x, axis=1)])
        return pooled

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], 2 * input_shape[2])


def signed_parts(x):
    # both halves of a rectifier: nothing is lost (cf. "concatenated ReLU")
    return K.concatenate([K.relu(x), K.relu(-x)], axis=-1)


def double_shape(input_shape):
    return tuple(input_shape[:-1]) + (2 * input_shape[-1],)


def crelu(name):
    return Lambda(signed_parts, output_shape=double_shape, name=name)


def two_sided_error(y_true, y_pred):
    """Squared error that also looks at the complementary probabilities."""
    both = K.concatenate([y_true - y_pred, 0.5 * (y_pred - y_true)], axis=-1)
    return K.mean(K.square(both), axis=-1)


def worst_topic(y_true, y_pred):
    """Metric: the largest deviation over the topics of a sample, on average."""
    deviation = K.concatenate([y_true - y_pred, y_pred - y_true])
    return K.mean(K.max(deviation, axis=-1))
