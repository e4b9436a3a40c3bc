"""The figures of an evaluation, pure: what was expected and answered in, numbers out."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlu.evaluation.rows import Answer
from nlu.types import Act, Decision

Measure = Callable[[Sequence[Answer]], float]
_BINS = 10
# From this probability on the bot speaks in a group without being asked (config: report_sure).
SURE_REPORT = 0.9


def share(answers: Sequence[Answer], is_right: Callable[[Answer], bool]) -> float:
    """The share of the answers for which it holds; NaN if there are none."""
    return sum(map(is_right, answers)) / len(answers) if answers else math.nan


def listed(answers: Sequence[Answer]) -> list[Answer]:
    """Reports of one problem that the list has an item for."""
    return [answer for answer in answers if answer.row.act is Act.REPORT and answer.row.one_of]


def accepted(answers: Sequence[Answer]) -> list[Answer]:
    """Everything that was taken for a report and accepted without asking, whatever it really was."""
    return [a for a in answers if a.got.act is Act.REPORT and a.got.decision is Decision.ACCEPT]


def act_accuracy(answers: Sequence[Answer]) -> float:
    """Share of messages whose act is right."""
    return share(answers, lambda a: a.got.act is a.row.act)


def report_precision(answers: Sequence[Answer]) -> float:
    """Of what was taken for a report, the share that is one."""
    return share([a for a in answers if a.got.act is Act.REPORT], lambda a: a.row.act is Act.REPORT)


def report_recall(answers: Sequence[Answer]) -> float:
    """Of the reports, the share that was taken for one."""
    return share([a for a in answers if a.row.act is Act.REPORT], lambda a: a.got.act is Act.REPORT)


def item_top(rank: int) -> Measure:
    """Share of listed reports with a right item among the first `rank`."""
    return lambda answers: share(listed(answers), lambda a: a.has_item_within(rank))


def auto_precision(answers: Sequence[Answer]) -> float:
    """Of everything accepted without asking, the share whose first item is right (one of two, for two problems)."""
    return share(accepted(answers), lambda a: a.first in (a.row.one_of | a.row.both))


def auto_coverage(answers: Sequence[Answer]) -> float:
    """Of the listed reports, the share that was accepted without asking."""
    return share(listed(answers), lambda a: a.got.act is Act.REPORT and a.got.decision is Decision.ACCEPT)


def chatter_answered(answers: Sequence[Answer]) -> float:
    """Of the chatter, the share that gets an answer in a group: what is surely taken for a report, and no other act."""
    return share([a for a in answers if a.row.act is Act.CHATTER], _is_answered_in_a_group)


def chatter_misread(answers: Sequence[Answer]) -> float:
    """Of the chatter, the share that was taken for any other act, answered or not."""
    return share([a for a in answers if a.row.act is Act.CHATTER], lambda a: a.got.act is not Act.CHATTER)


def abstain_outside(answers: Sequence[Answer]) -> float:
    """Of the reports that no item fits, the share that was not accepted."""
    return share(
        [a for a in answers if a.row.is_outside],
        lambda a: not (a.got.act is Act.REPORT and a.got.decision is Decision.ACCEPT),
    )


def both_of_two(answers: Sequence[Answer]) -> float:
    """Of the messages with two problems, the share in which each is the first item of a segment."""
    return share([a for a in answers if a.row.both], _finds_both)


def expected_calibration_error(answers: Sequence[Answer]) -> float:
    """Mean distance of confidence and truth of the first item over ten bins; listed reports with a first item."""
    points = [(a.got.items[0].confidence, a.first in a.row.one_of) for a in listed(answers) if a.first]
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in points:
        bins.setdefault(min(int(confidence * _BINS), _BINS - 1), []).append((confidence, right))
    gaps = (abs(sum(c for c, _ in some) - sum(r for _, r in some)) for some in bins.values())
    return sum(gaps) / len(points) if points else math.nan


def _is_answered_in_a_group(answer: Answer) -> bool:
    return answer.got.act is Act.REPORT and answer.got.act_confidence >= SURE_REPORT


def _finds_both(answer: Answer) -> bool:
    firsts = {segment.items[0].code for segment in answer.got.segments if segment.items}
    return answer.row.both <= firsts


MEASURES: dict[str, Measure] = {
    "act_accuracy": act_accuracy,
    "report_precision": report_precision,
    "report_recall": report_recall,
    "item_top1": item_top(1),
    "item_top3": item_top(3),
    "auto_precision": auto_precision,
    "auto_coverage": auto_coverage,
    "chatter_answered": chatter_answered,
    "abstain_outside": abstain_outside,
    "both_of_two": both_of_two,
    "ece": expected_calibration_error,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle 95 % of what resampling the messages gives."""

    low: float
    high: float


def bootstrap(answers: Sequence[Answer], measure: Measure, rounds: int = 500) -> Interval:
    """The percentile interval of a measure; the same on every run; NaN where the measure has nothing to count."""
    chance = random.Random(20261122)
    values = sorted(
        value for _ in range(rounds) if not math.isnan(value := measure(chance.choices(answers, k=len(answers))))
    )
    if not values:
        return Interval(math.nan, math.nan)
    return Interval(values[int(0.025 * len(values))], values[min(int(0.975 * len(values)), len(values) - 1)])
