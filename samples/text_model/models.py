'''Entailment of sentence pairs, and a word tagger.

Two encoders read both sentences, then everything that can be said about two
vectors is put side by side: sum, product, mean, maximum, difference, angle.
'''
from keras import backend as K
from keras.layers import Input, merge
from keras.layers.core import Activation, Dense, Dropout
from keras.layers.embeddings import Embedding
from keras.layers.pooling import GlobalMaxPooling1D
from keras.layers.recurrent import GRU, LSTM
from keras.layers.wrappers import Bidirectional, TimeDistributed
from keras.models import Model
from keras.optimizers import Adam

from corpus import MAXLEN, TAGS, VOCABULARY

UNITS = 12


def encoders():
    '''Layers that both sentences share.'''
    words   = Embedding(VOCABULARY, 8, input_length=MAXLEN, init='uniform')
    context = Bidirectional(LSTM(UNITS, dropout_W=0.2, dropout_U=0.2, return_sequences=True))
    # "gpu" joins the four gates to one product, which is faster on any device
    reader  = LSTM(output_dim=UNITS,
                   init='glorot_uniform',
                   inner_init='glorot_uniform',
                   inner_activation='sigmoid',     # not the piecewise linear one
                   dropout_W=0.1,
                   consume_less='gpu')
    return words, context, reader


def absolute_difference(pair):
    return K.abs(pair[0] - pair[1])


def build_model():
    words, context, reader = encoders()
    premise = Input(shape=(MAXLEN,), dtype='int32', name='premise')
    hypothesis = Input(shape=(MAXLEN,), dtype='int32', name='hypothesis')

    p = context(words(premise))
    h = context(words(hypothesis))

    # word by word similarities: (batch, MAXLEN, MAXLEN)
    soft = merge([p, h], mode='dot', dot_axes=2, name='alignment')
    soft = Dropout(p=0.1)(GlobalMaxPooling1D()(soft))

    # both sentences one after the other, read once more
    both = merge([p, h], mode='concat', concat_axis=1)
    both = GRU(UNITS, init='he_uniform', consume_less='mem')(both)

    u = reader(p)
    v = reader(h)
    features = merge([
        merge([u, v], mode='sum'),
        merge([u, v], mode='mul', name='product'),
        merge([u, v], mode='ave'),
        merge([u, v], mode='max'),
        merge([u, v], mode=absolute_difference, output_shape=lambda shapes: shapes[0]),
        merge([u, v], mode=lambda pair: K.square(pair[0] - pair[1]), output_shape=(UNITS,)),
        merge([u, v], mode='dot', dot_axes=1),
        soft,
        both,
    ], mode='concat')

    x = Dense(output_dim=16, activation='relu')(features)
    entailed = Dense(1, init='uniform', activation='sigmoid')(x)
    model = Model(input=[premise, hypothesis], output=entailed)
    model.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.001), metrics=['accuracy'])
    return model


def build_tagger():
    sentence = Input(shape=(MAXLEN,), dtype='int32')
    x = Embedding(input_dim=VOCABULARY, output_dim=8, input_length=MAXLEN)(sentence)
    forward = GRU(output_dim=UNITS, return_sequences=True, inner_activation='hard_sigmoid')(x)
    backward = GRU(UNITS, return_sequences=True, go_backwards=True, dropout_W=0.1, dropout_U=0.1, consume_less='cpu')(x)
    x = merge([forward, backward], mode='concat')
    x = TimeDistributed(Dense(output_dim=TAGS))(x)
    model = Model(sentence, Activation('softmax')(x))
    model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
    return model
