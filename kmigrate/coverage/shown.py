"""How is a coverage shown: as text for people, as a document for programs?"""

from __future__ import annotations

from typing import Any

from kmigrate.coverage.items import KINDS, Coverage
from kmigrate.keras.signatures import KERAS_1


def text(found: Coverage) -> str:
    """The figures and the gaps, for people."""
    width = max(len(title) for title in KINDS.values())
    lines = [f"Keras {KERAS_1} -> {', '.join(found.targets)}"]
    lines += [f"  {KINDS[kind]:<{width}}  {done:>5} of {every:>5}" for kind, (done, every) in found.counts().items()]
    lines.append(f"  {'all':<{width}}  {len(found.items) - len(found.gaps):>5} of {len(found.items):>5}")
    lines += [f"no rule: {gap.kind} {gap.name}: {gap.difference}" for gap in found.gaps]
    lines.append(f"{found.percent:g} % of the differences are treated.")
    return "\n".join(lines) + "\n"


def document(found: Coverage) -> dict[str, Any]:
    """The same for programs, every item included."""
    return {
        "keras": KERAS_1,
        "targets": list(found.targets),
        "percent": found.percent,
        "counts": {kind: {"treated": done, "all": every} for kind, (done, every) in found.counts().items()},
        "gaps": len(found.gaps),
        "items": [
            {"kind": item.kind, "name": item.name, "difference": item.difference, "rules": list(item.rules)}
            for item in found.items
        ],
    }
