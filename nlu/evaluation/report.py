"""An evaluation as text: figures with their intervals, and which items are taken for which."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from nlu.evaluation.evaluate import Scores
from nlu.evaluation.metrics import Interval, listed
from nlu.evaluation.rows import Answer


def as_table(scores: Scores, intervals: Mapping[str, Interval]) -> str:
    """One line a figure: name, value, and the interval where there is one."""
    lines = []
    for name, value in asdict(scores).items():
        shown = "-" if math.isnan(value) else f"{value:.4g}"
        interval = intervals.get(name)
        bounds = f"  [{interval.low:.3f} .. {interval.high:.3f}]" if interval and not math.isnan(interval.low) else ""
        lines.append(f"{name:<20}{shown:>8}{bounds}")
    return "\n".join(lines)


def confusions(answers: Sequence[Answer]) -> list[tuple[str, str, int]]:
    """Expected items, the item named instead (`-`: no report), how often; most often first."""
    wrong = Counter(
        ("|".join(sorted(answer.row.one_of)), answer.first or "-")
        for answer in listed(answers)
        if answer.first not in answer.row.one_of
    )
    return [(expected, got, n) for (expected, got), n in sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))]
