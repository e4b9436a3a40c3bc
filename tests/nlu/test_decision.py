from __future__ import annotations

import pytest

from nlu.decision import Thresholds, decide
from nlu.types import Decision, ItemGuess

THRESHOLDS = Thresholds(confidence=0.25, distance=0.5)


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [
        ((), Decision.ABSTAIN),
        ((0.24, 0.01), Decision.ABSTAIN),
        ((0.25, 0.01), Decision.CLARIFY),
        ((0.5, 0.4), Decision.CLARIFY),
        ((0.74, 0.25), Decision.CLARIFY),
        ((0.75, 0.25), Decision.ACCEPT),
        ((0.9,), Decision.ACCEPT),
    ],
)
def test_two_thresholds_decide(confidences: tuple[float, ...], expected: Decision) -> None:
    items = [ItemGuess(f"A-{n:02}", confidence) for n, confidence in enumerate(confidences)]
    assert decide(items, THRESHOLDS) is expected


@pytest.mark.parametrize(("confidence", "distance"), [(-0.1, 0.5), (0.5, 1.1)])
def test_thresholds_are_probabilities(confidence: float, distance: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Thresholds(confidence, distance)


def test_doubt_about_the_act_is_doubt_about_the_item() -> None:
    items = [ItemGuess("A-01", 0.9), ItemGuess("A-02", 0.05)]
    assert decide(items, THRESHOLDS, certainty=0.9) is Decision.ACCEPT
    assert decide(items, THRESHOLDS, certainty=0.5) is Decision.CLARIFY
    assert decide(items, THRESHOLDS, certainty=0.2) is Decision.ABSTAIN
