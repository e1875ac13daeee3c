"""What is said of a module of Keras 1 that is imported from another one which imports it?"""

from __future__ import annotations

from kmigrate import migrate_text


def test_a_module_with_a_new_name_is_asked_for_by_it() -> None:
    result = migrate_text("from keras.layers import initializations\n\nprint(initializations)\n")

    assert [review.reason for review in result.reviews] == [
        "`initializations` comes from `keras.layers`, which only imports it; Keras 2 does not pass it on."
    ] * 2
    assert {review.recipe for review in result.reviews} == {"Import keras.initializers in this file."}


def test_a_module_that_kept_its_name_is_imported_from_its_home() -> None:
    result = migrate_text("from keras.layers import activations\n\nprint(activations.relu)\n")

    assert result.reviews == ()
    assert result.after == "from keras import activations\n\nprint(activations.relu)\n"
