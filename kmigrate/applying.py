"""How do results become files: in place with a journal, or in a migrated copy of the tree?"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from kmigrate import git
from kmigrate.errors import InvalidSetting, WriteRefused
from kmigrate.journal import Planned, forget, record, told
from kmigrate.lookup import is_folder
from kmigrate.results import Failure, FileResult, Outcome
from kmigrate.writing import holds, write

DIRTY = "commit or stash it first; --allow-dirty writes all the same"
"""What to do about a file that git could not give back."""

_WRITTEN = (Outcome.CHANGED, Outcome.CREATED)


def apply(
    results: Iterable[FileResult],
    *,
    allow_dirty: bool = False,
    home: Path | None = None,
    recorded: Callable[[str], None] = lambda run: None,
) -> tuple[tuple[FileResult, ...], str | None]:
    """Write the changed files in place; the results as they then are, and the id of the run if one was recorded.

    A file that cannot be written ends as FAILED, and so does one whose text git could not give back, unless
    `allow_dirty`. `recorded` is told the id before the first file is written; `home` is where the journal keeps it.
    Where no file could be written there is no run in the end. Raises WriteRefused when the run cannot be recorded,
    GitFailed when git cannot tell.
    """
    outcome = [_planned(result) for result in results]
    if not allow_dirty:
        outcome = _without_dirty(outcome)
    outcome = _without_idle(outcome)
    plans = [plan for _, plan in outcome if plan is not None]
    run = record(plans, home) if plans else None
    if run is not None:
        recorded(run)
    try:
        done = tuple(_all_written(outcome))
    except KeyboardInterrupt:
        if run is None or home is not None:
            raise
        raise KeyboardInterrupt(f"files may be written already; {told(run)}") from None
    if run is not None and not any(result.outcome in _WRITTEN for result in done):
        forget(run, home)
        run = None
    return done, run


def check_copy(paths: Sequence[Path], out: Path) -> None:
    """Refuse a place for the copy that is taken, lies in a tree that is copied, or holds one; raises InvalidSetting."""
    target = out.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidSetting(f"--out: `{out}` exists and is not an empty folder", hint="name a new folder")
    check_outside(paths, out)
    names = [_name(path) for path in paths]
    if len(set(names)) < len(names) and len(paths) > 1:
        raise InvalidSetting("--out: two of the paths have the same name", hint="migrate them one by one")


def check_outside(paths: Iterable[Path], out: Path) -> None:
    """Refuse a place for copies that lies in one of the folders that are copied; raises InvalidSetting."""
    target = out.resolve()
    for path in filter(is_folder, paths):
        source = path.resolve()
        if target == source or source in target.parents:
            raise InvalidSetting(f"--out: `{out}` lies inside `{path}`", hint="name a folder outside of it")


def copy(
    paths: Sequence[Path], out: Path, results: Iterable[FileResult], *, whole: bool = False
) -> tuple[FileResult, ...]:
    """Copy what is below `paths` to `out`, files that changed with their new text; the results as they then are.

    One folder becomes `out` itself; files and several folders are put into it under their names. Links are copied as
    links; sockets and devices are left out. A file that cannot be copied ends as FAILED; `whole` raises WriteRefused where
    there is no room for it.
    """
    done = tuple(results)
    new: dict[str, bytes] = {}
    for _, plan in map(_planned, done):
        if plan is not None:
            new[str(plan.path)] = plan.after
    created = {plan.path: plan.after for _, plan in map(_planned, done) if plan is not None and plan.before is None}
    problems: dict[str, OSError] = {}
    out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        into = out if len(paths) == 1 and path.is_dir() else out / _name(path)
        _copy(path.resolve(), into, new, problems)
        _add(path.resolve(), into, created, problems)
    for place, error in problems.items():
        if whole and error.errno in _NO_ROOM:
            raise WriteRefused(_not_copied(error), where=place, hint="make room and run again")
    copied = tuple(_without_copy(_planned(result)[0], problems) for result in done)
    return copied + tuple(
        FileResult(place, Outcome.FAILED, failure=Failure(_not_copied(error))) for place, error in problems.items()
    )


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _without_copy(result: FileResult, problems: dict[str, OSError]) -> FileResult:
    """The result of a file once it is known whether it could be copied: each file has one."""
    known = result.source.path if result.source is not None else None
    error = problems.pop(os.path.realpath(known or result.path or ""), None)
    if error is None or result.outcome is Outcome.FAILED:
        return result
    return _failed(result, _not_copied(error), None)


def _not_copied(error: OSError) -> str:
    return f"the copy could not be made: {(error.strerror or str(error)).lower()}"


def _name(path: Path) -> str:
    return Path(os.path.abspath(path)).name  # noqa: PTH100 - a link keeps its name


def _planned(result: FileResult) -> tuple[FileResult, Planned | None]:
    source = result.source
    if result.outcome not in _WRITTEN or source is None or source.path is None:
        return result, None
    try:
        before = source.encode(source.text) if result.outcome is Outcome.CHANGED else None
        return result, Planned(Path(os.path.realpath(source.path)), before, result.to_bytes())
    except UnicodeEncodeError as error:
        reason = f"the new text has a character that {source.encoding} lacks: {error.object[error.start]!r}"
        return _failed(result, reason, "save the file as UTF-8 first"), None


def _without_dirty(
    outcome: Sequence[tuple[FileResult, Planned | None]],
) -> list[tuple[FileResult, Planned | None]]:
    """Without files whose text git could not give back; what changed since it was read is refused when it is written."""
    dirty = git.uncommitted(plan.path for _, plan in outcome if plan is not None)
    return [
        (_failed(result, dirty[plan.path], DIRTY), None)
        if plan is not None and plan.path in dirty and holds(plan.path, plan.before) else (result, plan)
        for result, plan in outcome
    ]  # fmt: skip


def _without_idle(
    outcome: Sequence[tuple[FileResult, Planned | None]],
) -> list[tuple[FileResult, Planned | None]]:
    """Without new files that only those need which are not written."""
    needed = {os.path.realpath(result.needed.path) for result, plan in outcome if plan is not None and result.needed}
    return [
        (result, plan) for result, plan in outcome
        if plan is None or plan.before is not None or str(plan.path) in needed
    ]  # fmt: skip


def _all_written(outcome: Sequence[tuple[FileResult, Planned | None]]) -> list[FileResult]:
    """Write what others need before them; those fail with it."""
    done: dict[int, FileResult] = {}
    lost: set[str] = set()
    for number, (result, plan) in sorted(enumerate(outcome), key=lambda item: item[1][0].needed is not None):
        if plan is not None and result.needed and os.path.realpath(result.needed.path) in lost:
            reason = f"`{result.needed.path}`, which it would import, could not be written"
            done[number] = _failed(result, reason, "see what is said of that file")
            continue
        done[number] = _written(result, plan)
        if done[number].outcome is Outcome.FAILED and result.source is not None and result.source.path is not None:
            lost.add(os.path.realpath(result.source.path))
    return [done[number] for number in range(len(outcome))]


def _written(result: FileResult, plan: Planned | None) -> FileResult:
    if plan is None:
        return result
    try:
        write(plan.path, plan.after, expected=plan.before)
    except WriteRefused as error:
        return _failed(result, error.title, error.hint)
    return result


def _failed(result: FileResult, reason: str, hint: str | None) -> FileResult:
    return FileResult(
        result.path, Outcome.FAILED, result.before, result.before, result.source, failure=Failure(reason, hint=hint)
    )


def _copy(source: Path, target: Path, new: dict[str, bytes], problems: dict[str, OSError]) -> None:
    try:
        mode = source.lstat().st_mode
        if stat.S_ISLNK(mode):
            target.symlink_to(source.readlink())
        elif stat.S_ISDIR(mode):
            target.mkdir(exist_ok=True)
            for child in sorted(source.iterdir()):
                _copy(child, target / child.name, new, problems)
            shutil.copystat(source, target)
        elif stat.S_ISREG(mode):
            _copy_file(source, target, new.get(str(source)))
    except OSError as error:
        problems[str(source)] = error


def _add(source: Path, target: Path, created: dict[Path, bytes], problems: dict[str, OSError]) -> None:
    """Put new files where they belong in the copy: those that lie below a folder, or beside a file."""
    folder, place = (source, target) if source.is_dir() else (source.parent, target.parent)
    for path, data in created.items():
        if path.is_relative_to(folder):
            new = place / path.relative_to(folder)
            try:
                new.write_bytes(data)
            except OSError as error:
                new.unlink(missing_ok=True)
                problems[str(path)] = error


def _copy_file(source: Path, target: Path, data: bytes | None) -> None:
    try:
        if data is None:
            shutil.copy2(source, target)
            return
        target.write_bytes(data)
    except OSError:
        target.unlink(missing_ok=True)  # no half of a file stays in the copy
        raise
    with suppress(OSError):
        shutil.copymode(source, target)
