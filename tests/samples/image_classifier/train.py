"""Trains one of the networks with mirrored images.

    python train.py residual --epochs 3
"""
from __future__ import print_function

import argparse

import numpy as np
from keras.callbacks import EarlyStopping
from keras.preprocessing.image import ImageDataGenerator

import dataset
from nets import build_model, thumbnailer


def train(kind, nb_epoch):
    x_train, y_train = dataset.load(80, seed=1)
    x_test, y_test = dataset.load(40, seed=2)
    model = build_model(dataset.image_shape(), dataset.CLASSES, kind)

    mirrored = ImageDataGenerator(horizontal_flip=True, vertical_flip=True)
    untouched = ImageDataGenerator()

    # a short warm-up on whole batches, then the real thing
    model.fit_generator(mirrored.flow(x_train[:64], y_train[:64], batch_size=32),
                        steps_per_epoch=2, epochs=1, verbose=0)
    history = model.fit_generator(
        mirrored.flow(x_train, y_train, batch_size=32),
        steps_per_epoch=int(np.ceil(len(x_train) / 32.)),
        epochs=nb_epoch,
        validation_data=untouched.flow(x_test, y_test, batch_size=16),
        validation_steps=int(np.ceil(len(x_test) / 16.)),  # all of them, once
        callbacks=[EarlyStopping(monitor="val_acc", mode="max", patience=2 + 1)],
        verbose=0)
    print("best accuracy: %.2f" % max(history.history["val_acc"]))
    loss, accuracy = model.evaluate(x_test, y_test, batch_size=16, verbose=0)
    print("loss %.3f, accuracy %.2f" % (loss, accuracy))
    print("predicted classes:", np.bincount(model.predict(x_test).argmax(axis=1), minlength=3))
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["plain", "residual"], nargs="?", default="plain")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--plot", help="also draw the network to this file")
    parser.add_argument("--thumbnails", help="also shrink some photographs to this .npy file")
    args = parser.parse_args()
    if args.thumbnails:
        photographs = np.random.RandomState(0).uniform(size=(4, 32, 32, 3))
        np.save(args.thumbnails, thumbnailer(32, 3).predict(photographs))
    trained = train(args.kind, args.epochs)
    if args.plot:
        from keras.utils import plot_model  # needs pydot and graphviz
        plot_model(trained, to_file=args.plot, show_shapes=True)
