"""How do the results reach a repository: not at all, in place, as a migrated copy, on a branch, as a commit?

A repository that an interruption left half written is first put back as it was, and then done again as a whole. One
that has its commit already only needs its record.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from kmigrate import applying, git, journal
from kmigrate.batch.commits import Tell, commit, made_after_all, with_commit
from kmigrate.batch.records import RepositoryRecord
from kmigrate.batch.repositories import Repository
from kmigrate.batch.state import Mark, State
from kmigrate.errors import GitFailed, InvalidSetting, KmigrateError, NothingToUndo
from kmigrate.execution.tasks import failed
from kmigrate.results import FileResult, Outcome


@dataclass(frozen=True, slots=True)
class DryRun:
    """Nothing is written."""


@dataclass(frozen=True, slots=True)
class InPlace:
    """Write the files themselves; `allow_dirty` also those whose text git could not give back."""

    allow_dirty: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """Write a migrated copy of each repository to a new folder below `out`."""

    out: Path


@dataclass(frozen=True, slots=True)
class ToGit:
    """Write the files on a new branch, if one is named, and commit them, if that is asked for."""

    branch: str | None
    commit: bool


Way: TypeAlias = DryRun | InPlace | Copies | ToGit

Recorded: TypeAlias = Callable[[Sequence[FileResult]], RepositoryRecord]
"""Makes the record of a repository from the results as they are in the end."""


def deliver(
    repository: Repository, folder: Path, results: Sequence[FileResult], way: Way, state: State, recorded: Recorded
) -> RepositoryRecord:
    """Write the results, and give the record of the repository. Raises what writing, copying and git raise."""
    changed = any(result.outcome is Outcome.CHANGED for result in results)
    match way:
        case Copies(out=out):
            return _copied(repository, folder, results, out, state, recorded)
        case InPlace(allow_dirty=allow_dirty) if changed:
            return _in_place(repository, results, allow_dirty, state, recorded)
        case ToGit() if changed:
            return _to_git(repository, folder, results, way, state, recorded)
        case _:
            return recorded(results)


def recover(repository: Repository, folder: Path, way: Way, state: State, tell: Tell) -> RepositoryRecord | None:
    """Bring a repository that was being written to back to a known state.

    The record if it was finished after all; None if it has to be done again, its files being the old ones.
    """
    mark = state.marked(repository.name)
    if mark is None or (mark.record is not None and mark.record.place != str(folder)):
        return None
    if isinstance(way, Copies):
        return mark.record if (way.out / repository.name).exists() else None
    if mark.record is not None and made_after_all(mark, state, tell):
        return with_commit(mark.record, state)
    _put_back(mark.run, state)
    return None


def _copied(
    repository: Repository, folder: Path, results: Sequence[FileResult], out: Path, state: State, recorded: Recorded
) -> RepositoryRecord:
    """The copy takes its name when it is whole; the record is kept before, so that the two agree after a kill."""
    target = out / repository.name
    if target.exists():
        raise InvalidSetting(f"`{target}` exists", hint="remove it, or name another folder with --out")
    part = target.with_name(f".{target.name}.kmigrate-part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        copied = applying.copy([folder], part, results, whole=True)
        record = replace(recorded(copied), written=f"copied to {target}")
        state.mark(repository.name, Mark(record=record))
        part.rename(target)
    except (KmigrateError, OSError):
        shutil.rmtree(part, ignore_errors=True)
        raise
    return record


def _in_place(
    repository: Repository, results: Sequence[FileResult], allow_dirty: bool, state: State, recorded: Recorded
) -> RepositoryRecord:
    if not allow_dirty:
        _refuse_dirty(_changed(results), "commit or stash first, or use --allow-dirty")
    return _applied(repository, results, Mark(), state, recorded)


def _applied(
    repository: Repository, results: Sequence[FileResult], mark: Mark, state: State, recorded: Recorded
) -> RepositoryRecord:
    done, run = applying.apply(
        results,
        allow_dirty=True,
        home=state.journal,
        recorded=lambda run: state.mark(repository.name, replace(mark, run=run)),
    )
    return replace(recorded(done), written="written" if run is not None else None, run=run)


def _to_git(
    repository: Repository, folder: Path, results: Sequence[FileResult], way: ToGit, state: State, recorded: Recorded
) -> RepositoryRecord:
    """What can be refused is refused before the branch is entered; who fails there goes back to where it was.

    Files of a repository in this one, a submodule, are left out: no commit here could hold them.
    """
    top = folder.resolve()
    if git.work_tree(folder) != top:
        raise GitFailed("there is no git repository at its top", where=str(folder), hint="leave --branch and --commit out")
    if way.commit:
        git.check_author(folder)
    mark = Mark(head=git.head(folder))
    results = _without_inner(results, top)
    _refuse_dirty(_changed(results), "commit or stash first")
    switch = git.enter_branch(folder, way.branch) if way.branch is not None else None
    try:
        record = _applied(repository, results, mark, state, recorded)
        if record.run is not None and way.commit:
            return _committed(repository, folder, results, mark, record, state)
    except (KmigrateError, OSError):
        if switch is not None:
            git.switch_back(folder, switch)
        raise
    if record.run is not None:
        return replace(record, written=f"written on branch {git.branch(folder)}")
    if switch is not None:
        git.switch_back(folder, switch)
    return record


def _without_inner(results: Sequence[FileResult], top: Path) -> list[FileResult]:
    trees = git.by_work_tree(_changed(results))
    inner = {str(path): tree.name for tree, paths in trees.items() if tree != top for path in paths}
    return [
        failed(result.source, result.path, f"it is in `{name}`, a git repository of its own: name that one to have it migrated")
        if result.source is not None and (name := inner.get(os.path.realpath(result.source.path or ""))) else result
        for result in results
    ]  # fmt: skip


def _committed(
    repository: Repository, folder: Path, results: Sequence[FileResult], mark: Mark, record: RepositoryRecord, state: State
) -> RepositoryRecord:
    new: list[Path] = []
    top = folder.resolve()
    try:
        record = replace(record, written=f"committed on branch {git.branch(folder)}")
        state.mark(repository.name, replace(mark, run=record.run, record=record))
        written = _written(folder, results, record)
        known = git.tracked(top)
        new = [path for path in written if path not in known]
        git.add(top, new)
        commit(top, written, state)
    except (KmigrateError, OSError):
        _put_back(record.run, state)
        with suppress(GitFailed):
            git.unadd(top, new)
        raise
    return with_commit(record, state)


def _refuse_dirty(paths: Sequence[Path], hint: str) -> None:
    """A repository is written as a whole or not at all where that would mix with work that is not committed."""
    dirty = git.uncommitted(paths)
    if dirty:
        first, *more = sorted(dirty)
        others = f" (and {len(more)} more files)" if more else ""
        raise GitFailed(f"{dirty[first]}{others}", where=str(first), hint=hint)


def _changed(results: Sequence[FileResult]) -> list[Path]:
    return [
        Path(os.path.realpath(result.source.path))
        for result in results
        if result.outcome in (Outcome.CHANGED, Outcome.CREATED) and result.source is not None and result.source.path is not None
    ]


def _written(folder: Path, results: Sequence[FileResult], record: RepositoryRecord) -> list[Path]:
    lost = {Path(os.path.realpath(folder / file.path)) for file in record.files if file.outcome is Outcome.FAILED}
    return [path for path in _changed(results) if path not in lost]


def _put_back(run: str | None, state: State) -> None:
    if run is not None:
        with suppress(NothingToUndo):
            journal.undo(run, home=state.journal)
