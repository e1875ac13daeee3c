"""Whether arguments fit the Keras 2 signatures of every target."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kmigrate.keras.signatures import Signature


def misfit(
    positional: Sequence[str], keywords: Sequence[str], targets: Sequence[tuple[str, Signature]], *, partial: bool = False,
    by_place: Sequence[str] = (),
) -> str | None:
    """Why the arguments do not fit, as "<version>: <reason>"; None if they fit every target.

    `positional` names the parameter that each positional argument is meant for; those in `by_place` are known by their
    place, because their name differs from version to version (`lr`, `learning_rate`).
    """
    return _of_targets(tuple(positional), tuple(keywords), tuple(targets), partial, tuple(by_place))


@lru_cache(maxsize=4096)
def _of_targets(
    positional: tuple[str, ...], keywords: tuple[str, ...], targets: tuple[tuple[str, Signature], ...], partial: bool,
    by_place: tuple[str, ...],
) -> str | None:
    """The same, remembered: most calls are written like others."""
    for version, signature in targets:
        reason = _misfit(positional, keywords, signature, partial=partial, by_place=by_place)
        if reason is not None:
            return f"{version}: {reason}"
    return None


def _misfit(
    positional: Sequence[str], keywords: Sequence[str], signature: Signature, *, partial: bool, by_place: Sequence[str]
) -> str | None:
    takes_any = signature.takes_args
    places = signature.positional
    seen: set[str] = set()
    for index, name in enumerate(positional):
        known = places[index].name if index < len(places) else None
        if known != name and not takes_any and (name not in by_place or known is None):
            return f"`{name}` is not argument {index + 1}"
        seen.update({name, known or name})
    limit = signature.positional_limit
    if limit is not None and len(positional) > limit:
        return f"takes {limit} positional arguments, not {len(positional)}"
    for name in keywords:
        if name in seen:
            return f"`{name}` is given twice"
        if not signature.accepts(name):
            return f"has no parameter `{name}`"
        seen.add(name)
    if partial:
        return None
    for name in signature.required:
        if name not in seen:
            return f"needs `{name}`"
    return None
