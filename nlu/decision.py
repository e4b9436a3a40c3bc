"""Whether we understand enough: two named thresholds, one pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.types import Decision, ItemGuess


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`confidence`: below it the first item is no answer; `distance`: closer to the second, a person chooses."""

    confidence: float = 0.3
    distance: float = 0.45

    def __post_init__(self) -> None:
        if not (0 <= self.confidence <= 1 and 0 <= self.distance <= 1):
            raise ValueError("thresholds are probabilities between 0 and 1")


def decide(items: Sequence[ItemGuess], thresholds: Thresholds) -> Decision:
    """Accept the first item, ask between the first few, or name none of them."""
    if not items or items[0].confidence < thresholds.confidence:
        return Decision.ABSTAIN
    second = items[1].confidence if len(items) > 1 else 0.0
    if items[0].confidence - second < thresholds.distance:
        return Decision.CLARIFY
    return Decision.ACCEPT
