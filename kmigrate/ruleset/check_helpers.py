"""Are the helper layers that a rule names there, and do they take what the rule gives them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kmigrate.helpers.signature import signature
from kmigrate.helpers.text import layers
from kmigrate.ruleset.near import nearest
from kmigrate.ruleset.subject import Finding, Subject

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule


def check_helpers(rule: Rule, subject: Subject) -> Iterator[Finding]:
    """Everything about the helper layers of a rule that is not so."""
    for number, helper in enumerate(rule.helpers):
        at = ("helpers", number)
        if helper.layer not in layers():
            yield (*at, "layer"), f"there is no helper layer `{helper.layer}`{nearest(helper.layer, layers())}"
            continue
        for part, names in (("when", helper.when), ("arguments", helper.arguments), ("drop", helper.drop)):
            for parameter in (name.strip() for key in names for name in key.split(",")):
                complaint = subject.complaint(parameter)
                if complaint:
                    yield (*at, part, parameter), complaint
        for key, argument in helper.arguments.items():
            new = argument.rename or argument.tuple
            if new is not None and not signature(helper.layer).accepts(new):
                yield (*at, "arguments", key), f"the helper layer `{helper.layer}` has no parameter `{new}`"
