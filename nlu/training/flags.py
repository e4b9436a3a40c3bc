"""The flags, each learned by itself: from its own examples and their counterparts, and from messages without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.backend import ListItem
from nlu.local.kernel import Head, Matrix
from nlu.training.corpus import ACTS, FLAGS, Corpus
from nlu.training.ridge import Problem, Recipe, as_head, kernel_of, out_of_fold, solve
from nlu.types import Act, Flag

RECIPE = Recipe(sparse_share=2.0, width=1.0, ridge=0.3)
# The share of all other messages that may be flagged by mistake: missing a danger costs more than a false alarm.
FALSE_ALARMS = {Flag.ACCUSATION: 0.0125, Flag.DANGER: 0.015}
_OTHERS_WEIGHT = 0.3
_REPORTS_TAKEN = 4


def train_flags(corpus: Corpus, items: Sequence[ListItem]) -> tuple[Head, dict[str, float]]:
    """One column for each flag, and from which raw score on it is raised (infinite for a flag without examples)."""
    coefficients = np.zeros((len(corpus.acts), len(FLAGS)), dtype=np.float32)
    raised_at = {}
    for column, flag in enumerate(FLAGS):
        rows = _rows(corpus, column, flag, items)
        raised_at[flag.value] = float("inf")
        if np.any(corpus.flags[rows, column] > 0):
            coefficients[rows, column], raised_at[flag.value] = _train(corpus.only(rows), column, flag)
    return as_head(corpus, coefficients, RECIPE), raised_at


def _rows(corpus: Corpus, column: int, flag: Flag, items: Sequence[ListItem]) -> NDArray[np.int64]:
    """The flag's own rows, all other acts, and a part of the reports; those of emergencies say nothing of danger."""
    emergencies = np.array([*(item.emergency and flag is Flag.DANGER for item in items), False])
    reports = (corpus.items >= 0) & ~emergencies[corpus.items]
    reports &= np.arange(len(reports)) % _REPORTS_TAKEN == 0
    others = (corpus.acts >= 0) & (corpus.acts != ACTS.index(Act.REPORT))
    flagged = np.any(corpus.flags != 0, axis=1)
    return np.flatnonzero(corpus.written & (reports | others | flagged))


def _train(corpus: Corpus, column: int, flag: Flag) -> tuple[NDArray[np.float32], float]:
    own = corpus.flags[:, column]
    targets: Matrix = np.where(own > 0, 1.0, -1.0).astype(np.float32)[:, None]
    weights = np.where(own != 0, 1.0, _OTHERS_WEIGHT).astype(np.float32)
    problem = Problem(RECIPE, targets, weights, np.arange(len(own)))
    kernel = kernel_of(corpus, RECIPE)
    held_out = out_of_fold(kernel, problem, corpus.folds)[:, 0]
    others = held_out[own == 0]
    raised_at = float(np.quantile(others, 1 - FALSE_ALARMS[flag])) if len(others) else 0.0
    return solve(kernel, problem, problem.rows)[:, 0], raised_at
