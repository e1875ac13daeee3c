"""Two small networks: a plain stack in the manner of VGG and a residual one."""
from keras import backend as K
from keras.layers import Input, add, concatenate
from keras.layers import AveragePooling2D, Conv2D, MaxPooling2D, ZeroPadding2D
from keras.layers import Activation, Dense, Dropout
from keras.layers import BatchNormalization
from keras.layers import GlobalAveragePooling2D
from keras.models import Model, Sequential
from keras.optimizers import SGD
from keras.regularizers import l2

WEIGHT_DECAY = 1e-4


def plain(input_shape, nb_classes):
    model = Sequential()
    model.add(ZeroPadding2D((1, 1), input_shape=input_shape))
    model.add(Conv2D(8, (3, 3), activation="relu", kernel_initializer="he_uniform"))
    model.add(Conv2D(8, (3, 3), padding="same", activation="relu"))
    model.add(MaxPooling2D((2, 2)))
    model.add(Dropout(0.25))

    model.add(Conv2D(
        16, (3, 3),
        padding="same",  # keep the size, pooling halves it
        kernel_regularizer=l2(WEIGHT_DECAY), bias_regularizer=l2(WEIGHT_DECAY),
        data_format=K.image_data_format(),
    ))
    model.add(Activation("relu"))
    model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding="same"))

    model.add(GlobalAveragePooling2D())
    model.add(Dense(units=32, kernel_initializer="glorot_uniform", activation="relu",
                    kernel_regularizer=l2(WEIGHT_DECAY)))
    model.add(Dropout(rate=0.5))
    model.add(Dense(nb_classes, activation="softmax"))
    return model


def conv_bn(x, nb_filter, rows, cols, subsample=(1, 1), name=None):
    """Convolution, batch normalization and ReLU: our own function, our own argument names."""
    channel_axis = 1 if K.image_data_format() == "channels_first" else 3
    x = Conv2D(
        nb_filter, (rows, cols), strides=subsample, padding="same",
        use_bias=False, kernel_regularizer=l2(WEIGHT_DECAY), name=name)(x)
    x = BatchNormalization(axis=channel_axis)(x)
    return Activation("relu")(x)


def residual(input_shape, nb_classes):
    if K.image_data_format() != "channels_first":
        channel_axis = 3
    else:
        channel_axis = 1

    image = Input(shape=input_shape)
    x = conv_bn(image, 8, 3, 3, name="stem")
    for stage, nb_filter in enumerate([8, 16]):
        # a strided 1x1 projection makes both branches the same size
        shortcut = Conv2D(nb_filter, kernel_size=(1, 1), strides=(2, 2))(x)
        branch = conv_bn(x, nb_filter, 3, 3, subsample=(2, 2))
        branch = Conv2D(filters=nb_filter, kernel_size=(3, 1), padding="same")(branch)
        branch = BatchNormalization(axis=channel_axis, epsilon=1e-5)(branch)
        x = add([branch, shortcut], name="sum%d" % stage)
        x = Activation("relu")(x)
    pooled = AveragePooling2D(pool_size=(2, 2), padding="valid")(x)
    widest = MaxPooling2D(pool_size=(2, 2), padding="valid", data_format=K.image_data_format())(x)
    x = concatenate([pooled, widest], axis=channel_axis)
    x = GlobalAveragePooling2D()(x)
    return Model(inputs=image, outputs=Dense(nb_classes, activation="softmax")(x))


def thumbnailer(side, channels):
    """Shrinks photographs, which always have their channels last, to a quarter."""
    model = Sequential()
    model.add(AveragePooling2D(pool_size=(4, 4), data_format="channels_last", input_shape=(side, side, channels)))
    return model


def build_model(input_shape, nb_classes, kind="plain"):
    model = {"plain": plain, "residual": residual}[kind](input_shape, nb_classes)
    model.compile(loss="categorical_crossentropy",
                  optimizer=SGD(0.01, momentum=0.9, nesterov=True),
                  metrics=["acc"])  # reported as acc and val_acc
    return model
