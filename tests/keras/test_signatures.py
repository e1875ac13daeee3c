"""Do the tables say of each Keras version what that Keras says of itself?"""

from __future__ import annotations

import json

import pytest

from kmigrate.keras import signatures
from kmigrate.keras.signatures import KERAS_1, KERAS_2, VERSIONS, Parameter, Signature, knowledge
from kmigrate.keras.versions import stubs_path

K1 = knowledge(KERAS_1)
LAYER_KEYWORDS = {"batch_input_shape", "input_dtype", "input_shape", "name", "trainable"}


def signature(version: str, path: str) -> Signature:
    found = knowledge(version).get(path)
    assert found is not None, path
    assert found.signature is not None, path
    return found.signature


@pytest.mark.parametrize(
    ("path", "primary"),
    [
        ("keras.layers.Dense", "keras.layers.Dense"),
        ("keras.layers.core.Dense", "keras.layers.Dense"),
        ("keras.layers.Conv2D", "keras.layers.Convolution2D"),
        ("keras.layers.convolutional.AtrousConv2D", "keras.layers.AtrousConvolution2D"),
        ("keras.layers.Deconv2D", "keras.layers.Deconvolution2D"),
        ("keras.layers.convolutional.MaxPooling2D", "keras.layers.MaxPooling2D"),
        ("keras.engine.topology.Layer", "keras.layers.Layer"),
        ("keras.engine.Input", "keras.layers.Input"),
        ("keras.engine.training.Model", "keras.models.Model"),
        ("keras.engine.topology.get_source_inputs", "keras.models.get_source_inputs"),
        ("keras.backend.tensorflow_backend.concatenate", "keras.backend.concatenate"),
        ("keras.backend.theano_backend.concatenate", "keras.backend.concatenate"),
        ("keras.backend.common.epsilon", "keras.backend.epsilon"),
        ("keras.applications.vgg16.VGG16", "keras.applications.VGG16"),
        ("keras.applications.vgg16.decode_predictions", "keras.applications.imagenet_utils.decode_predictions"),
        ("keras.wrappers.scikit_learn.to_categorical", "keras.utils.np_utils.to_categorical"),
        ("keras.utils.visualize_util.plot", "keras.utils.visualize_util.plot"),
        ("keras.objectives.mse", "keras.objectives.mean_squared_error"),
        ("keras.optimizers.sgd", "keras.optimizers.SGD"),
        ("keras.regularizers.WeightRegularizer", "keras.regularizers.L1L2Regularizer"),
        ("keras.constraints.maxnorm", "keras.constraints.MaxNorm"),
        ("keras.layers.core.K", "keras.backend"),
        ("keras.layers.core.K.concatenate", "keras.backend.concatenate"),
        ("keras.models.K.common.epsilon", "keras.backend.epsilon"),
        ("keras.utils.np_utils", "keras.utils.np_utils"),
        ("keras", "keras"),
        ("keras.layers.Nonsense", None),
        ("keras.nonsense.Dense", None),
        ("keras.layers.Dense.call", None),
        ("numpy.array", None),
        ("", None),
    ],
)
def test_canonical_keras_1(path: str, primary: str | None) -> None:
    assert K1.canonical(path) == primary


@pytest.mark.parametrize(
    ("version", "path", "primary"),
    [
        ("2.0.9", "keras.layers.Convolution2D", "keras.layers.Conv2D"),
        ("2.0.9", "keras.utils.np_utils.to_categorical", "keras.utils.to_categorical"),
        ("2.0.9", "keras.legacy.layers.merge", "keras.layers.merge"),
        ("2.2.4", "keras.layers.merge.Merge", None),
        ("2.2.4", "keras.engine.base_layer.Layer", "keras.layers.Layer"),
        ("2.2.4", "keras.applications.vgg16.VGG16", "keras.applications.VGG16"),
        ("2.3.1", "keras.engine.saving.load_model", "keras.models.load_model"),
        ("2.3.1", "keras.callbacks.callbacks.EarlyStopping", "keras.callbacks.EarlyStopping"),
        ("2.15.0", "keras.Model", "keras.models.Model"),
        ("2.15.0", "keras.Input", "keras.layers.Input"),
        ("2.15.0", "keras.layers.Convolution2D", "keras.layers.Conv2D"),
        ("2.15.0", "keras.saving.load_model", "keras.models.load_model"),
        ("2.15.0", "keras.optimizers.legacy.SGD", "keras.optimizers.legacy.SGD"),
        ("2.15.0", "keras.layers.core.Dense", None),
        ("2.15.0", "keras.wrappers.scikit_learn.KerasClassifier", None),
        ("2.15.0", "keras.src.layers.core.dense.Dense", None),
    ],
)
def test_canonical_keras_2(version: str, path: str, primary: str | None) -> None:
    assert knowledge(version).canonical(path) == primary


