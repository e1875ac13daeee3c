"""Which changes of a file can a person see and decide about, and what text does each of them concern?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kmigrate.edits import Confidence, Replacement, Span
from kmigrate.results import Change, ChangeKey, FileResult


def told_changes(file: FileResult) -> Iterator[Change]:
    """The changes that alter the text where the use stands, and the imports that move to another module.

    Others follow from these: a name that changes with its import, an import that changes with the uses of its names.
    """
    known = set()
    for change in file.changes:
        span, after = rewritten(file, change)
        if file.before[span.start : span.end] != after and _writes(file, change):
            known.add(span)
            yield change
    moved = set()
    for change in _moves(file):
        if change.key not in moved and rewritten(file, change)[0] not in known:
            moved.add(change.key)
            yield change


def groups(file: FileResult) -> dict[ChangeKey, str]:
    """What belongs together: the changes that are made all or none, each with the name of its group.

    A method renamed in one place only, a shape that goes from a tensor that stays as it was, or half of a tree of branches
    would break the code.
    """
    kinds = {(use.start, use.end): use.kind for use in file.uses}
    renamed = {change.rule for change in file.changes if kinds.get((change.start, change.end)) == "definition"}
    found = {change.key: change.rule for change in file.changes if change.rule in renamed}
    for change in file.changes:
        if kinds.get((change.start, change.end)) == "assign":
            owner = file.before[change.start : change.end].partition(".")[0].strip()
            found[change.key] = owner
            found |= {other.key: owner for other in file.changes if _assigned(file, other) == owner}
        if len(change.parts) > 1:
            found[change.key] = f"{change.rule} from {change.parts[0].start}"
    for change in file.changes:
        holder = _holder(file, change, kinds)
        if holder is not None:
            found[change.key] = found.setdefault(holder.key, f"{holder.rule} from {holder.start}")
    return found


def rewritten(file: FileResult, change: Change) -> tuple[Span, str]:
    """The stretch of the old text that a change is about, and its new text, other changes inside it included.

    It is wider than the use where one replacement reaches over its edges, and the whole line for an import.
    """
    start, end = change.start, change.end
    if (start, end) in file.imports:
        start, end = _lines(file.before, start, end)
    touching = [
        item
        for item in file.replacements
        if (item.start < end and item.end > start) or start <= item.start <= item.end <= end
    ]
    start = min([start, *(item.start for item in touching)])
    end = max([end, *(item.end for item in touching)])
    new, position = "", start
    for item in touching:
        new += file.before[position : item.start] + item.text
        position = item.end
    return Span(start, end), new + file.before[position:end]


def _writes(file: FileResult, change: Change) -> bool:
    """Whether some of the new text is that of the change itself, or nobody has agreed to it yet."""
    around, _ = rewritten(file, change)
    touching = (item for item in file.replacements if item.start <= around.end and item.end >= around.start)
    return change.confidence is Confidence.UNSAFE or any(change.rule in item.rules for item in touching)


_ASSIGNED = re.compile(r"[ \t]*(\w+)[ \t]*=[ \t]*")
_FROM = re.compile(r"[ \t]*from[ \t]+")


def _assigned(file: FileResult, change: Change) -> str | None:
    """The variable that the whole value of a statement goes to, if the change is about that value."""
    begin = file.before.rfind("\n", 0, change.start) + 1
    match = _ASSIGNED.fullmatch(file.before, begin, change.start)
    return match[1] if match else None


def _holder(file: FileResult, change: Change, kinds: Mapping[tuple[int, int], str]) -> Change | None:
    """The call around a use that is written anew with it: one that counts samples, or that gets an initializer."""
    kind = kinds.get((change.start, change.end))
    if kind == "attribute":
        around = [one for one in file.changes if one.name.endswith("_generator")]
    elif kind == "call" and change.name.startswith("keras.initializations."):
        around = [one for one in file.changes if kinds.get((one.start, one.end)) == "call"]
    else:
        return None
    holders = (one for one in around if one is not change and one.span.contains(change.span))
    return min(holders, key=lambda one: one.end - one.start, default=None)


def _moves(file: FileResult) -> Iterator[Change]:
    """The from-imports of another module, or of another name under the old one; each is known by a name that it imports."""
    imports = sorted((use for use in file.uses if use.kind == "import"), key=lambda use: use.start)
    for item in file.replacements:
        begin = file.before.rfind("\n", 0, item.start) + 1
        use = None
        if item.text and _FROM.fullmatch(file.before, begin, item.start):
            use = next((use for use in imports if use.start > item.end), None)
        elif item.text.endswith(f" as {file.before[item.start : item.end]}"):
            use = next((use for use in imports if use.start == item.start), None)
        if use is not None:
            yield Change(item.rules[0], _title(file, item), use.name, use.position, use.start, use.end, item.confidence)


def _title(file: FileResult, item: Replacement) -> str:
    return f"Imported from `{item.text}`, no longer from `{file.before[item.start : item.end]}`"


def _lines(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole lines around a stretch, without the last line end; from the `from` on, where names stand in brackets."""
    begin = text.rfind("\n", 0, start) + 1
    opened = text.rfind("from", 0, start)
    if not _FROM.match(text, begin) and opened >= 0 and "\n\n" not in text[opened:start]:
        begin = text.rfind("\n", 0, opened) + 1
    stop = text.find("\n", end)
    return begin, len((text if stop < 0 else text[:stop]).rstrip("\r"))
