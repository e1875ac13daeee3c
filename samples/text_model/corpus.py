'''A toy language: sentences of word ids, drawn around a subject.'''
import numpy as np

MAXLEN = 10
VOCABULARY = 60
TAGS = 3


def sentences(count, seed):
    rng = np.random.RandomState(seed)
    subjects = rng.randint(1, 6, size=count)
    spread = rng.randint(0, 10, size=(count, MAXLEN))
    return (subjects[:, None] * 10 + spread) % VOCABULARY, subjects


def pairs(count=96, seed=3):
    premise, left = sentences(count, seed)
    hypothesis, right = sentences(count, seed + 1)
    copied = np.random.RandomState(seed).uniform(size=count) < 0.4
    hypothesis[copied] = premise[copied][:, ::-1]
    return premise, hypothesis, ((left == right) | copied).astype('float32')


def tagged(count=64, seed=5):
    words, _ = sentences(count, seed)
    return words, np.eye(TAGS)[words % TAGS]
