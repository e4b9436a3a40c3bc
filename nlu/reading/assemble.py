"""Puts what was understood of one message together; the same for every backend."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.backend import Scores
from nlu.decision import Thresholds, decide
from nlu.reading.danger import names_danger
from nlu.reading.suspicion import suspicion_of
from nlu.types import Act, Decision, Entity, Flag, Interpretation, Segment

NEEDS_ITEM = frozenset({Act.REPORT, Act.ITEM_LOOKUP})
_MAY_BE_DANGEROUS = frozenset({Act.REPORT, Act.URGE, Act.CHATTER})


def assemble(
    text: str, act: tuple[Act, float], scores: Scores, thresholds: Thresholds, found: Sequence[Segment | Entity] = ()
) -> Interpretation:
    """The interpretation.

    Items stand in it whatever the act, since a person may say afterwards that it was a report; only a report and a
    question for an item decide on one, everything else abstains.
    """
    kind, confidence = act
    suspicion = suspicion_of(text, scores)
    return Interpretation(
        text=text,
        act=kind,
        act_confidence=confidence,
        decision=decide(scores.items, thresholds, confidence) if kind in NEEDS_ITEM else Decision.ABSTAIN,
        items=scores.items,
        entities=tuple(one for one in found if isinstance(one, Entity)),
        segments=tuple(one for one in found if isinstance(one, Segment)),
        flags=_flags(text, kind, scores, accuses=suspicion.accuses),
        discreet=suspicion.discreet,
    )


def _flags(text: str, act: Act, scores: Scores, *, accuses: bool) -> frozenset[Flag]:
    flags = set(scores.flags)
    if accuses:
        flags.add(Flag.ACCUSATION)
    if act is Act.REPORT and names_danger(text):
        flags.add(Flag.DANGER)
    if act not in _MAY_BE_DANGEROUS:
        flags.discard(Flag.DANGER)
    return frozenset(flags)
