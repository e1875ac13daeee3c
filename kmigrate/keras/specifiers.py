"""Which versions of Keras does a specifier mean that a rule names, such as `"<2.2"`?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache


@cache
def allows(specifier: str, version: str) -> bool:
    """Whether a version fits a specifier."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(specifier).contains(version)


def allows_some(specifier: str, versions: Iterable[str]) -> bool:
    """Whether some of the versions fits a specifier."""
    return any(allows(specifier, version) for version in versions)
