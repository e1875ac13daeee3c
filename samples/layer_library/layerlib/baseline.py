"""A perceptron, to see whether the network is worth its time."""
import numpy as np


class Perceptron(object):
    """Not a Keras model, although it is used like one."""

    def __init__(self, output_dim):
        self.output_dim = output_dim
        self.W = None

    def fit(self, X, y, nb_epoch=10, lr=0.1):
        X = self.flatten(X)
        self.W = np.zeros((X.shape[1], self.output_dim))
        for _ in range(nb_epoch):
            for row, label in zip(X, y):
                guess = row.dot(self.W).argmax()
                if guess != label:
                    self.W[:, label] += lr * row
                    self.W[:, guess] -= lr * row
        return self

    def predict(self, X):
        return self.flatten(X).dot(self.W).argmax(axis=1)

    @staticmethod
    def flatten(X):
        X = X.reshape(len(X), -1)
        return np.hstack([X, np.ones((len(X), 1))])
