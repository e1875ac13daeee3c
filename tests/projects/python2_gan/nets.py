# -*- coding: latin-1 -*-
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.layers.convolutional import Convolution2D


def generator((width, height), units=0100):
	model = Sequential()
	model.add(Dense(output_dim=units, input_dim=width * height))
        print >>log, "café %d" % units,
	model.add(Activation('tanh'))
	return model


def discriminator(shape):
    model = Sequential()
    model.add(Convolution2D(32, 3, 3, border_mode='same', input_shape=shape))
    exec "print model" in {}
    return model
