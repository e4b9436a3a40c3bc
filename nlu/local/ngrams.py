"""Character n-grams as sparse vectors, small enough to need no library when a message is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Sparse = tuple[NDArray[np.int32], NDArray[np.float32]]


def grams(text: str, longest: int = 4) -> list[str]:
    """All character n-grams of length 1..longest, with marks at both ends."""
    marked = f"^{text}$"
    return [marked[i : i + n] for n in range(1, longest + 1) for i in range(len(marked) - n + 1)]


class NgramSpace:
    """A fixed vocabulary with weights; vectors have unit length."""

    def __init__(self, vocabulary: Sequence[str], idf: NDArray[np.float32], longest: int) -> None:
        self.vocabulary = list(vocabulary)
        self.idf = idf
        self.longest = longest
        self._index = {gram: i for i, gram in enumerate(self.vocabulary)}

    @classmethod
    def fit(cls, texts: Sequence[str], longest: int = 4, rarest: int = 2) -> NgramSpace:
        """The n-grams that occur in at least `rarest` of the texts, in a fixed order."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(grams(text, longest)))
        vocabulary = sorted(gram for gram, n in seen.items() if n >= rarest)
        counts = np.array([seen[gram] for gram in vocabulary], dtype=np.float32)
        idf = (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)
        return cls(vocabulary, idf, longest)

    def vector(self, text: str) -> Sparse:
        """Indices and values of one text; empty where no n-gram is known."""
        index = self._index
        counts = Counter(i for gram in grams(text, self.longest) if (i := index.get(gram)) is not None)
        indices = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
        values = np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) + 1
        values *= self.idf[indices]
        length = float(np.sqrt(values @ values))
        return indices, np.asarray(values / length if length else values, dtype=np.float32)

    def vectors(self, texts: Iterable[str]) -> list[Sparse]:
        """One sparse vector for each text."""
        return [self.vector(text) for text in texts]
