"""Two towers, one for questions and one for answers, and a scorer on top.

The towers learn topics first (one output each), the scorer then learns on
their vectors. For serving, everything is joined to one graph from word vectors
to score, which `serve.py` compiles to a function.
"""
from keras.layers import Dense, Dropout, GlobalMaxPooling1D, Input, Concatenate
from keras.models import Model

from blocks import MeanMaxPooling, crelu, two_sided_error, worst_topic

LENGTH = 6
WORD_DIM = 8
VECTOR_DIM = 10


def tower(words, name):
    x = MeanMaxPooling(name=name + '_pooling')(words)
    x = Dense(units=VECTOR_DIM, kernel_initializer='glorot_uniform', name=name + '_hidden')(x)
    x = crelu(name + '_crelu')(x)
    return Dense(VECTOR_DIM, activation='tanh', name=name + '_vector')(x)


def build_model(topics=4):
    """Returns the towers, the scorer and the tensors of the joined graph."""
    question = Input(shape=(LENGTH, WORD_DIM), name='question')
    answer = Input(shape=(LENGTH, WORD_DIM), name='answer')

    question_vector = tower(question, 'question')
    answer_vector = tower(answer, 'answer')

    # stage 1: every tower predicts the topic of its own side
    question_topic = Dense(topics, activation='softmax', name='question_topic')(question_vector)
    answer_topic = Dense(topics, activation='softmax', name='answer_topic')(answer_vector)
    towers = Model(inputs=[question, answer],
                   outputs=[question_topic, answer_topic, question_vector, answer_vector])
    towers.compile(optimizer='sgd',
                   loss=[two_sided_error, two_sided_error, 'mse', 'mse'],
                   loss_weights=[1., 1., 0., 0.],
                   metrics={'question_topic': worst_topic, 'answer_topic': worst_topic})

    # stage 2: the scorer sees two vectors and the strongest words of both sides
    hidden = Dense(units=12, activation='relu', name='scorer_hidden')
    match = Dense(units=1, activation='sigmoid', name='scorer_match')
    strongest = Dense(VECTOR_DIM, activation='tanh', name='scorer_words')
    joint_input = Input(shape=(2 * VECTOR_DIM,), name='joint')
    words_input = Input(shape=(WORD_DIM,), name='words')
    scorer = Model(inputs=[joint_input, words_input],
                   outputs=[match(Dropout(rate=0.1)(hidden(joint_input))), strongest(words_input)])
    scorer.compile(optimizer='sgd', loss='mse')

    # the same layers once more, now fed by the towers and not by arrays
    joint = Concatenate(axis=-1)([question_vector, answer_vector])
    score = match(hidden(joint))

    words = Concatenate(axis=1)([question, answer])
    gist = strongest(GlobalMaxPooling1D()(words))

    return towers, scorer, [question, answer], [score, gist]
