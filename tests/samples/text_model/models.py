'''Entailment of sentence pairs, and a word tagger.

Two encoders read both sentences, then everything that can be said about two
vectors is put side by side: sum, product, mean, maximum, difference, angle.
'''
from keras import backend as K
from keras.layers import Input, dot, concatenate, add, multiply, average, maximum, Lambda
from keras.layers import Activation, Dense, Dropout
from keras.layers import Embedding
from keras.layers import GlobalMaxPooling1D
from keras.layers import GRU, LSTM
from keras.layers import Bidirectional, TimeDistributed
from keras.models import Model
from keras.optimizers import Adam

from corpus import MAXLEN, TAGS, VOCABULARY

UNITS = 12


def encoders():
    '''Layers that both sentences share.'''
    words   = Embedding(VOCABULARY, 8, input_length=MAXLEN, embeddings_initializer='uniform')
    context = Bidirectional(LSTM(UNITS, dropout=0.2, recurrent_dropout=0.2, return_sequences=True,
                                 recurrent_activation='hard_sigmoid',
                                 recurrent_initializer='glorot_uniform'))
    # "gpu" joins the four gates to one product, which is faster on any device
    reader  = LSTM(units=UNITS,
                   kernel_initializer='glorot_uniform',
                   recurrent_initializer='glorot_uniform',
                   recurrent_activation='sigmoid',     # not the piecewise linear one
                   dropout=0.1,
                   implementation=2)
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
    soft = dot([p, h], axes=2, name='alignment')
    soft = Dropout(rate=0.1)(GlobalMaxPooling1D()(soft))

    # both sentences one after the other, read once more
    both = concatenate([p, h], axis=1)
    both = GRU(UNITS, kernel_initializer='he_uniform', implementation=1,
               recurrent_activation='hard_sigmoid',
               recurrent_initializer='he_uniform',
               reset_after=False)(both)

    u = reader(p)
    v = reader(h)
    features = concatenate([
        add([u, v]),
        multiply([u, v], name='product'),
        average([u, v]),
        maximum([u, v]),
        Lambda(absolute_difference, output_shape=lambda shapes: shapes[0])([u, v]),
        Lambda(lambda pair: K.square(pair[0] - pair[1]), output_shape=(UNITS,))([u, v]),
        dot([u, v], axes=1),
        soft,
        both,
    ])

    x = Dense(units=16, activation='relu')(features)
    entailed = Dense(1, kernel_initializer='uniform', activation='sigmoid')(x)
    model = Model(inputs=[premise, hypothesis], outputs=entailed)
    model.compile(loss='binary_crossentropy', optimizer=Adam(0.001, epsilon=1e-8), metrics=['acc'])
    return model


def build_tagger():
    sentence = Input(shape=(MAXLEN,), dtype='int32')
    x = Embedding(input_dim=VOCABULARY, output_dim=8, input_length=MAXLEN)(sentence)
    forward = GRU(units=UNITS, return_sequences=True, recurrent_activation='hard_sigmoid',
                  recurrent_initializer='glorot_uniform',
                  reset_after=False)(x)
    backward = GRU(UNITS, return_sequences=True, go_backwards=True, dropout=0.1, recurrent_dropout=0.1, implementation=0,
                   recurrent_activation='hard_sigmoid',
                   recurrent_initializer='glorot_uniform',
                   reset_after=False)(x)
    x = concatenate([forward, backward])
    x = TimeDistributed(Dense(units=TAGS))(x)
    model = Model(sentence, Activation('softmax')(x))
    model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['acc'])
    return model
