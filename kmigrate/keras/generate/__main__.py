"""Do the signature tables and the stub say what the real Kerases say? Writes them, or with --check only compares.

    python -m kmigrate.keras.generate --environments DIR [--check]

DIR holds one virtual environment for each version, named keras-1.2.2, keras-2.0.9 and so on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from kmigrate.keras.generate.environments import MissingEnvironmentError, introspect
from kmigrate.keras.generate.stubs import stub_files
from kmigrate.keras.generate.tables import table, text
from kmigrate.keras.signatures import KERAS_1, VERSIONS

HERE = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m kmigrate.keras.generate", description=__doc__.splitlines()[0])
    parser.add_argument("--environments", type=Path, required=True, help="the directory of the environments")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file would change")
    options = parser.parse_args(arguments)
    try:
        files = generate(options.environments)
    except MissingEnvironmentError as error:
        print(error, file=sys.stderr)
        return 2
    stale = outdated(files)
    for path in stale:
        print(f"{'outdated' if options.check else 'written'}: {path}")
    if not options.check:
        apply(files, stale)
    return 1 if options.check and stale else 0


def generate(environments: Path) -> dict[str, str]:
    """Every generated file: its path below kmigrate/keras, and its text."""
    files: dict[str, str] = {}
    for version in VERSIONS:
        facts = introspect(environments, version)
        content = table(facts)
        files[f"data/{version}.json"] = text(content)
        if version == KERAS_1:
            files |= {f"stubs/{path}": stub for path, stub in stub_files(facts, content).items()}
    return files


def outdated(files: Mapping[str, str]) -> list[str]:
    """Paths whose file is missing, differs, or should no longer be there."""
    changed = [path for path, content in files.items() if _read(HERE / path) != content]
    present = [*(HERE / "data").rglob("*.json"), *(HERE / "stubs").rglob("*.py")]
    extra = [found.relative_to(HERE).as_posix() for found in present]
    return sorted({*changed, *(path for path in extra if path not in files)})


def apply(files: Mapping[str, str], paths: list[str]) -> None:
    for path in paths:
        place = HERE / path
        if path in files:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(files[path], encoding="utf-8", newline="\n")
        else:
            place.unlink()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
