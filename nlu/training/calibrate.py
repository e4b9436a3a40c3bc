"""Temperatures, the last layer of the acts and the thresholds, from scores of rows that were held out; pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from nlu.local.kernel import Matrix, Row

_SHARPNESS = np.geomspace(2.0, 80.0, 60)
_ROUNDS = 300


@dataclass(frozen=True, slots=True)
class LastLayer:
    """Weights and bias of a softmax over act features."""

    weights: Matrix
    bias: Row


def log_loss(scores: Matrix, labels: NDArray[np.int64], sharpness: float) -> float:
    """The mean negative log probability of the right class."""
    z = scores * sharpness
    z = z - z.max(axis=1, keepdims=True)
    log_p = z[np.arange(len(labels)), labels] - np.log(np.exp(z).sum(axis=1))
    return float(-log_p.mean())


def fit_sharpness(scores: Matrix, labels: NDArray[np.int64]) -> float:
    """The temperature of least log loss."""
    return float(min(_SHARPNESS, key=lambda sharpness: log_loss(scores, labels, float(sharpness))))


def fit_last_layer(features: Matrix, labels: NDArray[np.int64], classes: int) -> LastLayer:
    """Logistic regression over standardised features; a class without examples is never named."""
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    layer = LogisticRegression(C=1.0, max_iter=_ROUNDS, tol=1e-3)
    layer.fit((features - centre) / scale, labels)
    weights = np.zeros((features.shape[1], classes), dtype=np.float32)
    bias = np.full(classes, -30.0, dtype=np.float32)
    weights[:, layer.classes_] = layer.coef_.T / scale[:, None]
    bias[layer.classes_] = layer.intercept_ - layer.coef_ @ (centre / scale)
    return LastLayer(weights, bias)


def lowest_with_precision(scores: NDArray[np.float32], positive: NDArray[np.bool_], precision: float) -> float:
    """The lowest threshold from which on at least that share of the rows is positive; infinite if there is none."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(positive[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= precision)
    return float(scores[order[enough[-1]]]) if len(enough) else float("inf")
