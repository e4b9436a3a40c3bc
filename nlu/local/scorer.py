"""From a text to calibrated probabilities, with a cheap first look that spares chatter the encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.backend import Scores
from nlu.local.encoder import Encoder
from nlu.local.normalise import normalise
from nlu.local.store import TrainedModel
from nlu.types import Act, ItemGuess

_KEPT = 10


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


class Scorer:
    """Scores texts one by one or, sharing the encoder's fixed cost, several at a time."""

    def __init__(self, model: TrainedModel, encoder: Encoder) -> None:
        self._model = model
        self._encoder = encoder
        self._codes = [item.code for item in model.items]
        self._report = model.acts.index(Act.REPORT)
        self._chatter = model.acts.index(Act.CHATTER)

    def glance(self, text: str) -> float:
        """The probability of chatter from the n-grams alone; costs no call of the encoder."""
        indices, values = self._model.space.vector(normalise(text))
        raw = values @ self._model.gate_weights[indices]
        return float(softmax(raw * self._model.calibration.act_sharpness)[self._chatter])

    def is_idle(self, text: str) -> bool:
        """Whether the first look is sure that nobody wants anything."""
        return self.glance(text) >= self._model.calibration.gate

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Calibrated probabilities of acts and items and the flags of each text."""
        plain = [normalise(text) for text in texts]
        model = self._model
        raw = model.kernel.dense_scores(self._encoder.encode(plain))
        raw += np.stack([model.kernel.sparse_scores(model.space.vector(text)) for text in plain])
        return [self._calibrated(row) for row in raw]

    def sparse_items(self, text: str) -> NDArray[np.float32]:
        """Raw scores of all items from the n-grams alone: good enough to see that two parts differ."""
        raw = self._model.kernel.sparse_scores(self._model.space.vector(normalise(text)))
        return raw[: len(self._codes)]

    def _calibrated(self, raw: NDArray[np.float32]) -> Scores:
        model, n = self._model, len(self._codes)
        calibration = model.calibration
        items = softmax(np.append(raw[:n], calibration.item_none) * calibration.item_sharpness)[:n]
        acts = softmax(raw[n : n + len(model.acts)] * calibration.act_sharpness)
        best = np.argsort(-items, kind="stable")[:_KEPT]
        flag_scores = raw[n + len(model.acts) :]
        return Scores(
            acts={act: float(p) for act, p in zip(model.acts, acts, strict=True)},
            items=tuple(ItemGuess(self._codes[i], float(items[i])) for i in best),
            flags=frozenset(
                flag
                for flag, score in zip(model.flags, flag_scores, strict=True)
                if score >= calibration.flag_at[flag.value]
            ),
        )
