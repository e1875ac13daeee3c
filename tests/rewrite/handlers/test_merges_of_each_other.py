"""Merged models that are branches of each other, which no Keras builds: are they refused, and not followed for ever?"""

from __future__ import annotations

import pytest

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.source.text import Source

HEAD = "from keras.layers import Merge\nfrom keras.models import Sequential\n\nleft = Sequential()\none = Sequential()\n"


@pytest.mark.parametrize(
    "merges",
    [
        "one.add(Merge([one, left], mode='concat'))\n",
        "two = Sequential()\none.add(Merge([two, left], mode='concat'))\ntwo.add(Merge([one, left], mode='concat'))\n",
    ],
)
def test_they_are_left_to_a_person(merges: str) -> None:
    result = Engine(None, Settings(unsafe=True)).migrate(Source(None, HEAD + merges))
    assert result.after == HEAD + merges
    assert any("branches of each other" in review.reason for review in result.reviews)
