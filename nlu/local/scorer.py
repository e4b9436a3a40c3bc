"""From a text to calibrated probabilities, with a cheap first look that spares chatter the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.backend import NO_ACCUSATION, Scores
from nlu.local.encoder import Encoder
from nlu.local.kernel import Matrix, Row, sparse_scores
from nlu.local.normalise import normalise
from nlu.local.store import TrainedModel
from nlu.types import Flag, ItemGuess

_KEPT = 10
_SIGNS = 5


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def act_features(acts: Matrix, items: Matrix) -> Matrix:
    """What the act is judged by: the raw act scores, and how clearly some item stands out."""
    missing = _SIGNS - items.shape[1]
    enough = np.pad(items, ((0, 0), (0, missing))) if missing > 0 else items
    best = -np.sort(-np.partition(enough, -_SIGNS, axis=1)[:, -_SIGNS:], axis=1)
    signs = np.stack([best[:, 0], best[:, 0] - best[:, 1], best.sum(axis=1), items.sum(axis=1)], axis=1)
    return np.asarray(np.hstack([acts, signs]), dtype=np.float32)


class Scorer:
    """Scores texts one by one or, sharing the encoder's fixed cost, several at a time."""

    def __init__(self, model: TrainedModel, encoder: Encoder) -> None:
        self._model = model
        self._encoder = encoder
        self._codes = [item.code for item in model.items]
        self._position = {code: i for i, code in enumerate(self._codes)}
        # One message has no work for a second core; waking it costs more than the whole scoring.
        self._one_core: Any = import_module("threadpoolctl").ThreadpoolController().limit

    def is_idle(self, text: str) -> bool:
        """Whether the n-grams alone are sure that nobody wants anything; costs no call of the encoder."""
        indices, values = self._model.space.vector(normalise(text))
        return float(values @ self._model.gate_weights[indices]) >= self._model.calibration.gate_at

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Calibrated probabilities of acts and items and the flags of each text."""
        model = self._model
        plain = [normalise(text) for text in texts]
        vectors = self._encoder.encode(plain)
        with self._one_core(limits=1, user_api="blas"):
            items, acts, flags = model.kernel.scores(vectors, model.space.vectors(plain))
        calibration, listed = model.calibration, len(self._codes)
        act_p = softmax(act_features(acts, items[:, :listed]) @ calibration.act_weights + calibration.act_bias)
        item_p = softmax(items * calibration.item_sharpness)[:, :listed]
        return [self._scores(*rows) for rows in zip(act_p, item_p, flags, strict=True)]

    def lean(self, text: str, one: str, other: str) -> float:
        """By how much the n-grams alone prefer one item to the other; costs no call of the encoder."""
        vector = self._model.space.vector(normalise(text))
        raw = sparse_scores(self._model.kernel.heads[0], vector)
        return float(raw[self._position[one]] - raw[self._position[other]])

    def _scores(self, acts: Row, items: Row, flags: Row) -> Scores:
        best = np.argsort(-items, kind="stable")[:_KEPT]
        at = self._model.calibration.flag_at
        above = {flag: float(s) - at[flag.value] for flag, s in zip(self._model.flags, flags, strict=True)}
        return Scores(
            acts={act: float(p) for act, p in zip(self._model.acts, acts, strict=True)},
            items=tuple(ItemGuess(self._codes[i], float(items[i])) for i in best),
            flags=frozenset(flag for flag, by in above.items() if by >= 0 and flag is not Flag.ACCUSATION),
            accusation=max(above.get(Flag.ACCUSATION, NO_ACCUSATION), -1.0),
        )