@pytest.mark.parametrize("version", VERSIONS)
def test_a_table_is_closed(version: str) -> None:
    known = knowledge(version)
    for path in known.paths():
        primary = known.canonical(path)
        assert primary is not None, path
        assert known.canonical(primary) == primary
        found = known.get(path)
        assert found is not None or known.is_module(path), path
        if found is None:
            continue
        assert known.by_definition(found.defined) == found.path
        for base in found.bases:
            assert known.get(base), (path, base)
        returns = [found.returns, *(member.returns for member in found.members.values())]
        for result in set(returns) - {None, "keras_tensor", "backend_tensor"}:
            assert result is not None
            assert known.canonical(result) == result, (path, result)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_table_says_its_version(version: str) -> None:
    assert json.loads((signatures.DATA / f"{version}.json").read_bytes())["version"] == version


def test_no_machine_leaks_into_generated_files() -> None:
    generated = [*signatures.DATA.rglob("*.json"), *stubs_path().rglob("*.py")]
    assert generated
    for file in generated:
        text = file.read_text(encoding="utf-8")
        for leak in (" at 0x", "site-packages", "/tmp", "/home", "/root", "/opt", "keras.json"):
            assert leak not in text, (file.name, leak)


def test_parameters_of_dense() -> None:
    dense = signature(KERAS_1, "keras.layers.core.Dense")
    assert dense.parameters[0] == Parameter("output_dim", "positional")
    assert dense.parameters[0].required
    assert dense.parameters[1] == Parameter("init", "positional", "'glorot_uniform'")
    assert not dense.parameters[1].required
    assert dense.parameters[-1] == Parameter("kwargs", "kwargs")
    assert not dense.parameters[-1].required
    assert dense.position("activation") == 2
    assert dense.position("input_shape") is None
    assert dense.parameter("kwargs") is None
    assert dense.accepts("bias")
    assert dense.accepts("input_shape")
    assert not dense.accepts("units")
    assert not dense.accepts("kwargs")
    assert dense.positional_limit is None


@pytest.mark.parametrize("name", ["LSTM", "GRU", "SimpleRNN"])
def test_recurrent_layers_take_what_their_bases_take(name: str) -> None:
    own = {"return_sequences", "go_backwards", "stateful", "unroll", "consume_less", "weights"}
    expected = LAYER_KEYWORDS | own | {"input_dim", "input_length"}
    assert signature(KERAS_1, f"keras.layers.{name}").keywords == frozenset(expected)


@pytest.mark.parametrize(
    ("version", "path", "keywords"),
    [
        (KERAS_1, "keras.layers.Layer", LAYER_KEYWORDS),
        (KERAS_1, "keras.layers.AtrousConvolution1D", LAYER_KEYWORDS | {"input_dim", "input_length"}),
        (KERAS_1, "keras.optimizers.SGD", {"clipnorm", "clipvalue"}),
        ("2.0.9", "keras.layers.Dense", LAYER_KEYWORDS | {"batch_size", "dtype", "input_dim", "weights"}),
        # Calls super(RNN, self).__init__: what RNN takes doesn't reach it.
        ("2.2.4", "keras.layers.CuDNNLSTM", LAYER_KEYWORDS | {"batch_size", "dtype", "weights", "go_backwards"}),
        ("2.2.4", "keras.layers.concatenate", LAYER_KEYWORDS | {"batch_size", "dtype", "weights"}),
        ("2.3.1", "keras.optimizers.SGD", {"clipnorm", "clipvalue", "decay", "lr"}),
        (
            "2.15.0",
            "keras.layers.Layer",
            {"activity_regularizer", "autocast", "batch_input_shape", "batch_size"}
            | {"implementation", "input_dim", "input_shape", "weights"},
        ),
    ],
)
def test_keywords_that_kwargs_takes(version: str, path: str, keywords: set[str]) -> None:
    assert signature(version, path).keywords == frozenset(keywords)


