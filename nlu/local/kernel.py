"""Kernel ridge over two views of a text: its character n-grams (linear) and its sentence vector (Gaussian).

Only what reading a message needs; solving for the coefficients is `nlu.training`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.local.encoder import Vectors
from nlu.local.ngrams import Sparse

Matrix = NDArray[np.float32]


def gaussian(left: Vectors, right: Vectors, width: float) -> Matrix:
    """exp(-width |a-b|²) for rows of unit length."""
    return np.asarray(np.exp(-2 * width * (1 - left @ right.T)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class KernelModel:
    """Raw scores of all classes: sparse weights per n-gram, and one coefficient per training example and class."""

    sparse_weights: Matrix
    anchors: Vectors
    coefficients: Matrix
    width: float

    def sparse_scores(self, vector: Sparse) -> NDArray[np.float32]:
        """The share of the n-grams alone."""
        indices, values = vector
        return np.asarray(values @ self.sparse_weights[indices], dtype=np.float32)

    def dense_scores(self, vectors: Vectors) -> Matrix:
        """The share of the sentence vectors, one row for each."""
        return np.asarray(gaussian(vectors, self.anchors, self.width) @ self.coefficients, dtype=np.float32)

    def similarity(self, vectors: Vectors) -> NDArray[np.float32]:
        """The cosine to the nearest training example, one number for each row."""
        return np.asarray((vectors @ self.anchors.T).max(axis=1), dtype=np.float32)
