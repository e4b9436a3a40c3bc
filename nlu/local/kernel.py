"""Kernel ridge over two views of a text: its character n-grams (linear) and its sentence vector (Gaussian).

Only what reading a message needs; solving for the coefficients is `nlu.training`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.local.encoder import Vectors
from nlu.local.ngrams import Sparse

Matrix = NDArray[np.float32]
Row = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lens:
    """How sentence vectors are looked at: from the middle of all examples, along the axes in which these differ most."""

    centre: Row
    axes: Matrix

    def view(self, vectors: Vectors) -> Vectors:
        """The vectors seen so, of unit length again."""
        moved = (vectors - self.centre) @ self.axes
        return np.asarray(moved / (np.linalg.norm(moved, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


def gaussian(cosines: Matrix, width: float) -> Matrix:
    """exp(-width |a-b|²) for vectors of unit length with these cosines."""
    return np.asarray(np.exp((2 * width) * (cosines - 1)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Head:
    """One group of classes: weights for each n-gram, coefficients for each anchor, and the width of its Gaussian."""

    sparse_weights: Matrix
    coefficients: Matrix
    width: float


@dataclass(frozen=True, slots=True)
class KernelModel:
    """Raw scores of several groups of classes over the same anchors (the examples it was solved for)."""

    lens: Lens
    anchors: Vectors
    heads: tuple[Head, ...]

    def scores(self, vectors: Vectors, grams: Sequence[Sparse]) -> list[Matrix]:
        """For each head one row of raw scores for each text; `vectors` as they come from the encoder."""
        cosines = np.asarray(self.lens.view(vectors) @ self.anchors.T, dtype=np.float32)
        near = {width: gaussian(cosines, width) for width in {head.width for head in self.heads}}
        found = []
        for head in self.heads:
            dense = near[head.width] @ head.coefficients
            found.append(np.asarray(dense + np.stack([sparse_scores(head, one) for one in grams]), dtype=np.float32))
        return found


def sparse_scores(head: Head, vector: Sparse) -> Row:
    """The share of the n-grams alone."""
    indices, values = vector
    return np.asarray(values @ head.sparse_weights[indices], dtype=np.float32)
