"""What does standard input hold, and what comes of it?"""

from __future__ import annotations

import sys
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.results import Failure, FileResult, Outcome


def migrate_stdin(settings: Settings, name: str | None) -> tuple[bytes, FileResult]:
    """The bytes read, and their result; `name` says in which project, and so what the text can import."""
    from kmigrate.engine import Engine
    from kmigrate.execution.tasks import migrate_safely
    from kmigrate.reading import decode
    from kmigrate.source.discovery import root_around
    from kmigrate.source.prefilter import mentions

    path = Path(name).absolute() if name else None
    root = root_around(path.parent) if path and path.parent.is_dir() else None
    engine = Engine(root, settings)
    data = sys.stdin.buffer.read()
    seen = mentions(path or Path("stdin.py"), data)
    if not seen.keras and (root is None or not seen.imports):
        return data, FileResult(name, Outcome.NOT_KERAS)
    source = decode(data, str(path) if path else None)
    if isinstance(source, Failure):
        return data, FileResult(name, Outcome.FAILED, failure=source)
    return data, migrate_safely(engine, source, name)
