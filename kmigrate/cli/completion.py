"""What can the shell complete: ids of rules and versions of Keras?

Nothing here may fail or take long: it runs while somebody types.
"""

from __future__ import annotations

from collections.abc import Iterator


def rules(incomplete: str) -> Iterator[tuple[str, str]]:
    """Ids that go on as the last one of a list with commas does, with the titles of the rules."""
    done, comma, begun = incomplete.rpartition(",")
    for id, title in rule(begun):
        yield f"{done}{comma}{id}", title


def rule(incomplete: str) -> Iterator[tuple[str, str]]:
    """Ids that begin so, with the titles of the rules."""
    from kmigrate.ruleset.compiled import compiled_rules

    for known in compiled_rules():
        if known.id.startswith(incomplete):
            yield known.id, known.title


def versions(incomplete: str) -> Iterator[tuple[str, str]]:
    """The measured versions of Keras 2 that begin so."""
    from kmigrate.keras.signatures import KERAS_2

    for version in KERAS_2:
        if version.startswith(incomplete):
            yield version, f"Keras {version}"
