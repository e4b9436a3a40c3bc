"""Several problems in one message: a cut counts only if both sides are surely different reports."""

from __future__ import annotations

from nlu.backend import Scores
from nlu.local.scorer import Scorer
from nlu.reading.parts import Part, halves
from nlu.types import Act, Segment

_SURE_ITEM = 0.35
_SURE_REPORT = 0.5
_TRIED = 4


def find_segments(text: str, whole: Scores, scorer: Scorer) -> tuple[Segment, ...]:
    """Two or more segments, or the whole message as one."""
    cuts = [cut for cut in halves(text) if _may_differ(cut, scorer)][:_TRIED]
    if cuts:
        scores = scorer.score([part.text for cut in cuts for part in cut])
        pairs = [(cut, scores[2 * i], scores[2 * i + 1]) for i, cut in enumerate(cuts)]
        best = max(pairs, key=lambda pair: _strength(pair[1], pair[2]))
        if _strength(best[1], best[2]) > 0:
            return tuple(_segment(part, score) for part, score in zip(best[0], best[1:], strict=True))
    return (_segment(Part(text, 0, len(text)), whole),)


def _may_differ(cut: tuple[Part, Part], scorer: Scorer) -> bool:
    left, right = (scorer.likeliest_by_grams(part.text) for part in cut)
    return left != right


def _strength(left: Scores, right: Scores) -> float:
    """How sure it is that both are reports of different things; 0 if it is not."""
    same = left.items[0].code == right.items[0].code
    item = min(left.items[0].confidence, right.items[0].confidence)
    report = min(left.acts[Act.REPORT], right.acts[Act.REPORT])
    return 0.0 if same or item < _SURE_ITEM or report < _SURE_REPORT else item * report


def _segment(part: Part, scores: Scores) -> Segment:
    return Segment(part.text, part.start, part.end, scores.items)
