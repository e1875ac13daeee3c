"""Which magics run the Python that follows them on their line (`%time`, `%prun`), and what does Python read in such a line?"""

from __future__ import annotations

import re


def without_runner(before: str, command: str) -> str | None:
    """The line with the magic and its options painted over, `before` it blanks or `name =`; None for any other line.

    The functions that `-f` names stay: they are Python as well. What opens a block can't stand behind a `;`: a form feed takes
    it to the margin of its line.
    """
    magic = _MAGIC.match(command)
    options = _OPTIONS.get(magic.group(1)) if magic is not None else None
    if magic is None or options is None:
        return None
    end, functions = magic.end(), []
    while (option := options.match(command, end)) is not None:
        end = option.end()
        functions += [option.span(name) for name, value in option.groupdict().items() if value]
    run = _RUN.match(command, end)
    if run is None:
        return None
    if run.group("block") is not None:
        return None if before.strip() else f"{' ' * (run.end() - 1)}\f{before}{command[run.end() :]}"
    painted = "0;".ljust(run.end())
    for start, stop in functions:
        painted = f"{painted[:start]}{command[start:stop]};{painted[stop + 1 :]}"
    return before + painted + command[run.end() :]


_MAGIC = re.compile(r"%{1,2}(\w+)(?![\w.])")
_RUN = re.compile(r"[ \t]+(?=[^\s!%?-])(?P<block>(?=(?:if|for|while|with|try|def|class|async)\b))?")
_VALUE = r"""[ \t]*(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\s"']\S*)"""
_FUNCTION = r"f[ \t]*(?P<function>[A-Za-z_][\w.]*)"
_OPTIONS = {
    magic: re.compile(rf"[ \t]+(?:{option})(?=[ \t])")
    for magic, option in {
        "time": "--no-raise-error",
        "timeit": rf"-[tcqov]*(?:[tcqov]|[nrp]{_VALUE})",
        "memit": rf"-[co]*(?:[co]|[rti]{_VALUE})",
        "prun": rf"-[rq]*(?:[rq]|[lsTD]{_VALUE})",
        "lprun": rf"-[rs]*(?:[rs]|{_FUNCTION}|[fmDTuz]{_VALUE})",
        "mprun": rf"-[rc]*(?:[rc]|{_FUNCTION}|[fT]{_VALUE})",
        "snakeviz": rf"-[tn]*(?:[tn]|[fhp]{_VALUE})|--new-tab|--fileout[ \t=]{_VALUE}",
        "debug": rf"-b{_VALUE}|--breakpoint[ \t=]{_VALUE}",
    }.items()
}
"""The options of each, as IPython or the package that brings it splits them."""
