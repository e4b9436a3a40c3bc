"""Solves kernel ridge regression over two views of the examples; exact, and the same on every run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from nlu.local.kernel import Head, Matrix, gaussian
from nlu.training.corpus import Corpus

_ABSENT = -0.1
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much the n-grams count beside the Gaussian of the sentence vectors, its width, and the ridge."""

    sparse_share: float
    width: float
    ridge: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Targets and weights of all examples for one head; `rows` are the examples that say something of it."""

    recipe: Recipe
    targets: Matrix
    weights: NDArray[np.float32]
    rows: Rows


def one_of(labels: NDArray[np.int64], classes: int) -> Matrix:
    """Targets: 1 for the label, a little below zero for every other class and for rows with label -1."""
    targets = np.full((len(labels), classes), _ABSENT, dtype=np.float32)
    known = np.flatnonzero(labels >= 0)
    targets[known, labels[known]] = 1.0
    return targets


def kernel_of(corpus: Corpus, recipe: Recipe) -> Matrix:
    """The sum of both kernels between all examples."""
    kernel = np.asarray((corpus.grams @ corpus.grams.T).toarray(), dtype=np.float32)
    kernel *= recipe.sparse_share
    kernel += gaussian(corpus.vectors @ corpus.vectors.T, recipe.width)
    return kernel


def solve(kernel: Matrix, problem: Problem, chosen: Rows) -> Matrix:
    """One coefficient per example and class, zero for all but the chosen rows; weight w counts w times."""
    system = kernel[np.ix_(chosen, chosen)]
    system[np.diag_indices(len(chosen))] += problem.recipe.ridge / problem.weights[chosen]
    factor = cho_factor(system, lower=True, overwrite_a=True, check_finite=False)
    coefficients = np.zeros_like(problem.targets)
    coefficients[chosen] = cho_solve(factor, problem.targets[chosen], check_finite=False)
    return coefficients


def out_of_fold(kernel: Matrix, problem: Problem, folds: Rows) -> Matrix:
    """What models that never saw a row say of it; rows of fold -1 are always learned from and stay zero."""
    scores = np.zeros_like(problem.targets)
    for fold in range(int(folds.max(initial=-1)) + 1):
        test = np.flatnonzero(folds == fold)
        kept = problem.rows[folds[problem.rows] != fold]
        scores[test] = kernel[np.ix_(test, kept)] @ solve(kernel, problem, kept)[kept]
    return scores


def as_head(corpus: Corpus, coefficients: Matrix, recipe: Recipe) -> Head:
    """The linear view is folded into one weight per n-gram and class."""
    sparse_weights = np.asarray(recipe.sparse_share * (corpus.grams.T @ coefficients), dtype=np.float32)
    return Head(sparse_weights, coefficients, recipe.width)
