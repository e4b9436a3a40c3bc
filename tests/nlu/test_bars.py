"""The bars of understanding on messages of other hands; they are not part of the project, so this may be skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.evaluation import metrics
from nlu.evaluation.evaluate import answer_all, intervals_of
from nlu.evaluation.rows import Answer, read_rows
from nlu.local import LocalInterpreter

CHECKOUT = Path(__file__).resolve().parents[2]
MESSAGES = CHECKOUT.parent / "shared" / "eval"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not MESSAGES.is_dir(), reason="the messages for measuring are not here"),
]


async def answers(demo_model: Path, name: str) -> list[Answer]:
    interpreter = LocalInterpreter.load(demo_model)
    try:
        return await answer_all(interpreter, read_rows(MESSAGES / f"{name}.csv"))
    finally:
        await interpreter.close()


async def test_chat_messages(demo_model: Path) -> None:
    found = await answers(demo_model, "chat_dev")
    precision, recall = metrics.report_precision(found), metrics.report_recall(found)
    assert 2 * precision * recall / (precision + recall) >= 0.97
    assert metrics.chatter_answered(found) <= 0.015
    assert metrics.chatter_misread(found) <= 0.05
    assert metrics.act_accuracy(found) >= 0.90
    assert metrics.item_top(1)(found) >= 0.82
    assert metrics.item_top(3)(found) >= 0.94
    assert intervals_of(found)["auto_precision"].low >= 0.93
    assert metrics.auto_coverage(found) >= 0.55
    assert metrics.abstain_outside(found) >= 0.70
    assert metrics.both_of_two(found) >= 0.60
    assert metrics.expected_calibration_error(found) <= 0.05


async def test_titles_of_letters(demo_model: Path) -> None:
    """Dry titles are no chat: what a group must be sure of (the doubt about chatter) costs them some recall."""
    found = await answers(demo_model, "real_dev")
    assert metrics.report_recall(found) >= 0.92
    assert metrics.item_top(1)(found) >= 0.78
    assert metrics.item_top(3)(found) >= 0.92
    assert metrics.auto_precision(found) >= 0.90
    assert metrics.abstain_outside(found) >= 0.85
    assert metrics.expected_calibration_error(found) <= 0.10
