"""From examples to a trained model: two views, three heads, cross-validated calibration."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.backend import ListItem
from nlu.decision import Thresholds
from nlu.entities.district import PlaceName
from nlu.local.encoder import Encoder, Vectors
from nlu.local.kernel import Matrix
from nlu.local.ngrams import NgramSpace
from nlu.local.normalise import normalise
from nlu.local.store import Calibration, TrainedModel
from nlu.training.calibrate import HeldOut, fit_sharpness, fit_with_none, threshold_for_recall
from nlu.training.examples import LIST_SOURCE, Example
from nlu.training.ridge import Views, as_model, grams_of, kernel_between, one_of, solve
from nlu.types import Act, Flag

ACTS = tuple(Act)
FLAGS = tuple(Flag)
_FOLDS = 5
_LIST_WEIGHT = 0.5
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Corpus:
    """The examples in the shapes that solving needs; -1 where a row says nothing of a head."""

    views: Views
    items: NDArray[np.int64]
    acts: NDArray[np.int64]
    flags: Matrix
    weights: NDArray[np.float32]
    folds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HeldOutScores:
    """What models that never saw a row say of it."""

    items: HeldOut
    acts: HeldOut
    gate: HeldOut
    flags: Matrix
    flag_labels: Matrix


def encode_all(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """The sentence vectors of all texts, in batches."""
    return np.concatenate([encoder.encode(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)])


def build_corpus(examples: Sequence[Example], items: Sequence[ListItem], encoder: Encoder) -> tuple[Corpus, NgramSpace]:
    """The corpus and the n-grams it is made of."""
    texts = [normalise(example.text) for example in examples]
    space = NgramSpace.fit(texts, longest=4, rarest=2)
    position = {item.code: i for i, item in enumerate(items)}
    act_position = {act: i for i, act in enumerate(ACTS)}
    acts = [act_position[example.act] if example.act is not None else -1 for example in examples]
    flags = [[1.0 if example.intent == flag.value else -1.0 for flag in FLAGS] for example in examples]
    listed = np.array([example.source == LIST_SOURCE for example in examples])
    corpus = Corpus(
        views=Views(grams_of(space, texts), encode_all(encoder, texts)),
        items=np.array([position.get(example.item or "", -1) for example in examples]),
        acts=np.array(acts),
        flags=np.array(flags, dtype=np.float32),
        weights=np.where(listed, _LIST_WEIGHT, 1.0).astype(np.float32),
        folds=np.array([-1 if one else _fold(text) for one, text in zip(listed, texts, strict=True)]),
    )
    return corpus, space


def fit(
    examples: Sequence[Example], items: Sequence[ListItem], places: Sequence[PlaceName], encoder: Encoder
) -> TrainedModel:
    """A model that answers; its stamp is left empty for whoever stores it."""
    corpus, space = build_corpus(examples, items, encoder)
    kernel = kernel_between(corpus.views, corpus.views)
    coefficients = _coefficients(corpus, kernel, len(items), np.arange(len(corpus.items)))
    return TrainedModel(
        stamp="",
        encoder=encoder.name,
        items=tuple(items),
        places=tuple(places),
        acts=ACTS,
        flags=FLAGS,
        space=space,
        kernel=as_model(corpus.views, coefficients),
        gate_weights=_gate_weights(corpus, np.arange(len(corpus.items))),
        calibration=_calibrate(corpus, kernel, len(items)),
        thresholds=Thresholds(),
    )


def _fold(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % _FOLDS


def _coefficients(corpus: Corpus, kernel: Matrix, items: int, chosen: NDArray[np.int64]) -> Matrix:
    """Columns: items, acts, flags; rows of `kernel` outside a head's own rows stay zero."""
    heads = (
        (corpus.items >= 0, one_of(corpus.items, items)),
        (corpus.acts >= 0, one_of(corpus.acts, len(ACTS))),
        (np.ones(len(corpus.acts), dtype=bool), corpus.flags),
    )
    inside = np.zeros(len(corpus.items), dtype=bool)
    inside[chosen] = True
    columns = []
    for relevant, targets in heads:
        rows = np.flatnonzero(relevant & inside)
        column = np.zeros((len(corpus.items), targets.shape[1]), dtype=np.float32)
        column[rows] = solve(kernel[np.ix_(rows, rows)], targets[rows], corpus.weights[rows])
        columns.append(column)
    return np.hstack(columns)


def _gate_weights(corpus: Corpus, chosen: NDArray[np.int64]) -> Matrix:
    """Ridge over the n-grams alone, folded into weights."""
    rows = chosen[corpus.acts[chosen] >= 0]
    grams = corpus.views.grams[rows]
    kernel = np.asarray((grams @ grams.T).toarray(), dtype=np.float32)
    coefficients = solve(kernel, one_of(corpus.acts[rows], len(ACTS)), corpus.weights[rows])
    return np.asarray(grams.T @ coefficients, dtype=np.float32)


def _held_out(corpus: Corpus, kernel: Matrix, items: int) -> HeldOutScores:
    """Each fold is also without a tenth of the items, whose rows then stand for what is not on the list."""
    scores = np.zeros((len(corpus.items), items + len(ACTS) + len(FLAGS)), dtype=np.float32)
    gate = np.zeros((len(corpus.items), len(ACTS)), dtype=np.float32)
    labels = corpus.items.copy()
    for fold in range(_FOLDS):
        hidden = (corpus.items >= 0) & (corpus.items % (2 * _FOLDS) == fold)
        test = np.flatnonzero(corpus.folds == fold)
        kept = np.flatnonzero((corpus.folds != fold) & ~hidden)
        coefficients = _coefficients(corpus, kernel, items, kept)
        coefficients[:, np.unique(corpus.items[hidden])] = 0
        scores[test] = kernel[test] @ coefficients
        gate[test] = corpus.views.grams[test] @ _gate_weights(corpus, kept)
        labels[test] = np.where(hidden[test], -1, labels[test])
    seen = corpus.folds >= 0
    reports = np.flatnonzero(seen & (corpus.items >= 0))
    acts = np.flatnonzero(seen & (corpus.acts >= 0))
    everything = np.flatnonzero(seen)
    return HeldOutScores(
        items=HeldOut(scores[reports, :items], labels[reports]),
        acts=HeldOut(scores[acts, items : items + len(ACTS)], corpus.acts[acts]),
        gate=HeldOut(gate[acts], corpus.acts[acts]),
        flags=scores[everything, items + len(ACTS) :],
        flag_labels=corpus.flags[everything],
    )


def _calibrate(corpus: Corpus, kernel: Matrix, items: int) -> Calibration:
    if not np.any(corpus.folds >= 0):
        return Calibration(8.0, 0.2, 8.0, 1.1, 0.5, {flag.value: 9.0 for flag in FLAGS})
    held_out = _held_out(corpus, kernel, items)
    sharpness, none = fit_with_none(held_out.items) if len(held_out.items.labels) else (8.0, 0.2)
    return Calibration(
        item_sharpness=sharpness,
        item_none=none,
        act_sharpness=fit_sharpness(held_out.acts) if len(held_out.acts.labels) else 8.0,
        gate=1.1,
        report_at=0.5,
        flag_at={
            flag.value: threshold_for_recall(held_out.flags[:, i], held_out.flag_labels[:, i] > 0, 0.95)
            for i, flag in enumerate(FLAGS)
        },
    )
