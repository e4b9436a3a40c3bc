"""Solves kernel ridge regression over two views of the examples; exact, and the same on every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve

from nlu.local.encoder import Vectors
from nlu.local.kernel import KernelModel, Matrix, gaussian
from nlu.local.ngrams import NgramSpace

WIDTH = 2.0
SPARSE_SHARE = 0.5
RIDGE = 0.3


@dataclass(frozen=True, slots=True)
class Views:
    """Both views of the same texts, row by row."""

    grams: sparse.csr_matrix
    vectors: Vectors

    def rows(self, chosen: NDArray[np.int64]) -> Views:
        """Some of the rows."""
        return Views(self.grams[chosen], self.vectors[chosen])


def grams_of(space: NgramSpace, texts: Sequence[str]) -> sparse.csr_matrix:
    """The n-gram view of the texts as one sparse matrix."""
    rows = space.vectors(texts)
    lengths = np.array([len(indices) for indices, _ in rows])
    indices = np.concatenate([indices for indices, _ in rows])
    values = np.concatenate([values for _, values in rows])
    pointers = np.concatenate([[0], np.cumsum(lengths)])
    return sparse.csr_matrix((values, indices, pointers), shape=(len(rows), len(space.vocabulary)))


def kernel_between(left: Views, right: Views) -> Matrix:
    """The sum of both kernels."""
    linear = (left.grams @ right.grams.T).toarray()
    return np.asarray(SPARSE_SHARE * linear + gaussian(left.vectors, right.vectors, WIDTH), dtype=np.float32)


def solve(kernel: Matrix, targets: Matrix, weights: NDArray[np.float32]) -> Matrix:
    """One coefficient per example and class; an example of weight w counts w times."""
    system = kernel + np.diag(RIDGE / weights).astype(np.float32)
    return np.asarray(cho_solve(cho_factor(system, lower=True, overwrite_a=True), targets), dtype=np.float32)


def as_model(views: Views, coefficients: Matrix) -> KernelModel:
    """The linear view is folded into one weight per n-gram and class."""
    sparse_weights = np.asarray(SPARSE_SHARE * (views.grams.T @ coefficients), dtype=np.float32)
    return KernelModel(sparse_weights, views.vectors, coefficients, WIDTH)


def one_of(labels: NDArray[np.int64], classes: int) -> Matrix:
    """Targets: 1 for the label, -0.1 for every other class; a row with label -1 is all -0.1."""
    targets = np.full((len(labels), classes), -0.1, dtype=np.float32)
    known = np.flatnonzero(labels >= 0)
    targets[known, labels[known]] = 1.0
    return targets
