"""Where one message may fall into several problems; whether it does is judged by what each part scores."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONNECTIVE = r"另外|还有就是|还有个事|还有一个|还有|再就是|再有|顺便|对了|第二个?|二是|其次|以及|同时"
_BREAK = re.compile(rf"[。；;!！?？\n]+|[，,、]+|(?={_CONNECTIVE})")
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """text[start:end] of the message."""

    text: str
    start: int
    end: int


def clauses(text: str) -> tuple[Part, ...]:
    """The message's clauses; very short ones are joined to what follows, the last to what precedes."""
    cuts = sorted({0, len(text), *(match.end() for match in _BREAK.finditer(text))})
    parts: list[Part] = []
    start = 0
    for end in cuts[1:]:
        if len(text[start:end].strip()) >= _SHORTEST:
            parts.append(Part(text[start:end], start, end))
            start = end
    if start < len(text) and parts:
        first = parts.pop()
        parts.append(Part(text[first.start :], first.start, len(text)))
    return tuple(parts) or (Part(text, 0, len(text)),)


def halves(part: Part) -> tuple[tuple[Part, Part], ...]:
    """Every way to cut a part in two between clauses; places count from the start of the message."""
    text, offset = part.text, part.start
    borders = [clause.start for clause in clauses(text)[1:]]
    return tuple(
        (Part(text[:cut], offset, offset + cut), Part(text[cut:], offset + cut, offset + len(text))) for cut in borders
    )
