"""What to make of a message: in a group silence wins every doubt."""

from __future__ import annotations

import pytest

from bot.domain.reading import Reading, read_message
from nlu.types import Act, Decision, Flag, Interpretation


def understood(act: Act, confidence: float, *flags: Flag) -> Interpretation:
    return Interpretation("话", act, confidence, Decision.ACCEPT, flags=frozenset(flags))


@pytest.mark.parametrize(
    ("confidence", "wanted"),
    [(0.99, Reading.DRAFT), (0.8, Reading.DRAFT), (0.79, Reading.ASK), (0.5, Reading.ASK), (0.49, Reading.SILENT)],
)
def test_two_thresholds_part_speaking_asking_and_silence(confidence: float, wanted: Reading) -> None:
    assert read_message(understood(Act.REPORT, confidence), sure=0.8, ask=0.5, explicit=False) is wanted


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.REPORT])
def test_what_is_no_report_meets_silence_unless_somebody_says_it_is_one(act: Act) -> None:
    assert read_message(understood(act, 1.0), sure=0.8, ask=0.5, explicit=False) is Reading.SILENT
    assert read_message(understood(act, 1.0), sure=0.8, ask=0.5, explicit=True) is Reading.DRAFT


def test_an_accusation_is_never_a_draft() -> None:
    accusing = understood(Act.REPORT, 0.99, Flag.ACCUSATION)
    for explicit in (False, True):
        assert read_message(accusing, sure=0.8, ask=0.5, explicit=explicit) is Reading.ACCUSATION
