"""Does every way to name a Keras 2 lead to the right table?"""

from __future__ import annotations

import pytest

from kmigrate.keras.signatures import KERAS_2
from kmigrate.keras.versions import UnknownVersion, resolve_targets, stubs_path


def test_the_default_is_one_text_for_several_versions() -> None:
    assert resolve_targets(None) == ("2.2.4", "2.3.1", "2.15.0")


@pytest.mark.parametrize(
    ("wish", "table"),
    [
        ("2.0.9", "2.0.9"),
        ("2.0.0", "2.0.9"),
        ("2.0", "2.0.9"),
        ("2.1", "2.0.9"),
        ("2.1.6", "2.0.9"),
        ("2.2", "2.2.4"),
        ("2.2.0", "2.0.9"),
        ("2.2.4", "2.2.4"),
        ("2.2.5", "2.2.4"),
        ("2.3", "2.3.1"),
        ("2.3.1", "2.3.1"),
        ("2.9", "2.3.1"),
        ("2.15", "2.15.0"),
        ("2.15.0", "2.15.0"),
    ],
)
def test_a_version_stands_for_the_nearest_measured_one_that_is_not_newer(wish: str, table: str) -> None:
    assert resolve_targets(wish) == (table,)


@pytest.mark.parametrize("wish", ["1.2.2", "3.0", "2", "2.16", "latest", ""])
def test_anything_else_is_refused_with_the_known_versions(wish: str) -> None:
    with pytest.raises(UnknownVersion) as refusal:
        resolve_targets(wish)
    assert isinstance(refusal.value, ValueError)
    assert repr(wish) in str(refusal.value)
    assert all(version in str(refusal.value) for version in KERAS_2)


def test_the_stub_folder_holds_a_keras_package() -> None:
    assert (stubs_path() / "keras" / "__init__.py").is_file()
