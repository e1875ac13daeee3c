"""Which known cases does kmigrate get wrong, and what would be right? A Markdown page, the most common causes first."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kmigrate.referee.ended import FAULTS, End, Ended, table, told
from kmigrate.referee.judge import Breaks

KNOWN = ("fix", "k2", "asis")


def findings(ended: Sequence[Ended]) -> str:
    """The page."""
    versions = list(dict.fromkeys(item.version for item in ended))
    parts = ["# Known cases\n", "```\n" + table(ended, versions) + "\n```\n"]
    for title, ends in (("Faults", FAULTS), ("Wrong, and no text is known that does better", (End.UNKNOWN,))):
        groups = _grouped([item for item in ended if item.end in ends])
        parts.append(f"## {title}: {len(groups)} cases\n")
        parts.extend(_section(items) for items in groups)
    parts.append(_left_to_a_person(ended))
    parts.append(_needless(ended))
    return "\n".join(parts) + "\n"


def _left_to_a_person(ended: Sequence[Ended]) -> str:
    """Reviews of cases for which a right text is known: kmigrate could write it."""
    groups: dict[str, dict[str, list[Ended]]] = defaultdict(lambda: defaultdict(list))
    for item in ended:
        if item.end is End.REVIEW and item.case.known_way(item.version):
            groups[", ".join(item.said)][item.case.id].append(item)
    lines = ["## Left to a person though a right text is known", ""]
    lines += ["| said | case | versions | what happens |", "|---|---|---|---|"]
    for said, cases in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        for case, items in cases.items():
            happens = told(items[0].verdict)[:120].replace("|", "/")
            lines.append(f"| {said} | {case} | {', '.join(item.version for item in items)} | {happens} |")
    return "\n".join(lines) + "\n"


def _needless(ended: Sequence[Ended]) -> str:
    """Reviews of cases that compute the same on every version."""
    wrong = {item.case.id for item in ended if item.end is not End.SAME}
    said = {item.case.id: reviews for item in ended if item.case.id not in wrong
            if (reviews := [rule for rule in item.said if not rule.endswith("note")])}  # fmt: skip
    lines = ["## Reviewed though all versions compute the same", ""]
    return "\n".join([*lines, *(f"- {case}: {', '.join(rules)}" for case, rules in said.items())])


def _grouped(ended: Sequence[Ended]) -> list[list[Ended]]:
    """The cases, those of one cause side by side, the cause with the most cases first."""
    by_case: dict[str, list[Ended]] = defaultdict(list)
    for item in ended:
        by_case[item.case.id].append(item)
    causes: dict[str, list[list[Ended]]] = defaultdict(list)
    for items in by_case.values():
        causes[_cause(items[0])].append(items)
    return [items for group in sorted(causes.values(), key=len, reverse=True) for items in group]


def _cause(item: Ended) -> str:
    """What cases of one cause have in common: the error, or the family of the case."""
    return item.verdict.reason[:60] if isinstance(item.verdict, Breaks) else item.case.id.partition("/")[0]


def _section(items: list[Ended]) -> str:
    case = items[0].case
    lines = [f"### {case.id}", ""]
    if case.note:
        lines += [f"_{case.note}_", ""]
    verdicts: dict[str, list[str]] = defaultdict(list)
    for item in items:
        verdicts[f"{item.end.value}: {told(item.verdict)[:400]}"].append(item.version)
    lines += [f"- **{', '.join(versions)}** {text}" for text, versions in verdicts.items()]
    lines += [f"- recorded as {kind}: {outcomes}" for kind, outcomes in _recorded(items)]
    lines += ["", "```diff", *_diff(case.program, items[0].text), "```"]
    for version, text, kind in _right(items):
        lines += [f"right ({kind}, {version}):", "", "```diff", *_diff(case.program, text), "```"]
    return "\n".join(lines) + "\n"


def _recorded(items: list[Ended]) -> Iterator[tuple[str, str]]:
    for kind in KNOWN:
        outcomes = items[0].case.outcomes.get(kind)
        if outcomes:
            yield kind, ", ".join(f"{version} {text[:60]}" for version, text in outcomes.items())


def _right(items: list[Ended]) -> Iterator[tuple[str, str, str]]:
    """A text that computes the same, once for each different text."""
    seen = set()
    for item in items:
        for kind in KNOWN:
            if item.case.outcomes.get(kind, {}).get(item.version) != "same":
                continue
            text = item.case.text("k1" if kind == "asis" else kind, item.version)
            if text is not None:
                if text not in seen:
                    yield item.version, text, kind
                seen.add(text)
                break


def _diff(before: str, after: str) -> list[str]:
    """The changed lines; the whole program if nothing changed."""
    found = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))
    return [line for line in found[2:] if not line.startswith("@@")] or [" " + line for line in before.splitlines()[3:]]
