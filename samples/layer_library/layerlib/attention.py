"""Pooling over time with learned weights."""
from keras import backend as K
from keras.engine.topology import Layer


class AttentionPooling(Layer):
    """Weighted mean over time; the weights come from a small network.

    # Arguments
        units: width of the scoring network.
        init: name of the initialization of its matrices.

    # Input shape
        (samples, steps, features)

    # Output shape
        (samples, features)
    """

    def __init__(self, units, init='glorot_uniform', **kwargs):
        super(AttentionPooling, self).__init__(**kwargs)
        self.units = units
        self.init = init
        self.supports_masking = True

    def build(self, input_shape):
        features = input_shape[2]
        self.W = self.add_weight((features, self.units), initializer=self.init, name='{}_W'.format(self.name))
        self.b = self.add_weight((self.units,), initializer='zero', name='{}_b'.format(self.name))
        self.v = self.add_weight((self.units, 1),
                                 initializer='uniform',  # nearly equal weights at first
                                 name='{}_v'.format(self.name))
        super(AttentionPooling, self).build(input_shape)

    def call(self, x, mask=None):
        scores = K.exp(K.dot(K.tanh(K.dot(x, self.W) + self.b), self.v))
        if mask is not None:
            scores *= K.expand_dims(K.cast(mask, K.floatx()))
        weights = scores / (K.sum(scores, axis=1, keepdims=True) + K.epsilon())
        return K.sum(weights * x, axis=1)

    def compute_mask(self, input, mask=None):
        return None  # no time axis any more

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[2])

    def get_config(self):
        config = {'units': self.units, 'init': self.init}
        base_config = super(AttentionPooling, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))
