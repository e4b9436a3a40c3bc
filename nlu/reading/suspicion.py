"""What no group should read: the model's own opinion and plain words add up, and doubt is enough for discretion.

One private question too many costs less than one leak; docs/nlu.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlu.backend import Scores
from nlu.wording.accusing import names_official, weight_of_accusation
from nlu.wording.sensitive import is_sensitive_by_words

_WORDS_COUNT = 0.25
_NOBODY_NAMED = 0.1
_DOUBT = 0.15
_DOUBT_ABOUT_OFFICIALS = 0.25


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Whether it complains of the conduct of officials or units, and whether it may be that or names a sensitive matter."""

    accuses: bool
    discreet: bool


def suspicion_of(text: str, scores: Scores) -> Suspicion:
    """What the model and the words say together."""
    weight, official = weight_of_accusation(text), names_official(text)
    suspicion = scores.accusation + _WORDS_COUNT * weight
    doubt = _DOUBT_ABOUT_OFFICIALS if official else _DOUBT
    return Suspicion(
        accuses=suspicion >= (0 if weight > 0 or official else _NOBODY_NAMED),
        discreet=suspicion >= -doubt or is_sensitive_by_words(text),
    )
