"""Calls that are half migrated: Keras 2 shapes beside Keras 1 keywords (`Conv2D(16, (2, 1), border_mode='same')`)."""

from __future__ import annotations

from kmigrate.edits import replace
from kmigrate.keras.signatures import Signature
from kmigrate.match.conditions import Conditions
from kmigrate.match.found import Found
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.literals import convert
from kmigrate.rewrite.plan import Refusal
from kmigrate.ruleset.schema import Rewrite, Rule
from kmigrate.source.module import Module
from kmigrate.verify.binding import misfit


def half_migrated(
    rule: Rule, rewrite: Rewrite, found: Found, keras1: Signature, targets: tuple[tuple[str, Signature], ...],
    module: Module, conditions: Conditions,
) -> Rewritten | None:  # fmt: skip
    """Rename the Keras 1 keywords only; None unless every target accepts the result."""
    call = found.call
    if call is None or not targets or any(keyword.arg is None for keyword in call.keywords):
        return None
    shape = layout(module, call)
    out = Rewritten()
    keywords: list[str] = []
    for index, keyword in enumerate(call.keywords, start=len(call.args)):
        assert keyword.arg is not None
        spec = rewrite.arguments.get(keyword.arg)
        accepted = all(signature.accepts(keyword.arg) for _, signature in targets)
        if accepted or spec is None or spec.rename is None or not keras1.accepts(keyword.arg):
            keywords.append(keyword.arg)
            continue
        slot = shape.slots[index]
        converted = convert(spec, keyword.value, slot.value, module, conditions)
        if isinstance(converted, Refusal):
            return None
        out.imports.extend(converted.imports)
        out.edits.extend(replace(span.start, span.end, *pieces, rule=rule.id) for span, pieces in converted.edits)
        out.edits.append(replace(slot.whole.start, slot.whole.start + len(keyword.arg), spec.rename, rule=rule.id))
        keywords.append(spec.rename)
    positional = [parameter.name for parameter in targets[0][1].positional[: len(call.args) - found.leading]]
    if len(positional) < len(call.args) - found.leading or not out.edits:
        return None
    return out if misfit(positional, keywords, targets) is None else None
