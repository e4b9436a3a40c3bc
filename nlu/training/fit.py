"""From examples to a trained model: two heads over two views, a last layer, cross-validated calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from nlu.backend import ListItem
from nlu.decision import Thresholds
from nlu.entities.district import PlaceName
from nlu.local.encoder import Encoder
from nlu.local.kernel import Head, KernelModel, Matrix, Row
from nlu.local.scorer import act_features
from nlu.local.store import Calibration, TrainedModel
from nlu.training.calibrate import LastLayer, fit_last_layer, fit_sharpness, lowest_with_precision
from nlu.training.corpus import ACTS, FLAGS, FOLDS, Corpus, build_corpus
from nlu.training.examples import Example
from nlu.training.flags import train_flags
from nlu.training.ridge import Problem, Recipe, as_head, kernel_of, one_of, out_of_fold, solve
from nlu.types import Act

ITEM_RECIPE = Recipe(sparse_share=0.6, width=2.0, ridge=0.5)
ACT_RECIPE = Recipe(sparse_share=4.0, width=1.0, ridge=0.3)
MADE_WEIGHT_ITEMS = 0.5
MADE_WEIGHT_ACTS = 0.3
# Our own examples are harder than what people write (many were chosen to lie at the border of two items), so the
# temperature that suits them is too timid; docs/nlu.md has the figures.
EASIER = 1.35
GATE_PRECISION = 0.995


def fit(
    examples: Sequence[Example], items: Sequence[ListItem], places: Sequence[PlaceName], encoder: Encoder
) -> TrainedModel:
    """A model that answers; its stamp is left empty for whoever stores it."""
    corpus, space = build_corpus(examples, items, encoder)
    item_head, item_scores = _train(corpus, _item_problem(corpus, len(items) + 1))
    act_head, act_scores = _train(corpus, _act_problem(corpus))
    gate_weights, gate_at = _gate(corpus)
    flag_head, flag_at = train_flags(corpus, items)
    layer = _last_layer(corpus, act_scores, item_scores[:, : len(items)])
    calibration = Calibration(
        item_sharpness=_item_sharpness(corpus, item_scores),
        act_weights=layer.weights,
        act_bias=layer.bias,
        gate_at=gate_at,
        flag_at=flag_at,
    )
    return TrainedModel(
        stamp="",
        encoder=encoder.name,
        items=tuple(items),
        places=tuple(places),
        acts=ACTS,
        flags=FLAGS,
        space=space,
        kernel=KernelModel(corpus.lens, corpus.vectors, (item_head, act_head, flag_head)),
        gate_weights=gate_weights,
        calibration=calibration,
        thresholds=Thresholds(),
    )


def _train(corpus: Corpus, problem: Problem) -> tuple[Head, Matrix]:
    kernel = kernel_of(corpus, problem.recipe)
    held_out = out_of_fold(kernel, problem, corpus.folds)
    return as_head(corpus, solve(kernel, problem, problem.rows), problem.recipe), held_out


def _item_problem(corpus: Corpus, items: int) -> Problem:
    weights = np.where(corpus.written, 1.0, MADE_WEIGHT_ITEMS).astype(np.float32)
    return Problem(ITEM_RECIPE, one_of(corpus.items, items), weights, np.flatnonzero(corpus.items >= 0))


def _act_problem(corpus: Corpus) -> Problem:
    """Rare acts weigh more, the list's own words less."""
    counts = np.maximum(np.bincount(corpus.acts[corpus.written & (corpus.acts >= 0)], minlength=len(ACTS)), 1)
    weights = counts[corpus.acts] ** -0.5 * np.where(corpus.written, 1.0, MADE_WEIGHT_ACTS)
    rows = np.flatnonzero(corpus.acts >= 0)
    typical = rows[corpus.written[rows]] if corpus.written[rows].any() else rows
    weights /= weights[typical].mean()
    return Problem(ACT_RECIPE, one_of(corpus.acts, len(ACTS)), weights.astype(np.float32), rows)


def _gate(corpus: Corpus) -> tuple[Row, float]:
    """One weight per n-gram for chatter against all else, and from which score on it is surely chatter."""
    rows = np.flatnonzero(corpus.written & (corpus.acts >= 0))
    chatter = corpus.acts[rows] == ACTS.index(Act.CHATTER)
    if not chatter.any() or chatter.all():
        return np.zeros(corpus.grams.shape[1], dtype=np.float32), float("inf")
    folds = corpus.folds[rows]
    held_out = np.zeros(len(rows), dtype=np.float32)
    for fold in range(FOLDS):
        learn, test = folds != fold, folds == fold
        held_out[test] = corpus.grams[rows[test]] @ _chatter_weights(corpus, rows[learn], chatter[learn])
    return _chatter_weights(corpus, rows, chatter), lowest_with_precision(held_out, chatter, GATE_PRECISION)


def _chatter_weights(corpus: Corpus, rows: NDArray[np.int64], chatter: NDArray[np.bool_]) -> Row:
    layer = LogisticRegression(C=10.0, solver="liblinear", fit_intercept=False, random_state=0)
    return np.asarray(layer.fit(corpus.grams[rows], chatter).coef_[0], dtype=np.float32)


def _last_layer(corpus: Corpus, acts: Matrix, items: Matrix) -> LastLayer:
    rows = np.flatnonzero((corpus.folds >= 0) & (corpus.acts >= 0))
    if len(np.unique(corpus.acts[rows])) < 2:
        weights = np.zeros((len(ACTS) + 4, len(ACTS)), dtype=np.float32)
        weights[: len(ACTS)] = np.eye(len(ACTS)) * 10
        return LastLayer(weights, np.zeros(len(ACTS), dtype=np.float32))
    return fit_last_layer(act_features(acts, items)[rows], corpus.acts[rows], len(ACTS))


def _item_sharpness(corpus: Corpus, scores: Matrix) -> float:
    rows = np.flatnonzero((corpus.folds >= 0) & (corpus.items >= 0))
    return EASIER * fit_sharpness(scores[rows], corpus.items[rows]) if len(rows) else 8.0