def test_keras_2_15_layers_take_the_keywords_of_every_base() -> None:
    dense = signature("2.15.0", "keras.layers.Dense")
    for keyword in ("name", "trainable", "dtype", "dynamic", "input_shape", "input_dim", "weights"):
        assert dense.accepts(keyword), keyword
    assert not dense.accepts("output_dim")
    assert not signature("2.15.0", "keras.optimizers.SGD").accepts("lr")


def test_any_keyword_where_the_set_is_not_known() -> None:
    wrapper = signature(KERAS_1, "keras.wrappers.scikit_learn.KerasClassifier")
    assert wrapper.keywords is None
    assert wrapper.accepts("nb_epoch")


@pytest.mark.parametrize(
    ("path", "limit"),
    [("keras.layers.Dense", 1), ("keras.layers.Conv2D", 2), ("keras.layers.BatchNormalization", 0)],
)
@pytest.mark.parametrize("version", ["2.0.9", "2.2.4", "2.3.1"])
def test_positional_limits(version: str, path: str, limit: int) -> None:
    assert signature(version, path).positional_limit == limit


def test_no_positional_limits_outside_2_0_to_2_3() -> None:
    assert signature("2.15.0", "keras.layers.Dense").positional_limit is None


@pytest.mark.parametrize("version", KERAS_2)
def test_models_are_built_from_inputs_and_outputs(version: str) -> None:
    model = signature(version, "keras.models.Model")
    assert [parameter.name for parameter in model.positional[:2]] == ["inputs", "outputs"]
    assert model.parameter("name") is not None


@pytest.mark.parametrize("version", ["2.2.4", "2.3.1", "2.15.0"])
def test_models_since_2_2_ignore_a_third_positional_argument(version: str) -> None:
    assert signature(version, "keras.models.Model").position("name") is None


@pytest.mark.parametrize(("version", "count"), [("2.2.4", 5), ("2.3.1", 5)])
def test_covers_of_keras_applications_show_the_real_parameters(version: str, count: int) -> None:
    vgg = signature(version, "keras.applications.VGG16")
    assert [parameter.name for parameter in vgg.parameters][:count] == [
        "include_top",
        "weights",
        "input_tensor",
        "input_shape",
        "pooling",
    ]
    assert not vgg.takes_kwargs


def test_members_come_from_the_class_then_from_its_bases() -> None:
    fit = K1.member("keras.models.Sequential", "fit")
    assert fit is not None
    assert (fit.owner, fit.kind, fit.returns) == ("keras.models.Sequential", "method", "keras.callbacks.History")
    assert fit.signature is not None
    assert fit.signature.position("nb_epoch") == 3
    summary = K1.member("keras.models.Sequential", "summary")
    assert summary is not None
    assert summary.owner == "keras.engine.topology.Container"
    assert K1.member("keras.models.Sequential", "nonsense") is None
    assert K1.member("keras.nonsense", "fit") is None


@pytest.mark.parametrize(
    ("cls", "name", "kind", "returns"),
    [
        ("keras.layers.Dense", "W", "attribute", None),
        ("keras.layers.Dense", "output_dim", "attribute", None),
        ("keras.layers.Convolution2D", "nb_filter", "attribute", None),
        ("keras.layers.MaxPooling2D", "pool_size", "attribute", None),
        ("keras.optimizers.SGD", "lr", "attribute", None),
        ("keras.optimizers.SGD", "nesterov", "attribute", None),
        ("keras.optimizers.SGD", "clipnorm", "attribute", None),
        ("keras.layers.Dense", "output", "property", "keras_tensor"),
        ("keras.layers.Dense", "__call__", "method", "keras_tensor"),
        ("keras.layers.Merge", "__call__", "method", "keras_tensor"),
        ("keras.models.Model", "get_layer", "method", "keras.layers.Layer"),
        ("keras.models.Sequential", "optimizer", "attribute", "keras.optimizers.Optimizer"),
        ("keras.models.Sequential", "from_config", "classmethod", "keras.models.Sequential"),
        ("keras.callbacks.ModelCheckpoint", "model", "attribute", "keras.models.Model"),
        ("keras.wrappers.scikit_learn.KerasRegressor", "fit", "method", "keras.callbacks.History"),
    ],
)
def test_members_of_keras_1(cls: str, name: str, kind: str, returns: str | None) -> None:
    member = K1.member(cls, name)
    assert member is not None
    assert (member.kind, member.returns) == (kind, returns)


