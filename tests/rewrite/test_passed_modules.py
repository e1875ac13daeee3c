"""What becomes of a module of Keras 1 that is imported from another one which imports it?"""

from __future__ import annotations

from kmigrate import migrate_text


def test_a_module_with_a_new_name_is_imported_by_it() -> None:
    result = migrate_text("from keras.layers import initializations\n\nprint(initializations)\n")

    assert result.reviews == ()
    assert result.after == "from keras import initializers as initializations\n\nprint(initializations)\n"


def test_a_module_that_kept_its_name_is_imported_from_its_home() -> None:
    result = migrate_text("from keras.layers import activations\n\nprint(activations.relu)\n")

    assert result.reviews == ()
    assert result.after == "from keras import activations\n\nprint(activations.relu)\n"
