"""Compiles the joined graph to one function: word vectors in, scores out."""
from keras import backend as K


class PairScorer(object):

    def __init__(self, inputs, outputs):
        self.run = K.function(inputs, outputs)

    def score(self, questions, answers):
        scores, _ = self.run([questions, answers])
        return scores[:, 0]

    def gist(self, questions, answers):
        return self.run([questions, answers])[1]
