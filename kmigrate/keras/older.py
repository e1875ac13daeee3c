"""Which names did a star import of Keras bring that Keras 1.2.2 has no more, so that its tables do not list them?

Classes and functions of 0.1.0 to 1.1.2 that programs use, by the modules that defined them then: read from those sources.
"""

from __future__ import annotations

_CORE = frozenset(
    "AutoEncoder DenoisingAutoEncoder LambdaMerge MaskedLambda MaskedLayer Siamese SiameseHead TimeDistributedMerge "
    "add_shared_layer".split()
)

OLDER: dict[str, frozenset[str]] = {
    "keras.layers.advanced_activations": frozenset({"ThresholdedLinear"}),
    "keras.layers.convolutional": frozenset({"UpSample1D", "UpSample2D"}),
    "keras.layers.core": _CORE,
    "keras.layers.embeddings": frozenset({"WordContextProduct"}),
    "keras.layers.normalization": frozenset({"LRN2D"}),
    "keras.layers.recurrent": frozenset({"JZS1", "JZS2", "JZS3", "SimpleDeepRNN"}),
    "keras.models": frozenset({"Graph", "standardize_X", "standardize_y"}),
    "keras.objectives": frozenset({"poisson_loss", "root_mean_squared_error"}),
    "keras.optimizers": frozenset({"kl_divergence"}),
}
