from __future__ import annotations

import math
from pathlib import Path

import pytest

from nlu.evaluation import metrics
from nlu.evaluation.evaluate import scores_of
from nlu.evaluation.report import as_table
from nlu.evaluation.rows import Answer, Row, read_rows
from nlu.types import Act, Decision, Interpretation, ItemGuess, Segment

KEYS = (
    "n act_accuracy report_precision report_recall item_top1 item_top3 auto_precision auto_coverage chatter_answered "
    "abstain_outside both_of_two ece p50_ms p99_ms messages_per_second load_seconds rss_mb"
)


def answer(expected: Row, act: Act, *codes: str, decision: Decision = Decision.ACCEPT, sure: float = 0.9) -> Answer:
    guesses = tuple(ItemGuess(code, sure / (n + 1)) for n, code in enumerate(codes))
    return Answer(expected, Interpretation(expected.text, act, sure, decision, guesses), 0.005)


def report(*codes: str) -> Row:
    return Row("井盖", Act.REPORT, one_of=frozenset(codes))


def test_rows_are_read_with_their_three_kinds_of_items(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text('text,act,item\n井盖,report,A|B\n两件,report,A+B\n别的,report,\n"收到",sign,\n', encoding="utf-8")
    rows = read_rows(file)
    assert rows[0].one_of == {"A", "B"}
    assert rows[1].both == {"A", "B"}
    assert [row.is_outside for row in rows] == [False, False, True, False]


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("text,act,item\n井盖,dance,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_rows(file)


def test_any_of_several_items_is_right() -> None:
    answers = [answer(report("A", "B"), Act.REPORT, "B"), answer(report("A"), Act.REPORT, "C", "D", "A")]
    assert metrics.item_top(1)(answers) == 0.5
    assert metrics.item_top(3)(answers) == 1.0


def test_everything_accepted_counts_against_precision() -> None:
    chatter = Row("哈哈", Act.CHATTER)
    answers = [
        answer(report("A"), Act.REPORT, "A"),
        answer(report("A"), Act.REPORT, "A", decision=Decision.CLARIFY),
        answer(chatter, Act.REPORT, "A"),
        answer(report(), Act.REPORT, "A"),
    ]
    assert metrics.auto_precision(answers) == pytest.approx(1 / 3)
    assert metrics.auto_coverage(answers) == 0.5
    assert metrics.abstain_outside(answers) == 0.0


def test_chatter_is_answered_only_where_a_report_is_seen_for_sure() -> None:
    chatter = Row("哈哈", Act.CHATTER)
    answers = [
        answer(chatter, Act.CHATTER),
        answer(chatter, Act.REPORT, "A", sure=0.8),
        answer(chatter, Act.REPORT, "A", sure=0.9),
        answer(chatter, Act.SIGN),
    ]
    assert metrics.chatter_answered(answers) == 0.25
    assert metrics.chatter_misread(answers) == 0.75


def test_both_of_two_need_a_segment_each() -> None:
    row = Row("两件", Act.REPORT, both=frozenset({"A", "B"}))
    parts = [Segment("x", 0, 1, (ItemGuess(code, 0.9),)) for code in "AB"]
    both = Interpretation(row.text, Act.REPORT, 0.9, Decision.ACCEPT, segments=tuple(parts))
    one = Interpretation(row.text, Act.REPORT, 0.9, Decision.ACCEPT, segments=tuple(parts[:1]))
    assert metrics.both_of_two([Answer(row, both, 0.0), Answer(row, one, 0.0)]) == 0.5


def test_calibration_error_is_the_distance_of_confidence_and_truth() -> None:
    answers = [answer(report("A"), Act.REPORT, "A", sure=0.75), answer(report("A"), Act.REPORT, "B", sure=0.75)]
    assert metrics.expected_calibration_error(answers) == pytest.approx(0.25)


def test_intervals_are_the_same_on_every_run_and_hold_the_value() -> None:
    answers = [answer(report("A"), Act.REPORT, "A" if n % 4 else "B") for n in range(40)]
    first, again = (metrics.bootstrap(answers, metrics.item_top(1)) for _ in range(2))
    assert first == again
    assert first.low < 0.75 < first.high


def test_the_figures_have_the_names_that_scripts_rely_on() -> None:
    scores = scores_of([answer(report("A"), Act.REPORT, "A")])
    assert list(scores.as_json()) == KEYS.split()
    assert scores.as_json()["both_of_two"] is None
    assert math.isclose(scores.p50_ms, 5.0)
    assert "item_top1" in as_table(scores, {})
