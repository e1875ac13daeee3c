"""Comments that share a column with the lines around them keep it; others move with their code."""

import pytest

import kmigrate
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.overrides import Overrides
from kmigrate.source.text import Source

HEAD = "from keras.models import Sequential\nfrom keras.layers import Dense, LSTM\n\nmodel = Sequential()\n"


def migrated(*lines: str, head: str = HEAD) -> list[str]:
    result = kmigrate.migrate_text(head + "".join(f"{line}\n" for line in lines))
    assert result.outcome is kmigrate.Outcome.CHANGED
    again = kmigrate.migrate_text(result.after)
    assert again.after == result.after
    return result.after.removeprefix(head).splitlines()


def test_a_shorter_line_gets_blanks() -> None:
    assert migrated(
        "model.add(Dense(output_dim=3, input_dim=2))  # the first",
        "model.add(Dense(3))                          # the second",
    ) == [
        "model.add(Dense(units=3, input_dim=2))       # the first",
        "model.add(Dense(3))                          # the second",
    ]


def test_a_longer_line_takes_blanks_as_far_as_there_are_any() -> None:
    assert migrated(
        "model.add(Dense(3, input_dim=2))                         # the first",
        "model.add(Dense(3, init='uniform'))                      # the second",
        "model.add(Dense(3, init='uniform', activation='relu'))   # the third",
    ) == [
        "model.add(Dense(3, input_dim=2))                         # the first",
        "model.add(Dense(3, kernel_initializer='uniform'))        # the second",
        "model.add(Dense(3, kernel_initializer='uniform', activation='relu'))  # the third",
    ]


def test_comments_inside_a_call_are_in_columns_too() -> None:
    assert migrated(
        "model.add(Dense(output_dim=3,     # how many",
        "                init='uniform',   # from where",
        "                input_dim=2))     # of what",
    ) == [
        "model.add(Dense(units=3,          # how many",
        "                kernel_initializer='uniform',  # from where",
        "                input_dim=2))     # of what",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            ["model.add(Dense(output_dim=3))  # alone", "model.add(Dense(4))  # elsewhere"],
            ["model.add(Dense(units=3))  # alone", "model.add(Dense(4))  # elsewhere"],
        ),
        (
            ["model.add(Dense(output_dim=3))  # together", "model.add(Dense(output_dim=4))  # together"],
            ["model.add(Dense(units=3))  # together", "model.add(Dense(units=4))  # together"],
        ),
        (
            ["model.add(Dense(output_dim=3, name='# no'))", "model.add(Dense(4,      name=     '# no'))"],
            ["model.add(Dense(units=3, name='# no'))", "model.add(Dense(4,      name=     '# no'))"],
        ),
        (
            ["model.add(Dense(output_dim=3))\t# behind a tab", "model.add(Dense(4))           \t# behind a tab"],
            ["model.add(Dense(units=3))\t# behind a tab", "model.add(Dense(4))           \t# behind a tab"],
        ),
    ],
)
def test_others_move_with_their_code(before: list[str], after: list[str]) -> None:
    assert migrated(*before) == after


def test_line_ends_of_windows_stay() -> None:
    before = HEAD + "model.add(Dense(output_dim=3))  # a\nmodel.add(Dense(3))             # b\n"
    after = before.replace("Dense(output_dim=3))  #", "Dense(units=3))       #")
    assert kmigrate.migrate_text(before.replace("\n", "\r\n")).after == after.replace("\n", "\r\n")


def test_a_change_that_is_refused_leaves_its_comment_alone() -> None:
    lines = [
        "model.add(Dense(output_dim=3, input_dim=2))  # the first",
        "model.add(Dense(output_dim=30))              # the second",
        "model.add(Dense(3))                          # the third",
    ]
    source = Source("net.py", HEAD + "".join(f"{line}\n" for line in lines))
    engine = Engine(None, Settings())
    first, second = engine.migrate(source).changes
    kept = engine.migrate(source, Overrides(refused=frozenset({first.key}))).after.removeprefix(HEAD).splitlines()
    assert kept == [lines[0], "model.add(Dense(units=30))                   # the second", lines[2]]
    assert second.key != first.key
