"""Layers that Keras 2 does not have: they compute what those of Keras 1.2.2 do, with the same weights in the same order.

Written by `kmigrate --emit-helpers`, for Keras 2.0 to 2.15. `load_model` finds them by `custom_objects`.
"""

import numpy as np
from keras import activations
from keras import backend as K
from keras import constraints, initializers, regularizers
from keras.layers import Embedding, InputSpec, Layer


class MaxoutDense(Layer):
    """The largest of `nb_feature` linear functions of the input, for each unit."""

    def __init__(self, units, nb_feature=4, kernel_initializer='glorot_uniform', kernel_regularizer=None,
                 bias_regularizer=None, kernel_constraint=None, bias_constraint=None, use_bias=True, **kwargs):
        super(MaxoutDense, self).__init__(**kwargs)
        self.units = units
        self.nb_feature = nb_feature
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(ndim=2)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name='W', shape=(self.nb_feature, int(input_shape[-1]), self.units),
            initializer=scaled_as_in_keras_1(self.kernel_initializer),
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint)
        if self.use_bias:
            self.bias = self.add_weight(
                name='b', shape=(self.nb_feature, self.units), initializer='zeros',
                regularizer=self.bias_regularizer, constraint=self.bias_constraint)
        super(MaxoutDense, self).build(input_shape)

    def call(self, inputs):
        features = K.dot(inputs, self.kernel)
        return K.max(features + self.bias if self.use_bias else features, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        config = super(MaxoutDense, self).get_config()
        config.update(
            units=self.units, nb_feature=self.nb_feature, use_bias=self.use_bias,
            kernel_initializer=initializers.serialize(self.kernel_initializer),
            kernel_regularizer=regularizers.serialize(self.kernel_regularizer),
            bias_regularizer=regularizers.serialize(self.bias_regularizer),
            kernel_constraint=constraints.serialize(self.kernel_constraint),
            bias_constraint=constraints.serialize(self.bias_constraint))
        return config


class Highway(Layer):
    """A dense layer with a learned gate that decides how much of the input passes by it."""

    def __init__(self, kernel_initializer='glorot_uniform', activation=None, kernel_regularizer=None,
                 bias_regularizer=None, kernel_constraint=None, bias_constraint=None, use_bias=True, **kwargs):
        super(Highway, self).__init__(**kwargs)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(ndim=2)

    def build(self, input_shape):
        size = int(input_shape[-1])
        self.kernel = self.add_weight(
            name='W', shape=(size, size), initializer=scaled_as_in_keras_1(self.kernel_initializer),
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint)
        self.gate_kernel = self.add_weight(
            name='W_carry', shape=(size, size), initializer=scaled_as_in_keras_1(self.kernel_initializer))
        if self.use_bias:
            self.bias = self.add_weight(
                name='b', shape=(size,), initializer='zeros',
                regularizer=self.bias_regularizer, constraint=self.bias_constraint)
            self.gate_bias = self.add_weight(name='b_carry', shape=(size,), initializer='ones')
        super(Highway, self).build(input_shape)

    def call(self, inputs):
        gate = K.dot(inputs, self.gate_kernel)
        output = K.dot(inputs, self.kernel)
        if self.use_bias:
            gate += self.gate_bias
            output += self.bias
        gate = K.sigmoid(gate)
        return self.activation(output) * gate + (1 - gate) * inputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super(Highway, self).get_config()
        config.update(
            activation=activations.serialize(self.activation), use_bias=self.use_bias,
            kernel_initializer=initializers.serialize(self.kernel_initializer),
            kernel_regularizer=regularizers.serialize(self.kernel_regularizer),
            bias_regularizer=regularizers.serialize(self.bias_regularizer),
            kernel_constraint=constraints.serialize(self.kernel_constraint),
            bias_constraint=constraints.serialize(self.bias_constraint))
        return config


class ParametricSoftplus(Layer):
    """`alpha * log(1 + exp(beta * x))`, with an alpha and a beta to learn for each input."""

    def __init__(self, alpha_init=0.2, beta_init=5.0, shared_axes=None, **kwargs):
        super(ParametricSoftplus, self).__init__(**kwargs)
        self.supports_masking = True
        self.alpha_init = float(alpha_init)
        self.beta_init = float(beta_init)
        self.shared_axes = shared_axes

    def build(self, input_shape):
        shape = shape_without(input_shape, self.shared_axes)
        self.alphas = self.add_weight(
            name='alphas', shape=shape, initializer=initializers.Constant(self.alpha_init))
        self.betas = self.add_weight(name='betas', shape=shape, initializer=initializers.Constant(self.beta_init))
        super(ParametricSoftplus, self).build(input_shape)

    def call(self, inputs):
        return K.softplus(self.betas * inputs) * self.alphas

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super(ParametricSoftplus, self).get_config()
        config.update(alpha_init=self.alpha_init, beta_init=self.beta_init, shared_axes=self.shared_axes)
        return config


class SReLU(Layer):
    """The input between two thresholds, and a slope of its own on either side; all four are learned for each input."""

    def __init__(self, t_left_initializer='zeros', a_left_initializer='glorot_uniform',
                 t_right_initializer='glorot_uniform', a_right_initializer='ones', shared_axes=None, **kwargs):
        super(SReLU, self).__init__(**kwargs)
        self.supports_masking = True
        self.t_left_initializer = initializers.get(t_left_initializer)
        self.a_left_initializer = initializers.get(a_left_initializer)
        self.t_right_initializer = initializers.get(t_right_initializer)
        self.a_right_initializer = initializers.get(a_right_initializer)
        self.shared_axes = shared_axes

    def build(self, input_shape):
        shape = shape_without(input_shape, self.shared_axes)
        self.t_left = self.add_weight(
            name='t_left', shape=shape, initializer=scaled_as_in_keras_1(self.t_left_initializer))
        self.a_left = self.add_weight(
            name='a_left', shape=shape, initializer=scaled_as_in_keras_1(self.a_left_initializer))
        self.t_right = self.add_weight(
            name='t_right', shape=shape, initializer=scaled_as_in_keras_1(self.t_right_initializer))
        self.a_right = self.add_weight(
            name='a_right', shape=shape, initializer=scaled_as_in_keras_1(self.a_right_initializer))
        super(SReLU, self).build(input_shape)

    def call(self, inputs):
        width = K.abs(self.t_right)
        above = inputs - self.t_left
        center = self.t_left + K.minimum(K.relu(above), width)
        return center - self.a_left * K.relu(-above) + self.a_right * K.relu(above - width)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super(SReLU, self).get_config()
        config.update(
            t_left_initializer=initializers.serialize(self.t_left_initializer),
            a_left_initializer=initializers.serialize(self.a_left_initializer),
            t_right_initializer=initializers.serialize(self.t_right_initializer),
            a_right_initializer=initializers.serialize(self.a_right_initializer),
            shared_axes=self.shared_axes)
        return config


class DropoutEmbedding(Embedding):
    """An embedding that drops words while it learns: each word everywhere in the batch, or nowhere."""

    def __init__(self, input_dim, output_dim, dropout=0., **kwargs):
        super(DropoutEmbedding, self).__init__(input_dim, output_dim, **kwargs)  # kmigrate: ignore[KM102]
        self.dropout = dropout

    def call(self, inputs, training=None):
        words = K.cast(inputs, 'int32')
        vectors = K.gather(self.embeddings, words)
        if not 0. < self.dropout < 1.:
            return vectors

        def dropped():
            kept = K.dropout(K.ones_like(self.embeddings[:, :1]), self.dropout)
            return K.gather(self.embeddings * kept, words)

        return K.in_train_phase(dropped, vectors, training=training)

    def get_config(self):
        config = super(DropoutEmbedding, self).get_config()
        config.update(dropout=self.dropout)
        return config


class _Normalization(Layer):
    """Scale and shift after a normalisation. The running weights are never used: files of Keras 1 have them."""

    def __init__(self, epsilon=1e-3, axis=-1, beta_initializer='zeros', gamma_initializer='ones',
                 gamma_regularizer=None, beta_regularizer=None, **kwargs):
        super(_Normalization, self).__init__(**kwargs)
        self.supports_masking = True
        self.epsilon = epsilon
        self.axis = axis
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_regularizer = regularizers.get(beta_regularizer)

    def build(self, input_shape):
        shape = (int(input_shape[self.axis]),)
        self.gamma = self.add_weight(
            name='gamma', shape=shape, initializer=self.gamma_initializer, regularizer=self.gamma_regularizer)
        self.beta = self.add_weight(
            name='beta', shape=shape, initializer=self.beta_initializer, regularizer=self.beta_regularizer)
        self.add_weight(name='running_mean', shape=shape, initializer='zeros', trainable=False)
        self.add_weight(name='running_std', shape=shape, initializer='ones', trainable=False)
        super(_Normalization, self).build(input_shape)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super(_Normalization, self).get_config()
        config.update(
            epsilon=self.epsilon, axis=self.axis,
            beta_initializer=initializers.serialize(self.beta_initializer),
            gamma_initializer=initializers.serialize(self.gamma_initializer),
            gamma_regularizer=regularizers.serialize(self.gamma_regularizer),
            beta_regularizer=regularizers.serialize(self.beta_regularizer))
        return config


class SampleNormalization(_Normalization):
    """`BatchNormalization(mode=1)`: each sample is normalised by itself, over its last axis."""

    def call(self, inputs):
        deviation = K.sqrt(K.var(inputs, axis=-1, keepdims=True) + self.epsilon)
        normed = (inputs - K.mean(inputs, axis=-1, keepdims=True)) / (deviation + self.epsilon)
        return self.gamma * normed + self.beta


class BatchStatisticsNormalization(_Normalization):
    """`BatchNormalization(mode=2)`: normalised by the statistics of the batch, when it predicts too."""

    def call(self, inputs):
        axes = list(range(K.ndim(inputs)))
        del axes[self.axis]
        shape = [1] * K.ndim(inputs)
        shape[self.axis] = K.int_shape(self.gamma)[0]
        deviation = K.sqrt(K.var(inputs, axis=axes, keepdims=True) + self.epsilon)
        normed = (inputs - K.mean(inputs, axis=axes, keepdims=True)) / deviation
        return K.reshape(self.gamma, shape) * normed + K.reshape(self.beta, shape)


def shape_without(input_shape, shared_axes):
    """The shape of weights that are one for each input, but for the shared axes."""
    shape = list(input_shape[1:])
    for axis in shared_axes if isinstance(shared_axes, (list, tuple)) else [shared_axes]:
        if axis is not None:
            shape[axis - 1] = 1
    return tuple(int(size) for size in shape)


def scaled_as_in_keras_1(initializer):
    """The initializer with the variance that Keras 1 gives weights of any number of axes, and not truncated."""
    if not isinstance(initializer, initializers.VarianceScaling):
        return initializer

    def draw(shape, dtype=None, **_):
        shape = tuple(int(size) for size in shape)
        number = float(np.prod(shape))
        if len(shape) == 2:
            inputs, outputs = shape
        elif len(shape) in (4, 5):
            inputs, outputs = number / shape[0], number / shape[1]
        else:
            inputs = outputs = number ** 0.5
        fan = inputs if initializer.mode == 'fan_in' else (inputs + outputs) / 2.
        deviation = (initializer.scale / fan) ** 0.5
        if initializer.distribution == 'uniform':
            limit = deviation * 3 ** 0.5
            return initializers.RandomUniform(-limit, limit, seed=initializer.seed)(shape)
        return initializers.RandomNormal(0., deviation, seed=initializer.seed)(shape)

    return draw
