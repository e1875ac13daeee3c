"""Makes an environment for each real Keras that the referee asks: `python scripts/environments.py [VERSION ...]`.

They go to KMIGRATE_KERAS_ENVS, or ~/.cache/kmigrate/keras. The old ones need Python 3.6 or 3.7, Keras 2.15 needs 3.9 to
3.11; Pythons are looked for on the path and in pyenv. An environment that works and was made of the same packages is left
alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AT_A_TIME = 2
OLD, NEW = ("3.6", "3.7"), ("3.11", "3.10", "3.9")
ALWAYS = ("numpy<1.17", "h5py<3", "protobuf<3.20", "scipy<1.5", "pillow<9")
NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "1.2.2": (OLD[:1], ("tensorflow==1.2.1", *ALWAYS)),
    "2.0.9": (OLD[:1], ("tensorflow==1.2.1", *ALWAYS)),
    "2.2.4": (OLD[:1], ("tensorflow==1.12.0", *ALWAYS)),
    "2.3.1": (OLD, ("tensorflow==1.14.0", *ALWAYS)),
    "2.15.0": (NEW, ("tensorflow-cpu==2.15.1", "numpy<1.24", "pillow", "scipy")),  # 1.24 has no np.bool, np.int, np.float
}
"""Of each Keras: the Pythons that can hold it, the best first, and what it needs beside itself."""

MADE_OF = "made-of.txt"
"""In an environment: the packages that were asked for."""

PIP = "pip<22"
"""The last that runs on Python 3.6: the one that came with it takes what it cannot run where an index tells it nothing."""


def main(wanted: list[str]) -> int:
    """Make what is missing; the exit code counts what could not be made."""
    folder = Path(os.environ.get("KMIGRATE_KERAS_ENVS") or "~/.cache/kmigrate/keras").expanduser()
    unknown = [version for version in wanted if version not in NEEDS]
    if unknown:
        print(f"no such Keras here: {', '.join(unknown)}; any of {', '.join(NEEDS)}", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock, ThreadPoolExecutor(AT_A_TIME) as threads:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be making the same
        return list(threads.map(lambda version: made(version, folder / f"keras-{version}"), wanted or NEEDS)).count(False)


def made(version: str, place: Path) -> bool:
    """Is the environment there, now or already? Says in one line what is missing."""
    if not works(place, version) and not _make(version, place):
        return False
    print(f"keras {version}: {place}", flush=True)
    return True


def interpreter(number: str) -> str | None:
    """A Python of that version, from the path or from pyenv."""
    candidates = [shutil.which(f"python{number}") or ""]
    root = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    candidates += [
        str(path) for path in sorted(root.glob(f"versions/{number}.*/bin/python"), key=_release, reverse=True)
    ]
    return next((python for python in candidates if python and _is(python, number)), None)


def works(place: Path, version: str) -> bool:
    """Was an environment made of the packages that are needed, and does its Keras say that it is this one?"""
    python, listed = place / "bin" / "python", place / MADE_OF
    if not python.exists() or not listed.exists() or listed.read_text().split() != _packages(version):
        return False
    code = "import keras, sys; sys.stdout.write(keras.__version__)"
    environment = os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, env=environment, check=False)
    return done.returncode == 0 and done.stdout == version


def _make(version: str, place: Path) -> bool:
    pythons, _ = NEEDS[version]
    python = next((found for number in pythons if (found := interpreter(number)) is not None), None)
    if python is None:
        print(f"keras {version}: needs Python {' or '.join(pythons)} (`pyenv install {pythons[0]}`)", file=sys.stderr)
        return False
    shutil.rmtree(place, ignore_errors=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [python, "-m", "venv", str(place)],
        [*pip, "--upgrade", PIP],
        [*pip, *_packages(version)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(place, ignore_errors=True)
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            print(f"keras {version}: `{' '.join(command[1:4])}` failed: {reason}", file=sys.stderr)
            return False
    place.joinpath(MADE_OF).write_text("\n".join(_packages(version)) + "\n")
    return works(place, version) or _broken(version, place)


def _packages(version: str) -> list[str]:
    return [f"keras=={version}", *NEEDS[version][1]]


def _is(python: str, number: str) -> bool:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() == number


def _release(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", path.parent.parent.name))


def _broken(version: str, place: Path) -> bool:
    print(f"keras {version}: installed, but `import keras` fails in {place}", file=sys.stderr)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
