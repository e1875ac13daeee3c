"""Is a rule that says something untrue of Keras, or forgets a parameter, found at its line?"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kmigrate.ruleset.check import check, check_rule
from kmigrate.ruleset.loader import builtin_rules_folder
from kmigrate.ruleset.schema import Rule

RULE = """\
id: KM900
name: the-rule
title: A rule for the tests
why: A rule that is here for the tests of the checks only.
since: "2.0.0"
"""
EXAMPLES = """
examples:
  - unchanged: x = 1
  - review: x = 2
"""
NOISE = """\
match: {call: keras.layers.GaussianNoise}
rewrite:
  arguments:
    input_dtype: dtype
    sigma: stddev
"""

GOOD = {
    "call": NOISE,
    "layer-arguments": NOISE + "    name: name\n    input_shape: input_shape\n",
    "skip-if-of-keras-2": NOISE + "skip_if:\n  stddev: {given: true}\n",
    "shared-and-cases": """\
match: {call: keras.layers.merge, given: {name: {given: false}}}
rewrite:
  choose_by: mode
  arguments: {inputs: inputs}
  drop: {dot_axes: any, output_shape: any, output_mask: any, arguments: any, name: any}
  cases:
    concat: {to: keras.layers.concatenate, arguments: {concat_axis: axis}}
  otherwise: No function of Keras 2 does this.
""",
    "all": "match: {call: keras.layers.Merge}\nrewrite: {template: 'f($all)'}\n",
    "folded": """\
match: {call: keras.layers.UpSampling2D}
rewrite:
  arguments: {size: size, dim_ordering: data_format, input_dtype: dtype}
""",
    "first": """\
match: {call: keras.optimizers.SGD}
rewrite:
  arguments: {lr: learning_rate, momentum: momentum, nesterov: nesterov}
  drop: {decay: [0.0, default]}
  first: [learning_rate]
""",
    "method": "match: {method: get_output_shape_for, of: keras.layers.Layer}\nrewrite: {to: compute_output_shape}\n",
    "attribute": "match: {attribute: W, of: keras.layers.Dense}\nrewrite: {to: kernel}\n",
    "tensor": "match: {assign: _keras_shape, of: keras_tensor}\nrewrite: {delete: true}\n",
    "target": NOISE + 'targets:\n  "<2.2": {arguments: {sigma: stddev}}\n',
    "modules": "match: {modules: {keras.objectives: keras.losses}}\n",
}

BAD = [
    pytest.param("match: {call: keras.layers.Convolution2}\n", 6, "`keras.layers.Convolution2D`?", id="unknown-class"),
    pytest.param("match: {call: keras.layers.Conv2D}\n", 6, "write that one", id="another-name"),
    pytest.param(
        "match: {call: keras.models.Model.fitt}\n", 6, "no `fitt` in Keras 1.2.2; did you mean", id="unknown-method"
    ),
    pytest.param(
        "match: {gone: keras.backend.foo_bar}\nsay: It is gone, sorry.\n", 6, "no `keras.backend.foo_bar`", id="gone"
    ),
    pytest.param(
        "match: {attribute: WW, of: keras.layers.Dense}\n", 6, "keras.layers.Dense has no `WW`", id="attribute"
    ),
    pytest.param(
        "match: {method: output_shape_for, of: keras.layers.Layer}\n", 6, "`get_output_shape_for`?", id="method"
    ),
    pytest.param("match:\n  attribute: W\n  of: keras.layers.Dens\n", 8, "`keras.layers.Dense`?", id="of"),
    pytest.param(
        "match:\n  names:\n    keras.utils.np_utils.to_catego: keras.utils.to_categorical\n",
        8,
        "to_categorical`?",
        id="names",
    ),
    pytest.param(
        "match:\n  names:\n    keras.optimizers.SGD: keras.optimizers.SDG\n", 8, "Keras 2.2.4 has no", id="new-name"
    ),
    pytest.param("match:\n  modules:\n    keras.objective: keras.losses\n", 8, "`keras.objectives`?", id="module"),
    pytest.param("match:\n  modules:\n    keras.objectives: keras.loses\n", 8, "`keras.losses`?", id="new-module"),
    pytest.param(
        "match:\n  names:\n    keras.utils.io_utils.HDF5Matrix: keras.utils.Progbar\n",
        8,
        "does not take datapath",
        id="lost",
    ),
    pytest.param(NOISE.replace("    input_dtype: dtype\n", ""), 7, "`input_dtype` of", id="not-of-every-version"),
    pytest.param(NOISE.replace(": dtype", ": input_dtype"), 9, "of Keras 2.15.0 has no", id="not-in-one-version"),
    pytest.param(NOISE.replace("sigma", "sigm"), 10, "did you mean `sigma`?", id="parameter"),
    pytest.param(
        NOISE.replace("    sigma: stddev\n", ""),
        7,
        "`sigma` of keras.layers.GaussianNoise is forgotten",
        id="forgotten",
    ),
    pytest.param(
        NOISE.replace(": stddev", ": std"), 10, "of Keras 2.2.4, 2.3.1 and 2.15.0 has no parameter `std`", id="new"
    ),
    pytest.param(NOISE + "  to: keras.layers.GausianNoise\n", 11, "`keras.layers.GaussianNoise`?", id="to"),
    pytest.param(NOISE + "  add:\n    seeds: '1'\n", 12, "has no parameter `seeds`", id="add"),
    pytest.param(NOISE + "  imports: [keras.layers.Lamda]\n", 11, "`keras.layers.Lambda`?", id="imports"),
    pytest.param(NOISE + "  drop: {sigma: default}\n", 11, "`sigma` has no default in Keras 1", id="default"),
    pytest.param(NOISE + "  require: [sigma]\n", 11, "nothing to write out", id="require"),
    pytest.param(NOISE + "  require: [name]\n", 11, "does not say what becomes of it", id="require-unmapped"),
    pytest.param(NOISE + "  first: [seed]\n", 11, "is `stddev`, not `seed`", id="first"),
    pytest.param(NOISE + "  template: f($sgma)\n", 11, "the hole `$sgma`", id="hole"),
    pytest.param(NOISE + "  code: no_function\n", 11, "is not `kmigrate.rewrite.handlers.", id="code"),
    pytest.param(NOISE + "review:\n  - when_given: [sgma]\n    say: Do it by hand.\n", 12, "`sigma`?", id="review"),
    pytest.param(NOISE + "review:\n  - when:\n      sgma: 1\n    say: Do it by hand.\n", 13, "`sigma`?", id="when"),
    pytest.param(NOISE + "skip_if:\n  stdev: {given: true}\n", 12, "neither Keras 1 nor Keras 2", id="skip-if"),
    pytest.param(NOISE.replace("}", ", given: {sgma: 1}}"), 6, "`sigma`?", id="given"),
    pytest.param(
        NOISE + "targets:\n  two: {to: keras.layers.GaussianNoise}\n", 12, "not a version specifier", id="specifier"
    ),
    pytest.param(
        NOISE + 'targets:\n  "<2.0.1": {arguments: {sigma: stddev}}\n', 12, "no Keras 2 fits", id="no-version"
    ),
    pytest.param(
        NOISE + 'targets:\n  "<2.2":\n    arguments:\n      sigma: sd\n', 14, "of Keras 2.0.9 has no", id="target"
    ),
    pytest.param(
        "match: {call: keras.layers.merge}\nrewrite:\n  choose_by: mod\n", 7, "go together", id="choose-by-alone"
    ),
    pytest.param(
        "match: {call: keras.layers.merge}\nrewrite:\n  choose_by: mod\n  cases:\n    sum: {to: keras.layers.add}\n",
        8,
        "did you mean `mode`?",
        id="choose-by",
    ),
    pytest.param(
        "match: {call: keras.layers.merge}\nrewrite:\n  choose_by: mode\n  cases:\n    sum: {template: '$inputs'}\n",
        10,
        "`dot_axes`",
        id="forgotten-in-a-case",
    ),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in GOOD.items()])
def test_a_true_rule_passes(text: str) -> None:
    assert check_rule(Rule.model_validate(yaml.safe_load(RULE + text + EXAMPLES))) == []


@pytest.mark.parametrize(("text", "line", "message"), BAD)
def test_an_untrue_rule_is_found_at_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(RULE + text + EXAMPLES, encoding="utf-8")

    found = [complaint for complaint in check(tmp_path) if message in complaint]

    assert found, check(tmp_path)
    assert found[0].startswith(f"{path}:{line}: ")


def test_a_name_with_a_rule_for_its_calls_may_lose_parameters(tmp_path: Path) -> None:
    names = "match:\n  names:\n    keras.layers.GaussianNoise: keras.layers.ThresholdedReLU\n"
    (tmp_path / "a.yaml").write_text(RULE + names + EXAMPLES, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(RULE.replace("KM900", "KM901") + NOISE + EXAMPLES, encoding="utf-8")

    assert check(tmp_path) == []


def test_all_files_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RULE + NOISE + EXAMPLES, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(RULE + NOISE + EXAMPLES, encoding="utf-8")
    (tmp_path / "c.yaml").write_text("", encoding="utf-8")

    assert [line.removeprefix(f"{tmp_path}/").split(": ")[0] for line in check(tmp_path)] == ["b.yaml:1", "c.yaml:1"]


def test_an_example_for_an_unknown_version() -> None:
    text = RULE + NOISE + EXAMPLES.replace("review: x = 2", "{review: x = 2, to: '3.0'}")
    assert "3.0" in check_rule(Rule.model_validate(yaml.safe_load(text)))[0]


def test_the_rule_of_the_readme_is_good(tmp_path: Path) -> None:
    readme = (builtin_rules_folder() / "README.md").read_text(encoding="utf-8")
    (tmp_path / "rule.yaml").write_text(readme.split("```yaml\n")[1].split("```")[0], encoding="utf-8")

    assert check(tmp_path) == []
