"""A method that a class of the user's defines anew, and that Keras 2 calls no more."""

from __future__ import annotations

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Decision, ForReview
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule


def uncalled(facts: Facts, rule: Rule, found: Found) -> Decision:
    """The review at the definition; calls of the user's own run as before."""
    return ForReview(rule.id, rule.say or rule.title)
