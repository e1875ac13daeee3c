"""Classifies noisy waves with the layers of layerlib and with a perceptron."""
from __future__ import print_function

import numpy as np

from layerlib import *

DEFAULTS = {'nb_filter': 12, 'filter_length': 3, 'units': 6}
STEPS, FEATURES, CLASSES = 16, 2, 3


def waves(count=96, seed=0):
    rng = np.random.RandomState(seed)
    y = rng.randint(0, CLASSES, size=count)
    time = np.linspace(0, 2 * np.pi, STEPS)
    phase = rng.uniform(0, np.pi, size=(count, 1))
    wave = np.sin((y[:, None] + 1) * time + phase)
    X = np.stack([wave, np.abs(wave)], axis=2) + rng.normal(scale=0.2, size=(count, STEPS, FEATURES))
    return X.astype('float32'), y


def build_model(**options):
    options = merge([DEFAULTS, options], mode='update')
    signal = Input(shape=(STEPS, FEATURES))
    x = ScaleShift(copies=2)(signal)
    x = Convolution1D(options['nb_filter'], options['filter_length'], padding='same')(x)
    x = Activation('relu')(x)
    x = MaxPooling1D(pool_size=2, strides=2, padding='valid')(x)
    x = Convolution1D(filters=8, kernel_size=3, strides=1, padding='valid', activation='tanh')(x)
    x = Gate()(x)
    x = AttentionPooling(options['units'])(x)
    x = Dropout(rate=0.2)(x)
    x = Dense(units=CLASSES, activation='softmax')(x)
    model = Model(inputs=signal, outputs=x)
    model.compile('adam', 'sparse_categorical_crossentropy', metrics=['acc'])
    return model


def main():
    X, y = waves()
    model = build_model(units=4)
    model.fit(X, y[:, None], batch_size=16, epochs=5, verbose=0)
    baseline = Perceptron(output_dim=CLASSES).fit(X, y, nb_epoch=5)

    X_test, y_test = waves(seed=1)
    print('network:    %.2f' % np.mean(model.predict(X_test).argmax(axis=1) == y_test))
    print('perceptron: %.2f' % np.mean(baseline.predict(X_test) == y_test))


if __name__ == '__main__':
    main()
