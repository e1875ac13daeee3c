"""Layers we use in every project, and the Keras ones that go with them.

``from layerlib import *`` is enough to write a model.
"""
from keras.layers import Activation, Convolution1D, Dense, Dropout, Input
from keras.layers import MaxPooling1D
from keras.models import Model

from .attention import AttentionPooling
from .baseline import Perceptron
from .gating import Gate, ScaleShift
from .tools import merge
