"""Questions and answers: what each answer does to the text, and that what belongs together stays together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.overrides import NOTHING
from kmigrate.results import FileResult, Outcome
from kmigrate.results import State as UseState
from kmigrate.reviewing import Answer, Question, State, answered, ask, begin, outcome, written
from kmigrate.trial import Trial, trials

DENSE = "from keras.layers import Dense\n"
NET = """\
from keras.layers import Dense, Input, merge


def net(model, width=3):
    a, b = Input((4,)), Input((4,))
    x = Dense(output_dim=width)(merge([a, b], mode='sum'))
    y = Dense(output_dim=2)(merge([x, b], mode='concat'))
    model.fit(a, b, nb_epoch=3)
    return y
"""

Reply = Callable[[Question], "Answer | str"]


def opened(tmp_path: Path, *texts: str) -> list[Trial]:
    for number, text in enumerate(texts):
        (tmp_path / f"net{number}.py").write_text(text)
    found = [trial for trial in trials([tmp_path], Settings(unsafe=True)) if isinstance(trial, Trial)]
    assert len(found) == len(texts)
    return found


def reviewed(found: list[Trial], reply: Reply) -> tuple[list[FileResult], list[Question]]:
    """Answer all questions; the results, and the questions."""
    asked = []
    state, question = ask(found, begin(found))
    while question is not None:
        asked.append(question)
        said = reply(question)
        done = answered(state, question, said) if isinstance(said, Answer) else written(state, question, said)
        assert isinstance(done, State), done
        state, question = ask(found, done)
    return [outcome(trial, mine) for trial, mine in zip(found, state.answers, strict=True)], asked


def test_moved_imports_are_asked_about_too(tmp_path: Path) -> None:
    text = "from keras.layers.core import Dense\nfrom keras.engine.topology import Layer, InputSpec\nx = Dense(output_dim=3)\n"
    found = opened(tmp_path, text)
    ((result,), asked) = reviewed(found, lambda question: Answer.NO)
    assert result.after == text
    assert [question.changes[0].rule for question in asked][:1] == ["KM001"]
    ((result,), asked) = reviewed(found, by_rule(KM001=Answer.YES))
    assert "from keras.layers import Layer, InputSpec\nx = Dense(output_dim=3)\n" in result.after
    assert all(question.before.after != question.after.after for question in asked)
    replies = iter([Answer.NO])
    ((result,), _) = reviewed(found, lambda question: next(replies, Answer.YES))
    assert result.after.startswith("from keras.layers.core import Dense\nfrom keras.layers import Layer, InputSpec\n")
    assert result.after.endswith("x = Dense(units=3)\n")


def test_uses_of_an_import_that_moves_are_asked_about_one_by_one(tmp_path: Path) -> None:
    head = "from keras.layers.convolutional import Convolution2D\n"
    found = opened(tmp_path, head + "a = Convolution2D(3, 3, 3)\nb = Convolution2D(4, 3, 3)\n")
    ((result,), asked) = reviewed(found, lambda question: Answer.YES)
    assert [len(question.changes) for question in asked] == [1, 1, 1]
    assert result.after == "from keras.layers import Conv2D\na = Conv2D(3, (3, 3))\nb = Conv2D(4, (3, 3))\n"
    replies = iter([Answer.YES, Answer.NO, Answer.YES])
    ((result,), _) = reviewed(found, lambda question: next(replies))
    assert result.after == (
        "from keras.layers import Convolution2D, Conv2D\na = Convolution2D(3, 3, 3)\nb = Conv2D(4, (3, 3))\n"
    )
    replies = iter([Answer.NO, Answer.YES, Answer.NO])
    ((result,), _) = reviewed(found, lambda question: next(replies))
    assert result.after == head + "a = Convolution2D(3, (3, 3))\nb = Convolution2D(4, 3, 3)\n"


def by_rule(**answers: Answer) -> Reply:
    return lambda question: answers.get(question.changes[0].rule, Answer.NO)


def test_yes_to_all_is_the_whole_migration_and_no_to_all_is_none(tmp_path: Path) -> None:
    found = opened(tmp_path, NET)
    ((result,), asked) = reviewed(found, lambda question: Answer.YES)
    assert result.after == found[0].whole.after
    assert [question.number for question in asked] == [1, 2, 3, 4, 5]
    assert all(question.before.after != question.after.after for question in asked)
    ((result,), _) = reviewed(found, lambda question: Answer.NO)
    assert (result.after, result.outcome) == (NET, Outcome.IGNORED)
    assert result.states[UseState.IGNORED] == 4
    assert [(review.rule, review.unsafe) for review in result.reviews] == [("KM300", False), ("KM362", True)]


def test_a_question_says_why_a_change_is_unsafe(tmp_path: Path) -> None:
    found = opened(tmp_path, "import keras\n\n\ndef train(model, x, y):\n    model.fit(x, y, nb_epoch=3)\n")
    _, question = ask(found, begin(found))
    assert question is not None
    assert question.changes[0].reason == "nobody can tell whether the object is Keras's"


def test_imports_follow_the_answers(tmp_path: Path) -> None:
    ((result,), _) = reviewed(opened(tmp_path, NET), by_rule(KM300=Answer.YES))
    assert result.after.startswith("from keras.layers import Dense, Input, add, concatenate\n")
    assert result.after.count("output_dim") == 2 and "nb_epoch" in result.after


def test_the_rest_of_a_file_is_what_is_safe(tmp_path: Path) -> None:
    ((first, second), asked) = reviewed(opened(tmp_path, NET, NET), by_rule(KM100=Answer.REST))
    assert first.after == second.after
    assert "output_dim" not in first.after and "merge(" not in first.after
    assert "nb_epoch=3" in first.after
    assert [question.changes[0].rule for question in asked].count("KM362") == 2


def test_none_of_a_file_leaves_the_next_file_alone(tmp_path: Path) -> None:
    replies = iter([Answer.NONE])
    ((first, second), _) = reviewed(opened(tmp_path, NET, NET), lambda question: next(replies, Answer.YES))
    assert first.after == NET
    assert "units=2" in second.after


@pytest.mark.parametrize(("answer", "left"), [(Answer.ALWAYS, 0), (Answer.NEVER, 2)])
def test_a_rule_is_answered_once(tmp_path: Path, answer: Answer, left: int) -> None:
    (results, asked) = reviewed(opened(tmp_path, NET, NET), by_rule(KM100=answer))
    assert [question.changes[0].rule for question in asked].count("KM100") == 1
    assert [result.after.count("output_dim") for result in results] == [left, left]


def test_a_comment_keeps_the_answer(tmp_path: Path) -> None:
    found = opened(tmp_path, DENSE + "a = Dense(output_dim=1)\nb = Dense(output_dim=2)\n")
    replies = iter([Answer.KEEP, Answer.YES])
    ((result,), _) = reviewed(found, lambda question: next(replies))
    expected = DENSE + "a = Dense(output_dim=1)  # kmigrate: ignore[KM100]\nb = Dense(units=2)\n"
    assert (result.after, result.outcome) == (expected, Outcome.CHANGED)
    assert result.before == found[0].source.text
    (again,) = opened(tmp_path, expected)
    assert (again.whole.outcome, again.whole.unused_ignores) == (Outcome.CLEAN, ())


def test_comments_alone_change_nothing_else(tmp_path: Path) -> None:
    text = "from keras.layers import Dense, merge\na = Dense(output_dim=1)\n"
    ((result,), _) = reviewed(opened(tmp_path, text), lambda question: Answer.KEEP)
    assert (result.outcome, result.after) == (Outcome.CHANGED, text[:-1] + "  # kmigrate: ignore[KM100]\n")


def test_a_comment_above_a_statement_speaks_for_all_of_its_lines(tmp_path: Path) -> None:
    text = DENSE + "a = Dense(output_dim=1) + \\\n    Dense(output_dim=2)\n"
    ((result,), _) = reviewed(opened(tmp_path, text), lambda question: Answer.KEEP)
    assert result.after == text.replace("a =", "# kmigrate: ignore[KM100]\na =")
    (again,) = opened(tmp_path, result.after)
    assert (again.whole.outcome, again.whole.unused_ignores) == (Outcome.CLEAN, ())


def test_a_comment_keeps_an_import_where_it_is(tmp_path: Path) -> None:
    text = "from keras.layers.core import Dense, Dropout\nfrom keras.objectives import mse\nx = Dense(3), Dropout(.5), mse\n"
    ((result,), asked) = reviewed(opened(tmp_path, text), lambda question: Answer.KEEP)
    assert len(asked) == 2
    assert result.after.count("# kmigrate: ignore[") == 2
    (again,) = opened(tmp_path, result.after)
    assert (again.whole.after, again.whole.unused_ignores) == (result.after, ())
    plain = result.after.replace("  # kmigrate: ignore[KM001]", "")
    assert plain != result.after and opened(tmp_path, plain)[0].whole.after != plain


def test_a_text_of_the_person_is_written_beside_a_comment(tmp_path: Path) -> None:
    found = opened(tmp_path, DENSE + "a = Dense(output_dim=1)\nb = Dense(output_dim=2)\n")
    replies = iter([Answer.KEEP, "Dense(2)"])
    ((result,), _) = reviewed(found, lambda question: next(replies))
    assert result.after == DENSE + "a = Dense(output_dim=1)  # kmigrate: ignore[KM100]\nb = Dense(2)\n"


def test_a_text_that_does_not_hold_is_refused(tmp_path: Path) -> None:
    found = opened(tmp_path, DENSE + "a = Dense(output_dim=1)\n")
    state, question = ask(found, begin(found))
    assert question is not None
    assert "would not be bound" in str(written(state, question, "Dens(1)"))


def test_a_method_that_is_renamed_in_two_places_is_one_question(tmp_path: Path) -> None:
    text = (
        "from keras.layers import Layer\n\n\nclass Twice(Layer):\n    def get_output_shape_for(self, shape):\n"
        "        return shape\n\n\nclass Thrice(Twice):\n    def get_output_shape_for(self, shape):\n"
        "        return super(Thrice, self).get_output_shape_for(shape)\n"
    )
    ((result,), asked) = reviewed(opened(tmp_path, text), lambda question: Answer.YES)
    assert [len(question.changes) for question in asked] == [3]
    assert result.after.count("compute_output_shape") == 3


def test_what_depends_on_a_refused_change_is_not_asked(tmp_path: Path) -> None:
    text = (
        "from keras import backend as K\nfrom keras.layers import Dense, Input\n"
        "a, b = Input((4,)), Input((4,))\nc = K.concatenate([a, b])\nc._keras_shape = (None, 8)\nd = Dense(2)(c)\n"
    )
    ((result,), asked) = reviewed(opened(tmp_path, text), lambda question: Answer.NO)
    assert [question.changes[0].rule for question in asked] == ["KM440"]
    assert result.after == text


def test_no_choice_of_answers_leaves_a_sample_broken(tmp_path: Path) -> None:
    """Every third change is left, every third kept with a comment, the others are made."""
    samples = Path(__file__).parents[1] / "samples"
    found = [trial for trial in trials([samples], Settings(unsafe=True)) if isinstance(trial, Trial)]
    replies = [Answer.YES, Answer.NO, Answer.KEEP]
    results, asked = reviewed(found, lambda question: replies[question.changes[0].start % 3])
    assert len(asked) > 50
    for trial, result in zip(found, results, strict=True):
        assert result.outcome is not Outcome.FAILED, (result.path, result.failure)
        assert result.accounted[0] == result.accounted[1]
        compile(result.after, result.path or "", "exec")
        kept = result.after.count("# kmigrate: ignore[")
        assert trial.engine.migrate(trial.source, NOTHING).after == trial.whole.after
        assert not kept or trial.whole.changes
