"""How do the reports word counts and places, the same in the terminal and on the page?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kmigrate.report.model import Report
from kmigrate.results import FileResult, Outcome, Position, Review, State, UnusedIgnore, Use
from kmigrate.verification import Answer, Verification


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def visible(line: str) -> str:
    """A line of source without its end, and without characters that steer a terminal."""
    text = line.removesuffix("\n").removesuffix("\r")
    return "".join(char if char.isprintable() or char == "\t" else _picture(char) for char in text)


def place(file: FileResult, position: Position | None) -> str:
    """`path:line`, which terminals and editors turn into a link."""
    name = file.path or "<text>"
    if position is None:
        return name
    return f"{name}:{position.line}" if position.cell is None else f"{name} {position.shown}"


def lines(positions: Iterable[Position]) -> str:
    """`on line 3, 8`; in a notebook `in cell 4, line 3, 8; cell 5, line 1`."""
    cells: dict[int | None, list[str]] = {}
    for position in positions:
        cells.setdefault(position.cell, []).append(str(position.line))
    if None in cells:
        return f"on line {', '.join(cells[None])}"
    return "in " + "; ".join(f"cell {cell}, line {', '.join(lines)}" for cell, lines in cells.items())


def also(first: Position, others: Sequence[Position]) -> str:
    """`, also lines 3, 8`: the other places of what is told once; nothing for more of it on the same line."""
    places = [position for position in dict.fromkeys(map(_line, others)) if position != _line(first)]
    if not places:
        return ""
    if first.cell is None:
        return f", also line{'' if len(places) == 1 else 's'} {', '.join(str(line) for _, line in places)}"
    return ", also " + ", ".join(f"cell {cell}, line {line}" for cell, line in places)


def _line(position: Position) -> tuple[int | None, int]:
    return position.cell, position.line


def advice(review: Review) -> str | None:
    """What to do about a review."""
    if review.unsafe and "--unsafe" not in (review.recipe or ""):
        return " ".join(filter(None, (review.recipe, "`--unsafe` writes the change.")))
    return review.recipe


def ending(path: str, width: int) -> str:
    """The end of a path that is too wide, from a whole folder on where that fits."""
    if len(path) <= width or width < 10:
        return path
    end = path[-(width - 1) :]
    folder = end.find("/")
    return "…" + (end[folder:] if 0 <= folder < len(end) // 2 else end)


def notes(report: Report) -> dict[str, tuple[list[str], list[str]]]:
    """What to know about the rules that fired: text -> (rules, paths of the files)."""
    told: dict[str, tuple[list[str], list[str]]] = {}
    for file in report.files:
        for note in file.notes:
            rules, paths = told.setdefault(note.text, ([], []))
            for item, seen in ((note.rule, rules), (file.path or "<text>", paths)):
                if item not in seen:
                    seen.append(item)
    return told


def gaps(file: FileResult) -> list[Use]:
    """Uses that kmigrate does not know, except those that a review tells of."""
    told = {review.start for review in file.reviews}
    return [use for use in file.uses if use.state is State.UNACCOUNTED and use.start not in told]


def idle(comment: UnusedIgnore) -> str:
    """What is wrong with an ignore comment that is of no use."""
    what = f"{', '.join(comment.ids)} in `{comment.text}`" if comment.ids else f"`{comment.text}`"
    return f"{what} is of no use: nothing here needs it."


def accounted(report: Report) -> str:
    """`N of N Keras uses accounted for`."""
    done, total = report.accounted
    return f"{done} of {total} Keras {'use' if total == 1 else 'uses'} accounted for"


def verified(found: Verification) -> str:
    """`3 models the same, 1 different; 2 scripts could not run`."""
    answers = found.answers
    same = f"{count(answers[Answer.SAME], 'model')} the same, {answers[Answer.DIFFERS]} different"
    stopped = answers[Answer.STOPPED]
    return f"{same}; {count(stopped, 'script')} could not run" if stopped else same


def lacking(found: Verification) -> str | None:
    """`The environments lack cv2: install it …`; None if they lack nothing."""
    names = found.packages
    if not names:
        return None
    them = "it" if len(names) == 1 else "them"
    return f"The environments lack {', '.join(names)}: install {them} there, or name environments of your own (--old, --new)."


def files(report: Report) -> str:
    """`3 files changed, 1 clean, 2 failed; 40 without Keras`."""
    parts = [f"{report.outcomes[outcome]} {word}" for outcome, word in _OUTCOMES.items() if report.outcomes[outcome]]
    silent = report.outcomes[Outcome.NOT_KERAS]
    told = ", ".join(parts) or "no file speaks of Keras"
    return f"{told}; {silent} without Keras" if silent and parts else told


def uses(report: Report) -> str:
    """`12 changed, 3 same in both, 1 review`."""
    return ", ".join(f"{report.states[state]} {state.value}" for state in State if report.states[state]) or "none"


def _picture(char: str) -> str:
    if ord(char) < 32:
        return chr(0x2400 + ord(char))
    return f"\\u{ord(char):04x}" if not char.isspace() else char


_OUTCOMES = {
    Outcome.CHANGED: "changed",
    Outcome.CREATED: "added",
    Outcome.CLEAN: "clean",
    Outcome.IGNORED: "ignored",
    Outcome.FAILED: "failed",
}
