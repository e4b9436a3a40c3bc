"""What a model learns from: the training files, what people released on top of them, and whether a part is held back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from nlu.training.examples import Example, read_folder

DATA_FOLDER = Path(__file__).resolve().parents[1] / "data"
HELD_BACK_OF = 5
"""One message in so many is held back when models are compared."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Training files, a folder of released examples, and whether the held-back part is left out.

    Models that are compared must not have seen what they are asked; the one that goes into service learns everything.
    """

    data: Path = DATA_FOLDER
    released: Path | None = None
    holds_back: bool = False

    def files(self) -> list[Path]:
        """All training files in the order in which they are read."""
        folders = (self.data, self.released) if self.released else (self.data,)
        return [path for folder in folders for path in sorted(folder.glob("*.yml"))]

    def examples(self) -> list[Example]:
        """What it teaches; raises BadTrainingFile."""
        return [one for one in self._written() if not (self.holds_back and is_held_back(one))]

    def held_back(self) -> list[Example]:
        """The part that may be asked, whether it is left out or not; raises BadTrainingFile."""
        return [one for one in self._written() if is_held_back(one)]

    def _written(self) -> list[Example]:
        return [*read_folder(self.data), *(read_folder(self.released) if self.released else [])]


def is_held_back(example: Example) -> bool:
    """The same texts on every machine and in every year; only what has an act can be asked."""
    digest = hashlib.sha256(example.text.encode()).digest()
    return example.act is not None and int.from_bytes(digest[:4]) % HELD_BACK_OF == 0
