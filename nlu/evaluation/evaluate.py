"""Lets a backend read every row of a file and says how well and how fast it did."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nlu.evaluation.metrics import MEASURES, Interval, bootstrap
from nlu.evaluation.rows import Answer, Row
from nlu.types import Context, Interpreter

_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one evaluation; shares are 0..1, NaN where the file has no such row."""

    n: int
    act_accuracy: float
    report_precision: float
    report_recall: float
    item_top1: float
    item_top3: float
    auto_precision: float
    auto_coverage: float
    chatter_answered: float
    abstain_outside: float
    both_of_two: float
    ece: float
    p50_ms: float
    p99_ms: float
    messages_per_second: float
    load_seconds: float
    rss_mb: float

    def as_json(self) -> dict[str, float | None]:
        """The figures by name; null where there was nothing to count."""
        return {name: None if math.isnan(value) else value for name, value in asdict(self).items()}


async def answer_all(interpreter: Interpreter, rows: Sequence[Row]) -> list[Answer]:
    """What the backend understands of each row, one after the other, without any context."""
    for row in rows[:_WARM_UP]:
        await interpreter.interpret(row.text, Context())
    answers = []
    for row in rows:
        begun = time.perf_counter()
        got = await interpreter.interpret(row.text, Context())
        answers.append(Answer(row, got, time.perf_counter() - begun))
    return answers


async def evaluate(interpreter: Interpreter, rows: Sequence[Row], load_seconds: float = math.nan) -> Scores:
    """All figures; `load_seconds` is what the caller measured when it opened the backend."""
    return scores_of(await answer_all(interpreter, rows), load_seconds)


def scores_of(answers: Sequence[Answer], load_seconds: float = math.nan) -> Scores:
    """The figures of what was answered; memory is that of this process now."""
    seconds = sorted(answer.seconds for answer in answers)
    return Scores(
        n=len(answers),
        **{name: measure(answers) for name, measure in MEASURES.items()},
        p50_ms=_quantile(seconds, 0.5) * 1000,
        p99_ms=_quantile(seconds, 0.99) * 1000,
        messages_per_second=len(seconds) / sum(seconds) if seconds else math.nan,
        load_seconds=load_seconds,
        rss_mb=resident_mb(),
    )


def intervals_of(answers: Sequence[Answer]) -> dict[str, Interval]:
    """Bootstrap intervals of every figure that is about being right."""
    return {name: bootstrap(answers, measure) for name, measure in MEASURES.items()}


def resident_mb() -> float:
    """Memory that this process holds now, in MB; NaN where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return math.nan
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), math.nan)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else math.nan
