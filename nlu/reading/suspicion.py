"""What no group should read: the model's own opinion and plain words add up, and doubt is enough for discretion.

One private question too many costs less than one leak; docs/nlu.md has the figures.
"""

from __future__ import annotations

from nlu.backend import Scores
from nlu.wording.accusing import names_official, weight_of_accusation
from nlu.wording.sensitive import is_sensitive_by_words

_WORDS_COUNT = 0.25
_NOBODY_NAMED = 0.1
_DOUBT = 0.15
_DOUBT_ABOUT_OFFICIALS = 0.25


def accuses(text: str, scores: Scores) -> bool:
    """Whether it complains of the conduct of officials or units."""
    weight = weight_of_accusation(text)
    named = weight > 0 or names_official(text)
    return scores.accusation + _WORDS_COUNT * weight >= (0 if named else _NOBODY_NAMED)


def is_discreet(text: str, scores: Scores) -> bool:
    """Whether it may be that, or names a sensitive matter in so many words."""
    doubt = _DOUBT_ABOUT_OFFICIALS if names_official(text) else _DOUBT
    suspicion = scores.accusation + _WORDS_COUNT * weight_of_accusation(text)
    return suspicion >= -doubt or is_sensitive_by_words(text)
