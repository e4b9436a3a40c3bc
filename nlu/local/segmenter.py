"""Several problems in one message.

A message counts as two problems if its two likeliest items each own a part of it: the n-grams propose the cuts, and
the whole model must then surely name one item for each side. Parts alone are no ground: cut anywhere, a report of one
problem often reads like two (docs/nlu.md has the figures).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import TypeVar

from nlu.backend import Scores
from nlu.local.scorer import Scorer
from nlu.reading.parts import Part, halves
from nlu.types import Act, Segment

SURE_ITEM = 0.7
SURE_REPORT = 0.2
_CUTS = 2
_DEEPEST = 2
T = TypeVar("T")
Cut = tuple[Part, Part]
Asking = Generator[Sequence[str], Sequence[Scores], T]
"""Work that yields the texts it wants scored and is sent their scores, so that others may be scored with them."""


def sure_to_be_asked(text: str) -> list[str]:
    """What `find_segments` will want scored whatever the text is about: the halves, where there are few."""
    cuts = halves(Part(text, 0, len(text)))
    return _texts(cuts) if len(cuts) <= _CUTS else []


def find_segments(text: str, known: Mapping[str, Scores], scorer: Scorer) -> Asking[tuple[Segment, ...]]:
    """The problems of a report in the order of the text; the whole message, which must be `known`, if there is one."""
    return _split(Part(text, 0, len(text)), {**known}, scorer, _DEEPEST)


def _split(part: Part, known: dict[str, Scores], scorer: Scorer, depth: int) -> Asking[tuple[Segment, ...]]:
    halved = (yield from _best_cut(part, known, scorer)) if depth else None
    if halved is None:
        return (Segment(part.text, part.start, part.end, known[part.text].items),)
    found: list[Segment] = []
    for half in halved:
        found += yield from _split(half, known, scorer, depth - 1)
    return tuple(found)


def _best_cut(part: Part, known: dict[str, Scores], scorer: Scorer) -> Asking[Cut | None]:
    pair = tuple(guess.code for guess in known[part.text].items[:2])
    if len(pair) < 2:
        return None
    ranked = sorted(((_contrast(cut, pair, scorer), cut) for cut in halves(part)), key=lambda one: -one[0])
    cuts = [cut for _, cut in ranked[:_CUTS]]
    if not cuts:
        return None
    unknown = [text for text in _texts(cuts) if text not in known]
    if unknown:
        known.update(zip(unknown, (yield unknown), strict=True))
    strength, best = max(
        ((_strength(known[cut[0].text], known[cut[1].text], pair), cut) for cut in cuts), key=lambda one: one[0]
    )
    return best if strength > 0 else None


def _texts(cuts: Iterable[Cut]) -> list[str]:
    return [half.text for cut in cuts for half in cut]


def _contrast(cut: Cut, pair: tuple[str, ...], scorer: Scorer) -> float:
    """How clearly, by the n-grams, one side leans to one item of the pair and the other to the other; below 0: both to one."""
    left, right = (scorer.lean(half.text, pair[0], pair[1]) for half in cut)
    return min(abs(left), abs(right)) if left * right < 0 else -min(abs(left), abs(right))


def _strength(left: Scores, right: Scores, pair: tuple[str, ...]) -> float:
    """How sure it is that the sides are reports of the two items; 0 if it is not."""
    item = min(left.items[0].confidence, right.items[0].confidence)
    report = min(left.acts[Act.REPORT], right.acts[Act.REPORT])
    if {left.items[0].code, right.items[0].code} != set(pair) or item < SURE_ITEM or report < SURE_REPORT:
        return 0.0
    return left.items[0].confidence * right.items[0].confidence
