"""A file that takes too long is failed, and nobody else notices."""

import gc
import signal
import threading
import time
from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.execution.limit import OutOfTime, limited
from kmigrate.execution.tasks import migrate_safely
from kmigrate.results import FileResult, Outcome
from kmigrate.source.text import Source

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer of the process")

SHORT = "from keras.layers import Dense\nfrom parts import layer\n\nlayers = [Dense(output_dim=3), layer(4)]\n"
LONG = "from keras.layers import Dense\n" + "".join(f"layer{n} = Dense(output_dim={n}, init='uniform')\n" for n in range(2000))
PARTS = "from keras.layers import Dense\n\n\ndef layer(n):\n    return Dense(output_dim=n)\n"


def work() -> None:
    """Longer than any test should take, unless somebody stops it."""
    end = time.process_time() + 20
    while time.process_time() < end:
        pass


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "parts.py").write_text(PARTS)
    return Engine(tmp_path, Settings())


def migrated(engine: Engine, text: str, seconds: float = 60) -> FileResult:
    assert engine.root is not None
    return migrate_safely(engine, Source(str(engine.root / "model.py"), text), "model.py", seconds=seconds)


def test_a_file_that_takes_too_long_is_left_as_it_is(engine: Engine) -> None:
    result = migrated(engine, LONG, 0.05)
    assert (result.outcome, result.before, result.after) == (Outcome.FAILED, LONG, LONG)
    assert result.failure is not None
    assert result.failure.reason == "it took more than 0.05 seconds to look at this file, please report it"


@pytest.mark.parametrize("seconds", [0.005, 0.02, 0.05, 0.1])
def test_the_next_file_has_the_result_that_it_has_alone(engine: Engine, seconds: float) -> None:
    alone = migrated(Engine(engine.root, Settings()), SHORT)
    assert alone.outcome is Outcome.CHANGED
    assert migrated(engine, LONG, seconds).outcome is Outcome.FAILED
    assert migrated(engine, SHORT) == alone


def test_the_collector_works_behind_the_limit(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is slow, the next alarm would come while it is turned on again, and leave it off."""
    monkeypatch.setattr("kmigrate.collector.FULL", 1_000)  # soon
    slow = [0]

    def listen(phase: str, info: dict[str, int]) -> None:
        slow[0] += 1
        assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)

    gc.callbacks.append(listen)
    try:
        while not slow[0]:  # until so much is left behind that all is looked at
            assert migrated(engine, LONG, 0.05).outcome is Outcome.FAILED
    finally:
        gc.callbacks.remove(listen)
    assert gc.isenabled()


def test_a_file_has_all_of_the_time(engine: Engine) -> None:
    assert migrated(engine, SHORT, 0.5) == migrated(engine, SHORT, 60)
    started = time.process_time()
    while time.process_time() < started + 0.6:  # an alarm that was left behind would come now
        pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_alarm_comes_again_where_a_destructor_drops_it() -> None:
    class Busy:
        def __del__(self) -> None:
            work()

    with pytest.raises(OutOfTime), limited(0.05):
        Busy()
        work()


def test_another_thread_has_no_limit() -> None:
    done: list[bool] = []

    def busy() -> None:
        with limited(0.01):
            end = time.process_time() + 0.1
            while time.process_time() < end:
                pass
        done.append(True)

    thread = threading.Thread(target=busy)
    thread.start()
    thread.join()
    assert done == [True]


def test_a_program_that_has_a_timer_of_its_own_keeps_it() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGVTALRM, lambda number, frame: rung.append(number))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.05)
    try:
        with limited(0.01):
            end = time.process_time() + 0.2
            while time.process_time() < end:
                pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert rung == [signal.SIGVTALRM]
