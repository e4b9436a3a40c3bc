"""An evaluation as text: figures with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

from nlu.evaluation.evaluate import Scores
from nlu.evaluation.metrics import Interval


def as_table(scores: Scores, intervals: Mapping[str, Interval]) -> str:
    """One line a figure: name, value, and the interval where there is one."""
    lines = []
    for name, value in asdict(scores).items():
        shown = "-" if math.isnan(value) else f"{value:.4g}"
        interval = intervals.get(name)
        bounds = f"  [{interval.low:.3f} .. {interval.high:.3f}]" if interval and not math.isnan(interval.low) else ""
        lines.append(f"{name:<20}{shown:>8}{bounds}")
    return "\n".join(lines)
