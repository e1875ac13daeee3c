# ruff: noqa: UP006, UP031, UP035, UP045, RUF007, B905, PTH100, PTH103, PTH109, PTH110, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""What does a script find in place of a file that it would download, or that its author had: something small of the kind.

Stories of bAbI, lists of words, a text, the word vectors of GloVe, the folders of 20 newsgroups. Weights that are not there
are not loaded: what is compared gets the same ones anyway. Any other download fails.
"""

import builtins
import functools
import io
import itertools
import os
import re
import sys
import tarfile
from typing import Any, Callable, Dict, List

import numpy as np

SENTENCES = "the quick brown fox jumps over the lazy dog. it was the best of times, it was the worst of times. "
STORY = (
    "1 {0} moved to the {2}.\n2 {1} went to the {3}.\n3 Where is {0}?\t{2}\t1\n"
    "4 {1} moved to the {2}.\n5 Where is {1}?\t{2}\t4\n"
)
PERSONS, PLACES = ("Mary", "John", "Sandra"), ("bathroom", "hallway", "kitchen", "garden")
TASKS = ("qa1_single-supporting-fact", "qa2_two-supporting-facts", "qa3_three-supporting-facts")
WEIGHTS = (".h5", ".hdf5")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NEWSGROUPS, TEXTS, WORDS = ("alt.atheism", "sci.space"), 20, 600
"""Words by number beside the sentences, other ones in each text: more than the 20000 that scripts look at."""


def install(folder: str) -> None:
    """Replace Keras's and Python's ways to download, and the opening of known files that are not there."""

    def get_file(fname: str, *_: Any, **__: Any) -> str:
        path = os.path.join(folder, os.path.basename(fname))
        if not fname.endswith(WEIGHTS) and not _written(fname, path):
            raise OSError("%s would have to be downloaded" % fname)
        return path

    for name, module in list(sys.modules.items()):
        if name.startswith("keras") and hasattr(module, "get_file"):
            module.get_file = get_file  # type: ignore[attr-defined]
    import urllib.request

    def urlretrieve(url: str, *_: Any, **__: Any) -> Any:
        raise OSError("%s would have to be downloaded" % url)

    urllib.request.urlretrieve = urlretrieve
    _open_absent(folder)
    _load_present()


def _written(name: str, path: str) -> bool:
    """Write what the name promises; False if nothing is known of it."""
    if name.startswith("babi") and name.endswith((".tar.gz", ".tgz")):
        _stories(path)
    elif name.startswith("wordlists"):
        _word_lists(os.path.dirname(path))
    elif name.endswith((".txt", ".csv")) or "." not in name:
        _write(path, SENTENCES * 20)
    else:
        return False
    return True


def _write(path: str, text: str) -> None:
    with _open(path, "w") as stream:
        stream.write(text)


def _stories(path: str) -> None:
    """An archive of the tasks; the same stories in each."""
    people = itertools.permutations(PERSONS, 2)
    told = [STORY.format(*one, *two) for one in people for two in itertools.permutations(PLACES, 2)]
    content = "".join(told).encode()
    with tarfile.open(path, "w:gz") as archive:
        for size in ("en", "en-10k"):
            for task in TASKS:
                for part in ("train", "test"):
                    member = tarfile.TarInfo("tasks_1-20_v1-2/%s/%s_%s.txt" % (size, task, part))
                    member.size = len(content)
                    archive.addfile(member, io.BytesIO(content))


def _word_lists(folder: str) -> None:
    """Words, and pairs of words, as many as there are of three letters."""
    words = ["".join(letters) for letters in itertools.product(LETTERS, repeat=3)]
    _write(os.path.join(folder, "wordlist_mono_clean.txt"), "".join("%s\n" % word for word in words))
    _write(os.path.join(folder, "wordlist_bi_clean.txt"), "".join("%s %s\n" % pair for pair in zip(words, words[1:])))


_open = builtins.open


def _open_absent(folder: str) -> None:
    """Let what is not there be opened or listed if it is a file of GloVe or the folder of the newsgroups."""
    listdir: Callable[..., List[str]] = os.listdir
    isdir: Callable[..., bool] = os.path.isdir

    def place(path: Any) -> Any:
        if not isinstance(path, str) or os.path.exists(path):
            return path
        vectors = re.search(r"glove\.\w+\.(\d+)d\.txt$", path)
        if vectors:
            made = os.path.join(folder, os.path.basename(path))
            _vectors(made, int(vectors.group(1)))
            return made
        _, found, rest = path.partition("20_newsgroup")
        return os.path.join(_newsgroups(folder), rest.lstrip("s").strip("/")) if found else path

    def opened(file: Any, *args: Any, **kwargs: Any) -> Any:
        return _open(place(file), *args, **kwargs)

    vars(builtins)["open"] = opened
    vars(os)["listdir"] = lambda path=".": listdir(place(path))
    vars(os.path)["isdir"] = lambda path: isdir(place(path))


def _load_present() -> None:
    """Let models pass over files of weights that are not there."""
    import keras.models

    for kind in (keras.models.Sequential, keras.models.Model):
        for owner in kind.__mro__:
            load = vars(owner).get("load_weights")
            if load is not None:
                owner.load_weights = _if_present(load)


def _if_present(load: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(load)
    def load_weights(model: Any, filepath: Any, *args: Any, **kwargs: Any) -> Any:
        absent = isinstance(filepath, str) and filepath.endswith(WEIGHTS) and not os.path.exists(filepath)
        return None if absent else load(model, filepath, *args, **kwargs)

    return load_weights


def _vectors(path: str, size: int) -> None:
    numbers = np.random.RandomState(0)
    words = sorted(set(re.findall("[a-z]+", SENTENCES)))
    lines: Dict[str, str] = {word: " ".join("%.4f" % number for number in numbers.normal(size=size)) for word in words}
    _write(path, "".join("%s %s\n" % pair for pair in lines.items()))


def _newsgroups(folder: str) -> str:
    made = os.path.join(folder, "20_newsgroup")
    numbers = itertools.count()
    for group in NEWSGROUPS:
        place = os.path.join(made, group)
        if not os.path.exists(place):
            os.makedirs(place)
            for number in range(TEXTS):
                rare = " ".join("w%d" % word for word in itertools.islice(numbers, WORDS))
                _write(os.path.join(place, str(1000 + number)), SENTENCES * 3 + rare)
    return made
