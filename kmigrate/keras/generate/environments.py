"""What do the real Kerases in a directory of virtual environments say about themselves?"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from kmigrate.keras.signatures import VERSIONS

Facts = dict[str, Any]

SCRIPT = Path(__file__).with_name("introspect.py")


class MissingEnvironmentError(Exception):
    """A Keras version has no virtual environment in the given directory."""


def interpreter(environments: Path, version: str) -> Path:
    """The Python of the environment that holds this Keras."""
    return environments / f"keras-{version}" / "bin" / "python"


def missing(environments: Path) -> list[str]:
    """The names of the environments that the directory should hold and doesn't."""
    return [f"keras-{version}" for version in VERSIONS if not interpreter(environments, version).exists()]


def introspect(environments: Path, version: str) -> Facts:
    """Everything the installed Keras of this version contains."""
    python = interpreter(environments, version)
    if not python.exists():
        raise MissingEnvironmentError(f"{python} does not exist: make a virtual environment with Keras {version} there")
    settings = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    with tempfile.TemporaryDirectory() as home:  # Keras reads and writes ~/.keras/keras.json
        env = os.environ | settings | {"HOME": home, "KERAS_HOME": home}
        command = [str(python), "-I", str(SCRIPT)]  # isolated: Keras must not import the modules beside the script
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Keras {version} could not be introspected:\n{done.stderr[-2000:]}")
    facts: Facts = json.loads(done.stdout)
    if facts["version"] != version:
        raise MissingEnvironmentError(f"{python} holds Keras {facts['version']}, not {version}")
    return facts
