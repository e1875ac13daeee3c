"""Is code in a string told of where Python 2 runs it by a statement, as it is where a call runs it?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text

IMPORT = "from keras.layers import Dense\nfrom keras.models import Sequential\nm = Sequential()\nprint 'a'\n"


@pytest.mark.parametrize(
    "program",
    [
        'exec "m.add(Dense(3, W_regularizer=None))"\n',
        "exec'Dense(3)'\n",
        "exec 'x = Dense(3)' in {}\n",
        "exec 'x = Dense(3)' in globals(), {}\n",
        "code = 'x = Dense(3)'\nexec code\n",
        "if m:\n    exec 'import keras'; print 1\n",
        "exec('x = Dense(3)')\n",
        "exec('x = Dense(3)') in {}\n",
        'exec("m.fit(x, y, nb_epoch=2)")\n',
        'def train(net):\n    return eval("net.fit(x, nb_epoch=2)")\n',
        "code = 'm.fit_generator(g, samples_per_epoch=9)'\nexec(code)\n",
    ],
)
def test_code_that_an_exec_statement_runs(program: str) -> None:
    assert [review.rule for review in migrate_text(IMPORT + program).reviews] == ["KM857"]


@pytest.mark.parametrize(
    "program",
    [
        "exec 'x = 1'\ny = 'Dense'\n",
        "exec code in names\n",
        "x = 'Dense(3)'\nprint 'we exec it'\n",
        "0, 'Dense(3)'\n",
        "exec('m.fit(x, y, epochs=2)')\n",
        "exec('print(nb_epoch)')\n",
    ],
)
def test_other_strings(program: str) -> None:
    assert migrate_text(IMPORT + program).reviews == ()
