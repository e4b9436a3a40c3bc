"""From a ranking of intents to what every backend must score."""

from __future__ import annotations

from collections.abc import Iterable, Set

from nlu.backend import NO_ACCUSATION, OUTSIDE, Scores
from nlu.rasa.client import IntentGuess
from nlu.types import Act, Flag, ItemGuess

KEPT = 10
_REPORT = "report_"
_ACTS = {act.value: act for act in Act}


def scores_of(ranking: Iterable[IntentGuess], codes: Set[str]) -> Scores:
    """Acts sum up their intents; items are shared out among the reports alone.

    What is no intent of ours (`nlu_fallback`, an item that the list no longer has) is left out.
    """
    acts = dict.fromkeys(Act, 0.0)
    items: dict[str, float] = {}
    accusation = outside = 0.0
    for guess in ranking:
        act, code = _ACTS.get(guess.intent), guess.intent.removeprefix(_REPORT)
        if act is not None:
            acts[act] += guess.confidence
        elif guess.intent == Flag.ACCUSATION:
            accusation = guess.confidence
        elif guess.intent == OUTSIDE:
            outside = guess.confidence
        elif guess.intent.startswith(_REPORT) and code in codes:
            items[code] = guess.confidence
    # an accusation is worded like a report; that it is none is for its flag to say
    acts[Act.REPORT] += accusation + outside + sum(items.values())
    likeliest = max((outside, *items.values(), *(acts[act] for act in Act if act is not Act.REPORT)))
    return Scores(_shares(acts), _guesses(items, outside), accusation=_above(accusation, likeliest))


def _above(accusation: float, likeliest: float) -> float:
    """An accusation likelier than all else is one; Rasa's confidences say little of how far others are from it."""
    return accusation - likeliest if accusation > likeliest else max(accusation - likeliest, NO_ACCUSATION)


def _shares(acts: dict[Act, float]) -> dict[Act, float]:
    total = sum(acts.values())
    return {act: value / total for act, value in acts.items()} if total > 0 else {**acts, Act.CHATTER: 1.0}


def _guesses(items: dict[str, float], outside: float) -> tuple[ItemGuess, ...]:
    total = sum(items.values()) + outside or 1.0
    best = sorted(items.items(), key=lambda pair: (-pair[1], pair[0]))[:KEPT]
    return tuple(ItemGuess(code, confidence / total) for code, confidence in best)
