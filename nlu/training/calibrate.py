"""Temperatures and thresholds from predictions on examples that were held out; pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.local.kernel import Matrix

_SHARPNESS = np.geomspace(1.0, 40.0, 40)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Raw scores of held-out rows and their labels; label -1: none of the classes is right."""

    scores: Matrix
    labels: NDArray[np.int64]


def log_loss(scores: Matrix, labels: NDArray[np.int64], sharpness: float) -> float:
    """The mean negative log probability of the right class."""
    z = scores * sharpness
    z = z - z.max(axis=1, keepdims=True)
    log_p = z[np.arange(len(labels)), labels] - np.log(np.exp(z).sum(axis=1))
    return float(-log_p.mean())


def with_none(held_out: HeldOut, none: float) -> tuple[Matrix, NDArray[np.int64]]:
    """Scores with one more column for "none of them", and labels that point to it where they were -1."""
    column = np.full((len(held_out.scores), 1), none, dtype=np.float32)
    labels = np.where(held_out.labels < 0, held_out.scores.shape[1], held_out.labels)
    return np.hstack([held_out.scores, column]), labels


def fit_sharpness(held_out: HeldOut) -> float:
    """The temperature of least log loss."""
    return float(min(_SHARPNESS, key=lambda s: log_loss(held_out.scores, held_out.labels, float(s))))


def fit_with_none(held_out: HeldOut) -> tuple[float, float]:
    """The temperature and the score of "none" of least log loss."""
    tried = [(float(s), float(none)) for s in _SHARPNESS for none in np.linspace(0.0, 0.6, 25)]
    return min(tried, key=lambda pair: log_loss(*with_none(held_out, pair[1]), pair[0]))


def threshold_for_recall(scores: NDArray[np.float32], positive: NDArray[np.bool_], precision: float) -> float:
    """The lowest threshold that still has that precision on the held-out rows."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(positive[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= precision)
    return float(scores[order[enough[-1]]]) if len(enough) else float("inf")
