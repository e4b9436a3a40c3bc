"""Several problems in one message, where each look at a part is a question to the server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nlu.backend import Scores
from nlu.reading.parts import Part, halves
from nlu.types import Act, Segment

SURE_ITEM = 0.5
SURE_REPORT = 0.5
_CUTS = 2
Score = Callable[[str], Awaitable[Scores]]
Side = tuple[Part, Scores]


async def find_segments(text: str, whole: Scores, score: Score) -> tuple[Segment, ...]:
    """The message in two where both sides are surely reports of different items, else as one.

    Only the cuts nearest to the middle are tried: a question costs as much as understanding the message itself.
    """
    message = Part(text, 0, len(text))
    cuts = sorted(halves(message), key=lambda cut: abs(len(cut[0].text) - len(cut[1].text)))[:_CUTS]
    scores = await asyncio.gather(*(score(side.text) for cut in cuts for side in cut))
    judged = [tuple(zip(cut, scores[2 * n : 2 * n + 2], strict=True)) for n, cut in enumerate(cuts)]
    best = max(judged, key=_strength, default=())
    sides = best if _strength(best) > 0 else ((message, whole),)
    return tuple(Segment(part.text, part.start, part.end, its.items) for part, its in sides)


def _strength(sides: tuple[Side, ...]) -> float:
    """How sure it is that the sides are reports of two items; 0 if it is not."""
    if not all(_is_sure(scores) for _, scores in sides):
        return 0.0
    first = [scores.items[0] for _, scores in sides]
    if len({guess.code for guess in first}) < 2:
        return 0.0
    return min(guess.confidence for guess in first)


def _is_sure(scores: Scores) -> bool:
    if not scores.items:
        return False
    return scores.items[0].confidence >= SURE_ITEM and scores.acts[Act.REPORT] >= SURE_REPORT
