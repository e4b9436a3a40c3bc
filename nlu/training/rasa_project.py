"""The Rasa project: the examples of `nlu/data` and the list in Rasa's own layout, and how Rasa is called.

Rasa learns one intent a message: acts by their own names, reports as `report_CODE`, and `accusation`, since a backend
that is blind to accusations would hand them to those they are about. The other flags are read from words.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from nlu.backend import ListItem
from nlu.training.examples import Example, from_list
from nlu.training.lesson import Lesson
from nlu.training.train import lesson_of
from nlu.types import Flag

MODEL = "jiehu"
EPOCHS = 12
"""By then it fits 99.8 % of what it learns from; three times as many gave nothing (docs/nlu.md)."""

ENVIRONMENT: Mapping[str, str] = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_WORKERS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "2",
    "TF_INTER_OP_PARALLELISM_THREADS": "2",
    "OMP_NUM_THREADS": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}
_LEARNED_FROM = ("config.yml", "nlu.yml")
# Rasa reads `[a](b)` as an entity and a leading slash as an intent given by name.
_MARKUP = str.maketrans({"[": "［", "]": "］", "{": "｛", "}": "｝"})
_SLASHES = re.compile(r"^[/\s]+")


@dataclass(frozen=True, slots=True)
class Trained:
    """What a model was made of (its project's stamp), and what that took; memory is the most that was held."""

    stamp: str
    examples: int
    epochs: int
    seconds: float
    processor_seconds: float
    memory_mb: float


def write_project(folder: Path, items: Sequence[ListItem], data: Lesson | Path, epochs: int = EPOCHS) -> int:
    """Writes a whole project for that list into the folder; the number of examples. Raises BadTrainingFile."""
    codes = {item.code for item in items}
    written = (one for one in lesson_of(data).examples() if one.item is None or one.item in codes)
    examples = [one for one in (*written, *from_list(items)) if one.act is not None or one.intent == Flag.ACCUSATION]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(_page(_pipeline(epochs)), encoding="utf-8")
    (folder / "nlu.yml").write_text(_page(_intents(examples)), encoding="utf-8")
    (folder / "endpoints.yml").write_text("# none: this server only understands\n", encoding="utf-8")
    return len(examples)


def train_command(rasa: Path) -> list[str]:
    """Learns in the project's folder; Rasa itself skips what has not changed."""
    files = ["--config", "config.yml", "--nlu", "nlu.yml", "--out", "models", "--fixed-model-name", MODEL]
    return [str(rasa), "train", "nlu", *files]


def serve_command(rasa: Path, port: int) -> list[str]:
    """Serves what was learned, on this machine alone: the server knows no passwords."""
    model = ["--model", f"models/{MODEL}.tar.gz", "--endpoints", "endpoints.yml"]
    return [str(rasa), "run", "--enable-api", *model, "--interface", "127.0.0.1", "--port", str(port)]


def model_file(folder: Path) -> Path:
    """Where training leaves the model."""
    return folder / "models" / f"{MODEL}.tar.gz"


def stamp_of(folder: Path) -> str:
    """Sixteen hex digits that change with the project in that folder."""
    digest = hashlib.sha256()
    for name in _LEARNED_FROM:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def keep_trained(folder: Path, trained: Trained) -> None:
    """Stands beside the model that was just trained."""
    _trained_page(folder).write_text(json.dumps(asdict(trained), indent=1), encoding="utf-8")


def trained_in(folder: Path) -> Trained | None:
    """What the model in that folder was made of; None if there is no model or nobody knows."""
    if not model_file(folder).exists() or not _trained_page(folder).exists():
        return None
    return Trained(**json.loads(_trained_page(folder).read_text(encoding="utf-8")))


def _trained_page(folder: Path) -> Path:
    return model_file(folder).with_name("trained.json")


def _pipeline(epochs: int) -> dict[str, object]:
    characters = {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
    learner = {"epochs": epochs, "random_seed": 42, "ranking_length": 0, "entity_recognition": False}
    return {
        "recipe": "default.v1",
        "language": "zh",
        "assistant_id": MODEL,
        "pipeline": [
            {"name": "JiebaTokenizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", **characters},
            {"name": "DIETClassifier", "constrain_similarities": True, **learner},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
    }


def _intents(examples: Sequence[Example]) -> dict[str, object]:
    texts: dict[str, dict[str, None]] = {}
    for example in examples:
        plain = _SLASHES.sub("", example.text).translate(_MARKUP)
        if plain:
            texts.setdefault(example.intent, {})[plain] = None
    blocks = [{"intent": intent, "examples": "".join(f"- {one}\n" for one in ones)} for intent, ones in texts.items()]
    return {"version": "3.1", "nlu": blocks}


def _page(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000)
