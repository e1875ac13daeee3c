"""Trains the two towers and the scorer, then ranks answers.

    python train.py --epochs 5
"""
from __future__ import print_function

import argparse

import numpy as np

from data import TOPICS, make_pairs
from model import build_model
from serve import PairScorer


def train(epochs, batch_size):
    questions, answers, question_topics, answer_topics, match = make_pairs()
    towers, scorer, inputs, outputs = build_model(TOPICS)

    # the vectors have no targets of their own: their losses weigh nothing
    vectors = towers.predict([questions, answers])[2:]
    nothing = [np.zeros_like(vector) for vector in vectors]
    towers.fit([questions, answers], [question_topics, answer_topics] + nothing,
               batch_size=batch_size, nb_epoch=epochs, verbose=0)

    question_vectors, answer_vectors = towers.predict([questions, answers])[2:]
    joint = np.concatenate([question_vectors, answer_vectors], axis=1)
    words = np.concatenate([questions, answers], axis=1).max(axis=1)
    scorer.fit([joint, words], [match, question_vectors],
               batch_size=batch_size, nb_epoch=epochs, verbose=0)

    ranking = PairScorer(inputs, outputs).score(questions, answers)
    print('mean score of matching pairs: %.3f' % ranking[match == 1].mean())
    print('mean score of other pairs:    %.3f' % ranking[match == 0].mean())


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--epochs', type=int, default=5)
    parser.add_argument('--batch-size', type=int, default=32)
    args = parser.parse_args()
    train(args.epochs, args.batch_size)
