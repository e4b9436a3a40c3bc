"""Whether we understand enough: two named thresholds, one pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.types import Decision, ItemGuess


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`confidence`: below it the first item is no answer; `distance`: closer to the second, a person chooses."""

    confidence: float = 0.2
    distance: float = 0.9

    def __post_init__(self) -> None:
        if not (0 <= self.confidence <= 1 and 0 <= self.distance <= 1):
            raise ValueError("thresholds are probabilities between 0 and 1")


def decide(items: Sequence[ItemGuess], thresholds: Thresholds, certainty: float = 1.0) -> Decision:
    """Accept the first item, ask between the first few, or name none of them.

    `certainty` is the probability that the message asks for an item at all; it lessens both figures.
    """
    if not items or certainty * items[0].confidence < thresholds.confidence:
        return Decision.ABSTAIN
    second = items[1].confidence if len(items) > 1 else 0.0
    if certainty * (items[0].confidence - second) < thresholds.distance:
        return Decision.CLARIFY
    return Decision.ACCEPT
