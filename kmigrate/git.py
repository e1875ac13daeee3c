"""What does git know of some files: which hold work that it could not give back, which changed since a revision?

Git is asked, never imitated. It is told to run no hook and no file watcher of the repository while it is only asked.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kmigrate.errors import GitFailed, InvalidSetting
from kmigrate.lookup import nearest

UNTRACKED = "git does not know the file yet"
CHANGED = "the file has changes that are not committed"

_OF_ONE_REPOSITORY = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What git sets while it runs a hook; the folder that is asked about decides."""


def uncommitted(paths: Iterable[Path]) -> dict[Path, str]:
    """The files, by their real paths, whose present text git could not give back, and why.

    A file counts when it differs from the last commit, in the work tree or in the index, and when git does not know it.
    What git ignores counts as clean: there the user said that git is not to look. So does all outside of a work tree.
    Raises GitFailed.
    """
    found: dict[Path, str] = {}
    for top, files in by_work_tree(paths).items():
        state = _state(top)
        found |= {path: state[path] for path in files if path in state}
    return found


def changed_since(folder: Path, revision: str) -> frozenset[Path]:
    """The real paths of the files that changed since the branch left `revision`, uncommitted and new ones included.

    Raises GitFailed where `folder` is in no work tree, InvalidSetting for a revision that git does not know.
    """
    top = work_tree(folder)
    if top is None:
        raise GitFailed(f"--since: `{folder}` is in no git work tree", hint="leave --since out, or go to a clone")
    known = _run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if known.returncode:
        shallow = _line(_run(top, "rev-parse", "--is-shallow-repository")) == "true"
        hint = _FETCH if shallow else "`git log --oneline` shows some"
        raise InvalidSetting(f"--since: git knows no revision `{revision}`", hint=hint)
    commit = _line(known)
    left = _line(_run(top, "merge-base", commit, "HEAD")) or commit
    changed = _paths(top, _git(top, "diff", "--name-only", "--no-renames", "--no-relative", "--no-ext-diff", "-z", left, "--"))
    new = _paths(top, _git(top, "ls-files", "--others", "--exclude-standard", "-z"))
    return frozenset((*changed, *new))


_FETCH = "only a part of the history is here: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow, brings the rest"


def by_work_tree(paths: Iterable[Path]) -> dict[Path, list[Path]]:
    """The real paths of the files, by the top of the work tree they lie in; those in none are left out."""
    found: dict[Path, list[Path]] = {}
    top_of = cache(work_tree)
    for path in paths:
        real = Path(os.path.realpath(path))
        marked = nearest(real.parent, ".git")
        top = top_of(marked) if marked is not None else None
        if top is not None:
            found.setdefault(top, []).append(real)
    return found


def work_tree(folder: Path) -> Path | None:
    """The top of the work tree that holds the folder; git is only asked where a `.git` lies at or above it."""
    real = Path(os.path.realpath(folder))
    if nearest(real, ".git") is None:
        return None
    done = _run(real, "rev-parse", "--show-toplevel")
    if done.returncode:
        if b"not a git repository" in done.stderr:
            return None
        raise _failed(real, done)
    return Path(os.path.realpath(os.fsdecode(done.stdout.removesuffix(b"\n"))))


def tracked(top: Path) -> frozenset[Path]:
    """The real paths of all files that git knows in the work tree."""
    return frozenset(_paths(top, _git(top, "ls-files", "-z")))


def head(top: Path) -> str:
    """The short name of the last commit; raises GitFailed before the first one."""
    done = _run(top, "rev-parse", "--short", "--verify", "--quiet", "HEAD")
    if done.returncode:
        raise GitFailed("there is no commit yet", where=str(top), hint="commit what is there first")
    return _line(done)


