'''Fits both models on the toy language and prints a few predictions.'''
from __future__ import print_function

import corpus
from models import build_model, build_tagger

BATCH_SIZE = 32


def main():
    premise, hypothesis, entailed = corpus.pairs()
    model = build_model()
    model.fit([premise, hypothesis], entailed,
              nb_epoch=2,               # a toy: more would only memorize
              batch_size=BATCH_SIZE,
              validation_split=0.25,
              verbose=0)
    print('entailed: ', model.predict([premise[:4], hypothesis[:4]])[:, 0].round(2))

    sentences, tags = corpus.tagged()
    tagger = build_tagger()
    tagger.fit(sentences, tags, batch_size=BATCH_SIZE, verbose=0)  # the usual ten epochs
    print('tags:     ', tagger.predict(sentences[:1]).argmax(axis=2)[0])


if __name__ == '__main__':
    main()
