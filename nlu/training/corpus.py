"""Examples in the shapes that solving needs: two views of each text, and one label per question asked of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlu.backend import ListItem
from nlu.local.encoder import Encoder, Vectors
from nlu.local.kernel import Lens
from nlu.local.ngrams import NgramSpace
from nlu.local.normalise import normalise
from nlu.training.examples import COUNTERPART, MADE, Example
from nlu.types import Act, Flag

ACTS = tuple(Act)
FLAGS = tuple(Flag)
FOLDS = 3
_BATCH = 64
_AXES = 192


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labels are positions, -1 where a row says nothing; `written` rows were written by people as messages.

    An item label one past the list is a report that no item fits.

    `flags` is 1 for an example of the flag, -1 for a counterpart, 0 for whatever was not written for it.
    """

    grams: sparse.csr_matrix
    lens: Lens
    vectors: Vectors
    items: NDArray[np.int64]
    acts: NDArray[np.int64]
    flags: NDArray[np.float32]
    written: NDArray[np.bool_]
    folds: NDArray[np.int64]

    def only(self, rows: NDArray[np.int64]) -> Corpus:
        """Some of the rows."""
        return Corpus(
            grams=self.grams[rows],
            lens=self.lens,
            vectors=self.vectors[rows],
            items=self.items[rows],
            acts=self.acts[rows],
            flags=self.flags[rows],
            written=self.written[rows],
            folds=self.folds[rows],
        )


def build_corpus(examples: Sequence[Example], items: Sequence[ListItem], encoder: Encoder) -> tuple[Corpus, NgramSpace]:
    """The corpus and the n-grams it is made of."""
    texts = [normalise(example.text) for example in examples]
    written = np.array([example.source not in MADE for example in examples])
    space = NgramSpace.fit(texts, longest=2, rarest=1)
    vectors = _encode_all(encoder, texts)
    lens = _lens_for(vectors, written)
    position = {item.code: i for i, item in enumerate(items)}
    corpus = Corpus(
        grams=_grams_of(space, texts),
        lens=lens,
        vectors=lens.view(vectors),
        items=np.array([len(items) if one.is_outside else position.get(one.item or "", -1) for one in examples]),
        acts=np.array([-1 if example.act is None else ACTS.index(example.act) for example in examples]),
        flags=np.array([[_flag(example, flag) for flag in FLAGS] for example in examples], dtype=np.float32),
        written=written,
        folds=np.array([_fold(text) if one else -1 for one, text in zip(written, texts, strict=True)]),
    )
    return corpus, space


def _flag(example: Example, flag: Flag) -> float:
    return 1.0 if example.intent == flag.value else -1.0 if example.intent == COUNTERPART + flag.value else 0.0


def _lens_for(vectors: Vectors, written: NDArray[np.bool_]) -> Lens:
    """The middle of what people wrote, and the principal axes of all examples, each with a fixed sign."""
    centre = (vectors[written] if written.any() else vectors).mean(axis=0)
    moved = (vectors - centre).astype(np.float64)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    _, axes = np.linalg.eigh(moved.T @ moved)
    chosen = axes[:, ::-1][:, :_AXES]
    signs = np.sign(chosen[np.abs(chosen).argmax(axis=0), np.arange(chosen.shape[1])])
    return Lens(centre, np.asarray(chosen * signs, dtype=np.float32))


def _encode_all(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    return np.concatenate([encoder.encode(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)])


def _grams_of(space: NgramSpace, texts: Sequence[str]) -> sparse.csr_matrix:
    rows = space.vectors(texts)
    indices = np.concatenate([indices for indices, _ in rows])
    values = np.concatenate([values for _, values in rows])
    pointers = np.concatenate([[0], np.cumsum([len(indices) for indices, _ in rows])])
    return sparse.csr_matrix((values, indices, pointers), shape=(len(rows), len(space.vocabulary)))


def _fold(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS
