"""Is what differs between Keras 1 and Keras 2 found, with the rules that treat it?"""

from __future__ import annotations

import json

import pytest
import yaml

from kmigrate.cli import main
from kmigrate.coverage import coverage
from kmigrate.coverage.items import Coverage, Item
from kmigrate.coverage.shown import document, text
from kmigrate.ruleset.loader import load_rules
from kmigrate.ruleset.schema import Rule

RULE = """\
id: KM900
name: the-rule
title: A rule for the tests
why: A rule that is here for the tests of the coverage only.
since: "2.0.0"
"""
EXAMPLES = """
examples:
  - unchanged: x = 1
  - review: x = 2
"""


def rule(body: str) -> Rule:
    return Rule.model_validate(yaml.safe_load(RULE + body + EXAMPLES))


def items(*bodies: str) -> dict[tuple[str, str], Item]:
    found = coverage([rule(body) for body in bodies])
    return {(item.kind, item.name): item for item in found.items}


def treated(body: str, kind: str, name: str) -> bool:
    return items(body)[kind, name].treated


def test_our_rules_treat_everything() -> None:
    found = coverage(load_rules())
    assert found.gaps == ()
    assert found.percent == 100
    assert len(found.items) > 1500
    assert all(every > 0 for _, every in found.counts().values())


@pytest.mark.parametrize("version", ["2.2.4", "2.3.1", "2.15"])
def test_our_rules_treat_everything_for_one_target(version: str) -> None:
    assert coverage(load_rules(), version).gaps == ()


@pytest.mark.parametrize(
    ("kind", "name", "difference"),
    [
        ("module", "keras.objectives", "not in Keras 2.15.0"),
        ("name", "keras.metrics.fmeasure", "not in Keras 2.2.4, 2.3.1, 2.15.0"),
        ("name", "keras.layers.core.Dense", "not in Keras 2.15.0"),
        ("parameter", "keras.layers.Dense(output_dim)", "not in Keras 2.2.4, 2.3.1, 2.15.0"),
        ("parameter", "keras.layers.Dense(activation)", "another position in Keras 2.2.4, 2.3.1, 2.15.0"),
        ("default", "keras.optimizers.Adadelta(lr)", "1.0 in Keras 1, 0.001 in 2.15.0"),
        ("method", "keras.models.Sequential.predict_classes", "not in Keras 2.15.0"),
        ("attribute", "keras.layers.Convolution2D.nb_filter", "not in Keras 2.2.4, 2.3.1, 2.15.0"),
        ("protocol", "keras.layers.Layer.get_output_shape_for", "not in Keras 2.2.4, 2.3.1, 2.15.0"),
    ],
)
def test_a_difference_without_a_rule_is_a_gap(kind: str, name: str, difference: str) -> None:
    body = "match: {names: {keras.backend.image_dim_ordering: keras.backend.image_data_format}}"
    bare = items(body, "match: {call: keras.optimizers.Adadelta}\nrewrite: {arguments: {lr: learning_rate}}\n")
    found = bare[kind, name]  # type: ignore[index]
    assert not found.treated
    assert found.difference.startswith(difference)


def test_what_is_the_same_is_no_item() -> None:
    found = items("match: {call: keras.layers.Dense}\nrewrite: {arguments: {activation: activation}}\n")
    assert ("name", "keras.layers.Dense") not in found
    assert ("parameter", "keras.models.Model.predict(x)") not in found
    assert ("default", "keras.layers.Dense(bias)") not in found
    assert ("method", "keras.layers.Layer.get_weights") not in found


@pytest.mark.parametrize(
    ("body", "kind", "name"),
    [
        ("match: {gone: [keras.metrics.fmeasure]}\nsay: Copy the function.", "name", "keras.metrics.fmeasure"),
        ("match: {modules: {keras.objectives: keras.losses}}", "module", "keras.objectives"),
        ("match: {modules: {keras.objectives: keras.losses}}", "name", "keras.objectives.mse"),
        ("match: {moved: true}", "name", "keras.layers.core.Dense"),
        ("match: {names: {keras.callbacks.Callback: keras.callbacks.Callback}}", "name", "keras.layers.core.Dense"),
        (
            "match: {call: keras.layers.Dense}\nrewrite: {arguments: {output_dim: units}}",
            "parameter",
            "keras.layers.Dense(output_dim)",
        ),
        (
            "match: {call: keras.layers.Dense}\nrewrite: {drop: {W_regularizer: [null]}}",
            "parameter",
            "keras.layers.Dense(W_regularizer)",
        ),
        (
            "match: {call: keras.layers.Dense}\n"
            "review: [{when_given: [W_regularizer], say: Do it by hand.}]\nrewrite: {arguments: {output_dim: units}}",
            "parameter",
            "keras.layers.Dense(W_regularizer)",
        ),
        (
            "match: {call: keras.optimizers.Adadelta}\nrewrite: {arguments: {lr: learning_rate}, require: [lr]}",
            "default",
            "keras.optimizers.Adadelta(lr)",
        ),
        (
            "confidence: review\nsay: Use predict in its place.\n"
            "match: {call: keras.models.Sequential.predict_classes}",
            "method",
            "keras.models.Sequential.predict_classes",
        ),
        (
            "match: {attribute: nb_filter, of: keras.layers.Convolution2D}\nrewrite: {to: filters}",
            "attribute",
            "keras.layers.Convolution2D.nb_filter",
        ),
        (
            "match: {method: get_output_shape_for, of: keras.layers.Layer}\nrewrite: {to: compute_output_shape}",
            "protocol",
            "keras.layers.Layer.get_output_shape_for",
        ),
    ],
)
def test_a_rule_treats_what_it_mentions(body: str, kind: str, name: str) -> None:
    expected = name != "keras.layers.core.Dense" or "moved" in body
    assert treated(body, kind, name) is expected


def test_a_member_is_treated_for_every_class_that_has_it() -> None:
    body = "confidence: review\nsay: Use add_loss.\nmatch: {attribute: regularizers, of: keras.layers.%s}"
    assert treated(body % "Layer", "attribute", "keras.layers.Layer.regularizers")
    some = items(body % "Dense")["attribute", "keras.layers.Layer.regularizers"]
    assert not some.treated
    assert "read from" in some.difference


def test_the_text_tells_the_figures_and_the_gaps() -> None:
    gap = Item("name", "keras.x", "not in Keras 2.2.4", ())
    shown = text(Coverage(("2.2.4",), (gap, *[Item("name", "keras.y", "not in Keras 2.2.4", ("KM001",))] * 2)))
    assert "no rule: name keras.x: not in Keras 2.2.4\n" in shown
    assert shown.endswith("66.66 % of the differences are treated.\n")


def test_nothing_that_differs_is_everything() -> None:
    assert Coverage((), ()).percent == 100


def test_the_document_holds_every_item() -> None:
    found = coverage([rule("match: {moved: true}")])
    told = document(found)
    assert told["gaps"] == len(found.gaps) > 0
    assert len(told["items"]) == len(found.items)
    assert sum(count["all"] for count in told["counts"].values()) == len(found.items)
    assert json.loads(json.dumps(told)) == told


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "coverage"]) == 0
    assert capsys.readouterr().out.endswith("\n100 % of the differences are treated.\n")
    assert main(["rules", "coverage", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["gaps"] == 0


def test_the_command_fails_for_a_gap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("kmigrate.ruleset.loader.load_rules", lambda folders=(): (rule("match: {moved: true}"),))
    assert main(["rules", "coverage"]) == 1
    assert "no rule: parameter keras.layers.Dense(output_dim)" in capsys.readouterr().out


def test_an_unknown_version_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "coverage", "--to", "9"]) == 2
    assert capsys.readouterr().err.startswith("kmigrate: error: unknown Keras 2 version")
