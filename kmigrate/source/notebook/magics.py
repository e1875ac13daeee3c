"""What would Python read in place of the lines of a cell that only IPython reads, character for character?"""

from __future__ import annotations

import re

from kmigrate.source.notebook.runners import without_runner
from kmigrate.source.python2.lexer import logical_line_end
from kmigrate.source.stretches import commented


def without_magics(cell: str) -> str:
    """The cell with `%magic`, `!command` and `help?` painted over by text of the same length.

    What follows `%time` and its like stays: it is Python.
    """
    if foreign(cell) is not None:
        return commented(cell)
    cell = _at_the_margin(cell)
    out: list[str] = []
    position = 0
    while position < len(cell):
        match = _COMMAND.match(cell, position)
        if match is not None:
            end = _end_of_command(cell, position)
            before, command = match.group(), cell[match.end() : end]
            out.append(without_runner(before, command) or before + _painted(command))
        else:
            end = logical_line_end(cell, position)
            out.append(_without_help(cell[position:end]))
        position = end
    return "".join(out)


def foreign(cell: str) -> str | None:
    """The cell magic that makes the cell something else than Python of this notebook (`bash`, `writefile`), or None."""
    match = _CELL_MAGIC.match(cell)
    return match.group(1) if match is not None and match.group(1) not in _PYTHON_CELLS else None


_PYTHON_CELLS = frozenset(
    "time timeit capture prun memit mprun lprun cache px debug pdb notify snakeviz heat "
    "python python2 python3 ipython".split()
)
_CELL_MAGIC = re.compile(r"\s*%%([\w.!]+)")
_COMMAND = re.compile(
    r"[ \t\f]*(?:[A-Za-z_][\w.]*(?:[ \t]*,[ \t]*[A-Za-z_][\w.]*)*(?:\[[^\]\r\n]*\])?[ \t]*=[ \t]*(?=[!%])|(?=[!%?]))"
)
_PHYSICAL_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_HELP_BEFORE = re.compile(r"(\?{1,2})([A-Za-z_][\w.]*[ \t]*)(?=[\r\n]|$)")
_HELP_BEHIND = re.compile(r"([ \t\f]*)(?![ \t\f])([^#'\"?\r\n]*[\w*)\]])(\?{1,2})(?=[ \t]*;?[ \t]*(?:#|[\r\n]|$))")


def _at_the_margin(cell: str) -> str:
    """A cell may be indented as a whole, like its first line that is not blank; a form feed takes Python back to the margin."""
    first = re.match(r"\s*?(?<![^\r\n])([ \t]+)(?=\S)", cell)
    if first is None:
        return cell
    indent = first.group(1)
    return re.sub(rf"(?<![^\r\n]){indent}", " " * (len(indent) - 1) + "\f", cell)


def _end_of_command(cell: str, position: int) -> int:
    """Behind the line, and those that a backslash adds to it."""
    while position < len(cell):
        match = _PHYSICAL_LINE.match(cell, position)
        assert match is not None
        position = match.end()
        if not match.group().rstrip("\r\n").endswith("\\"):
            break
    return position


def _painted(command: str) -> str:
    """A statement that does nothing; a comment swallows the rest of the command."""
    asked = _HELP_BEFORE.match(command)
    if asked is not None:
        return "+" * len(asked.group(1)) + command[asked.end(1) :]
    first = _PHYSICAL_LINE.match(command)
    assert first is not None
    line = first.group()
    content = line.rstrip("\r\n")
    return "0#"[: len(content)] + line[min(2, len(content)) :] + commented(command[first.end() :])


def _without_help(line: str) -> str:
    match = _HELP_BEHIND.match(line) if "?" in line else None
    if match is None:
        return line
    blank, name, marks = match.groups()
    if name.startswith(("%", "*")) or name.endswith("*"):
        return blank + "0#" + line[len(blank) + 2 :]
    return blank + name + " " * len(marks) + line[match.end() :]
