"""Which notes and reviews does a file get that speaks Keras 2 already?"""

from __future__ import annotations

import kmigrate

IMPORTS = "from keras.callbacks import ModelCheckpoint\nfrom keras.layers import Dense\n\n"
KEPT = f"{IMPORTS}keep = ModelCheckpoint('w{{epoch:02d}}.model')\n"


def told(text: str) -> list[str]:
    return [note.text for note in kmigrate.migrate_text(text).notes]


def test_only_what_a_later_keras_2_does_otherwise() -> None:
    first, second = told(f"{KEPT}x = Dense(output_dim=3)\n")
    assert "one higher than in Keras 1" in first and "From Keras 2.4 on" in second
    assert told(f"{KEPT}x = Dense(units=3, kernel_initializer='zeros')\n") == [second]


def test_no_review_of_what_a_class_sets_that_no_keras_2_reads() -> None:
    cls = "class Noisy(Embedding):\n    def quiet(self):\n        self.dropout = 0.\n\n"
    imports = "from keras.layers import Dense, Embedding\n\n"
    assert kmigrate.migrate_text(f"{imports}{cls}x = Dense(output_dim=3)\n").reviews
    assert not kmigrate.migrate_text(f"{imports}{cls}x = Dense(units=3, kernel_initializer='zeros')\n").reviews