def branch(top: Path) -> str:
    """The name of the branch that the work tree is on; `HEAD` where it is on none. Raises GitFailed."""
    return os.fsdecode(_git(top, "rev-parse", "--abbrev-ref", "HEAD").strip())


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch to a branch: from which branch or commit it was made, and whether it made the branch."""

    name: str
    before: str
    made: bool


def enter_branch(top: Path, name: str) -> Switch:
    """Switch to a new branch; to one that exists only if it is at the present commit. Raises GitFailed."""
    before = _line(_run(top, "symbolic-ref", "--quiet", "--short", "HEAD")) or _line(_run(top, "rev-parse", "HEAD"))
    known = _line(_run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"refs/heads/{name}^{{commit}}"))
    if not known:
        _git(top, "switch", "--quiet", "--create", name, hint=_STATUS)
        return Switch(name, before, made=True)
    if known != _line(_run(top, "rev-parse", "HEAD")):
        raise GitFailed(f"there is a branch `{name}` with other commits", where=str(top), hint="name another branch")
    _git(top, "switch", "--quiet", name, hint=_STATUS)
    return Switch(name, before, made=False)


def switch_back(top: Path, switch: Switch) -> None:
    """Undo a switch after which nothing was committed; the files stay as they are. Raises GitFailed."""
    _git(top, "checkout", "--quiet", switch.before, "--", hint=_STATUS)
    if switch.made:
        _git(top, "branch", "--quiet", "--delete", "--force", "--", switch.name, hint=_STATUS)


def clone(url: str, folder: Path, *, refresh: bool = False) -> None:
    """Clone a repository, unless it is there; a clone that was interrupted is made again. Raises GitFailed.

    refresh: bring one that is there up to date; refused where that would take away what was changed in it.
    """
    if folder.exists():
        if refresh:
            _refresh(folder)
        return
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = _run(folder.parent, "clone", "--quiet", "--", url, str(part))
    if done.returncode:
        raise _failed(folder, done, hint=_ADDRESS)
    part.rename(folder)


def _refresh(top: Path) -> None:
    own = _git(top, "status", "--porcelain") or _git(top, "rev-list", "--max-count=1", "--branches", "--not", "--remotes")
    fetched = _run(top, "fetch", "--quiet", "--prune", "origin")
    if fetched.returncode:
        raise _failed(top, fetched, hint=_ADDRESS)
    _run(top, "remote", "set-head", "origin", "--auto")
    new = _line(_run(top, "rev-parse", "--verify", "--quiet", "refs/remotes/origin/HEAD"))
    if not own and new:
        _git(top, "reset", "--quiet", "--hard", new)
    elif own and new and _run(top, "merge-base", "--is-ancestor", new, "HEAD").returncode:
        raise GitFailed("there are new commits at its address, and changes in the clone", where=str(top), hint=_OWN)


_ADDRESS = "check the address, and whether `git clone` takes it"
_OWN = "take the changes from the clone if you need them, and remove it"


def check_author(top: Path) -> None:
    """Refuse a work tree in which git could not commit for want of a name; raises GitFailed."""
    done = _run(top, "var", "GIT_COMMITTER_IDENT")
    if done.returncode:
        raise _failed(top, done, hint="`git config user.name` and `user.email` tell git who commits; nothing was written")


def add(top: Path, files: Sequence[Path]) -> None:
    """Make new files known, so that they can be committed; raises GitFailed."""
    if files:
        _git(top, "add", "--intent-to-add", "--", *(str(path.relative_to(top)) for path in files), hint=_STATUS)


def unadd(top: Path, files: Sequence[Path]) -> None:
    """Make new files unknown again; raises GitFailed."""
    if files:
        names = (str(path.relative_to(top)) for path in files)
        _git(top, "rm", "--quiet", "--cached", "--force", "--ignore-unmatch", "--", *names, hint=_STATUS)


def commit(top: Path, files: Sequence[Path], message: str, handles: tuple[int, ...] = ()) -> None:
    """Commit the present text of these files, and of no others; hooks run as ever. Raises GitFailed.

    handles: descriptors that git and its hooks hold as long as they live, also when this process is killed.
    """
    names = b"\0".join(os.fsencode(path.relative_to(top)) for path in files)
    listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
    done = _call(top, ("commit", "--quiet", "--only", "--message", message, *listed), names, handles)
    if done.returncode:
        raise _failed(top, done, hint=f"{_STATUS}; a hook of the repository may refuse the commit")


def _state(top: Path) -> dict[Path, str]:
    listing = _git(top, "status", "--porcelain=v1", "--no-renames", "--untracked-files=all", "--ignore-submodules", "-z")
    entries = [entry for entry in listing.split(b"\0") if entry]
    return {top / os.fsdecode(entry[3:]): UNTRACKED if entry.startswith(b"??") else CHANGED for entry in entries}


def _paths(top: Path, listing: bytes) -> set[Path]:
    return {top / os.fsdecode(name) for name in listing.split(b"\0") if name}


def _line(done: subprocess.CompletedProcess[bytes]) -> str:
    return os.fsdecode(done.stdout.partition(b"\n")[0]) if done.returncode == 0 else ""


def _git(top: Path, *arguments: str, hint: str | None = None) -> bytes:
    done = _run(top, *arguments)
    if done.returncode:
        raise _failed(top, done, hint)
    return done.stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """A question to git that runs nothing of the repository's and takes no lock."""
    quiet = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
    return _call(folder, (*quiet, *arguments))


def _call(
    folder: Path, arguments: Sequence[str], given: bytes = b"", handles: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ONE_REPOSITORY}
    environment = {**kept, "LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1", "GIT_TERMINAL_PROMPT": "0"}
    command = ("git", "-C", str(folder), *arguments)
    try:
        return subprocess.run(command, input=given, capture_output=True, env=environment, check=False, pass_fds=handles)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise GitFailed(f"git cannot be run: {reason}", where=str(folder), hint=f"install git; {_UNASKED}") from error


def _failed(folder: Path, done: subprocess.CompletedProcess[bytes], hint: str | None = None) -> GitFailed:
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    what = next((line.removeprefix("fatal: ") for line in said if line.startswith(("fatal:", "error:"))), None)
    what = what or (said[0] if said else None)
    title = f"git says: {what}" if what else f"git failed without a word, with exit code {done.returncode}"
    advice = f"`git config --global --add safe.directory {shlex.quote(str(folder))}` trusts it" if _DUBIOUS in title else _STATUS
    return GitFailed(title, where=str(folder), hint=hint or f"{advice}; {_UNASKED}")


_STATUS = "see what `git status` says there"
_UNASKED = "--allow-dirty writes without asking git, where nothing is to be committed"
_DUBIOUS = "dubious ownership"