@pytest.mark.parametrize(
    ("path", "returns"),
    [
        ("keras.layers.Input", "keras_tensor"),
        ("keras.layers.merge", "keras_tensor"),
        ("keras.backend.concatenate", "backend_tensor"),
        ("keras.backend.int_shape", None),
        ("keras.backend.ndim", None),
        ("keras.backend.get_value", None),
        ("keras.backend.function", "keras.backend.Function"),
        ("keras.models.load_model", "keras.models.Model"),
        ("keras.applications.ResNet50", "keras.models.Model"),
        ("keras.optimizers.get", "keras.optimizers.Optimizer"),
        ("keras.regularizers.l2", "keras.regularizers.L1L2Regularizer"),
        ("keras.objectives.mse", "backend_tensor"),
        ("keras.objectives.get", None),
        ("keras.utils.layer_utils.layer_from_config", "keras.layers.Layer"),
    ],
)
def test_results_of_keras_1(path: str, returns: str | None) -> None:
    found = K1.get(path)
    assert found is not None
    assert found.returns == returns


def test_ancestors() -> None:
    assert K1.ancestors("keras.layers.core.SpatialDropout2D") == (
        "keras.layers.SpatialDropout2D",
        "keras.layers.Dropout",
        "keras.layers.Layer",
    )
    assert K1.ancestors("keras.layers.MaxPooling2D")[1] == "keras.layers.pooling._Pooling2D"
    assert K1.ancestors("keras.layers.merge") == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_layer_descends_from_layer(version: str) -> None:
    for name in ("Dense", "LSTM", "Conv2D", "MaxPooling2D", "Bidirectional", "ConvLSTM2D", "BatchNormalization"):
        assert "keras.layers.Layer" in knowledge(version).ancestors(f"keras.layers.{name}")
    assert "keras.layers.Layer" in knowledge(version).ancestors("keras.models.Sequential")


def test_modules() -> None:
    assert K1.is_module("keras.layers.core")
    assert K1.is_module("keras.layers.core.K")
    assert not K1.is_module("keras.layers.Dense")
    assert not K1.is_module("keras.initializers")
    assert knowledge("2.0.9").is_module("keras.initializers")
    assert not knowledge("2.15.0").is_module("keras.layers.core")


def test_merge_is_a_function_and_a_module_then_only_a_module() -> None:
    assert knowledge("2.0.9").get("keras.layers.merge")
    assert knowledge("2.2.4").get("keras.layers.merge") is None
    for version in ("2.0.9", "2.2.4"):
        assert knowledge(version).is_module("keras.layers.merge")
        assert knowledge(version).canonical("keras.layers.merge.add") == "keras.layers.add"


def test_star_imports_bind_what_the_module_holds() -> None:
    names = K1.public_names("keras.layers.core")
    assert {"Dense", "K", "np", "Merge"} <= names
    assert not any(name.startswith("_") for name in names)
    assert "np_utils" not in K1.public_names("keras.models")
    assert {"Conv2D", "Convolution2D"} <= K1.public_names("keras.layers")
    assert K1.public_names("keras.nonsense") == frozenset()


def test_signatures_without_kwargs_refuse_further_keywords() -> None:
    plain = Signature((Parameter("x", "positional"), Parameter("y", "keyword", "1"), Parameter("rest", "args")))
    assert not plain.takes_kwargs
    assert plain.positional == (Parameter("x", "positional"),)
    assert plain.position("y") is None
    assert plain.accepts("y")
    assert not plain.accepts("z")
    assert not plain.accepts("rest")


def test_unknown_versions_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"2\.0\.0.*1\.2\.2.*2\.15\.0"):
        knowledge("2.0.0")


def test_knowledge_is_shared() -> None:
    assert knowledge(KERAS_1) is K1
