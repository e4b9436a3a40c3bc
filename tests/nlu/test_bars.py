"""The bars of understanding on messages of other hands; they are not part of the project, so this may be skipped."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nlu.backend import ListItem
from nlu.evaluation import metrics
from nlu.evaluation.evaluate import answer_all
from nlu.evaluation.rows import Answer, read_rows
from nlu.local import LocalInterpreter
from nlu.training.train import ensure_model

CHECKOUT = Path(__file__).resolve().parents[2]
MESSAGES = CHECKOUT.parent / "shared" / "eval"
LIST = CHECKOUT / "examples" / "jinlan" / "items.csv"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not MESSAGES.is_dir(), reason="the messages for measuring are not here"),
]


@pytest.fixture(scope="module")
def model(pytestconfig: pytest.Config) -> Path:
    """The demonstration list's model, kept between runs as long as nothing that matters changes."""
    with LIST.open(encoding="utf-8-sig", newline="") as lines:
        items = [
            ListItem(
                row["code"], row["name"], row["scope"], row["out_of_scope"], row["street_duty"], row["emergency"] == "Y"
            )
            for row in csv.DictReader(lines)
        ]
    assert pytestconfig.cache is not None
    return ensure_model(items, [], None, Path(pytestconfig.cache.mkdir("nlu-models")))


async def answers(model: Path, name: str) -> list[Answer]:
    interpreter = LocalInterpreter.load(model)
    try:
        return await answer_all(interpreter, read_rows(MESSAGES / f"{name}.csv"))
    finally:
        await interpreter.close()


async def test_chat_messages(model: Path) -> None:
    found = await answers(model, "chat_dev")
    precision, recall = metrics.report_precision(found), metrics.report_recall(found)
    assert 2 * precision * recall / (precision + recall) >= 0.97
    assert metrics.chatter_answered(found) <= 0.02
    assert metrics.chatter_misread(found) <= 0.07
    assert metrics.act_accuracy(found) >= 0.92
    assert metrics.item_top(1)(found) >= 0.83
    assert metrics.item_top(3)(found) >= 0.93
    assert metrics.auto_precision(found) >= 0.93
    assert metrics.auto_coverage(found) >= 0.55
    assert metrics.abstain_outside(found) >= 0.65
    assert metrics.both_of_two(found) >= 0.55
    assert metrics.expected_calibration_error(found) <= 0.06


async def test_titles_of_letters(model: Path) -> None:
    found = await answers(model, "real_dev")
    assert metrics.report_recall(found) >= 0.90
    assert metrics.item_top(1)(found) >= 0.75
    assert metrics.item_top(3)(found) >= 0.90
    assert metrics.abstain_outside(found) >= 0.75
    assert metrics.expected_calibration_error(found) <= 0.10
