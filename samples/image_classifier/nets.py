"""Two small networks: a plain stack in the manner of VGG and a residual one."""
from keras import backend as K
from keras.layers import Input, merge
from keras.layers.convolutional import AveragePooling2D, Convolution2D, MaxPooling2D, ZeroPadding2D
from keras.layers.core import Activation, Dense, Dropout
from keras.layers.normalization import BatchNormalization
from keras.layers.pooling import GlobalAveragePooling2D
from keras.models import Model, Sequential
from keras.optimizers import SGD
from keras.regularizers import l2

WEIGHT_DECAY = 1e-4


def plain(input_shape, nb_classes):
    model = Sequential()
    model.add(ZeroPadding2D((1, 1), input_shape=input_shape))
    model.add(Convolution2D(8, 3, 3, activation="relu", init="he_uniform"))
    model.add(Convolution2D(8, 3, 3, border_mode="same", activation="relu"))
    model.add(MaxPooling2D((2, 2)))
    model.add(Dropout(0.25))

    model.add(Convolution2D(
        16, 3, 3,
        border_mode="same",  # keep the size, pooling halves it
        W_regularizer=l2(WEIGHT_DECAY), b_regularizer=l2(WEIGHT_DECAY),
        dim_ordering=K.image_dim_ordering(),
    ))
    model.add(Activation("relu"))
    model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), border_mode="same"))

    model.add(GlobalAveragePooling2D())
    model.add(Dense(output_dim=32, init="glorot_uniform", activation="relu",
                    W_regularizer=l2(WEIGHT_DECAY)))
    model.add(Dropout(p=0.5))
    model.add(Dense(nb_classes, activation="softmax"))
    return model


def conv_bn(x, nb_filter, rows, cols, subsample=(1, 1), name=None):
    """Convolution, batch normalization and ReLU: our own function, our own argument names."""
    channel_axis = 1 if K.image_dim_ordering() == "th" else 3
    x = Convolution2D(
        nb_filter, rows, cols, subsample=subsample, border_mode="same",
        bias=False, W_regularizer=l2(WEIGHT_DECAY), name=name)(x)
    x = BatchNormalization(mode=0, axis=channel_axis)(x)
    return Activation("relu")(x)


def residual(input_shape, nb_classes):
    if K.image_dim_ordering() != "th":
        channel_axis = 3
    else:
        channel_axis = 1

    image = Input(shape=input_shape)
    x = conv_bn(image, 8, 3, 3, name="stem")
    for stage, nb_filter in enumerate([8, 16]):
        # a strided 1x1 projection makes both branches the same size
        shortcut = Convolution2D(nb_filter, nb_row=1, nb_col=1, subsample=(2, 2))(x)
        branch = conv_bn(x, nb_filter, 3, 3, subsample=(2, 2))
        branch = Convolution2D(nb_filter=nb_filter, nb_row=3, nb_col=1, border_mode="same")(branch)
        branch = BatchNormalization(axis=channel_axis, mode=0, epsilon=1e-5)(branch)
        x = merge([branch, shortcut], mode="sum", name="sum%d" % stage)
        x = Activation("relu")(x)
    pooled = AveragePooling2D(pool_size=(2, 2), border_mode="valid")(x)
    widest = MaxPooling2D(pool_size=(2, 2), border_mode="valid", dim_ordering=K.image_dim_ordering())(x)
    x = merge([pooled, widest], mode="concat", concat_axis=channel_axis)
    x = GlobalAveragePooling2D()(x)
    return Model(input=image, output=Dense(nb_classes, activation="softmax")(x))


def thumbnailer(side, channels):
    """Shrinks photographs, which always have their channels last, to a quarter."""
    model = Sequential()
    model.add(AveragePooling2D(pool_size=(4, 4), dim_ordering="tf", input_shape=(side, side, channels)))
    return model


def build_model(input_shape, nb_classes, kind="plain"):
    model = {"plain": plain, "residual": residual}[kind](input_shape, nb_classes)
    model.compile(loss="categorical_crossentropy",
                  optimizer=SGD(lr=0.01, momentum=0.9, nesterov=True),
                  metrics=["accuracy"])  # reported as acc and val_acc
    return model
