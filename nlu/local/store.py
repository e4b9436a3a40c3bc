"""A trained model as files: one folder with arrays and a page of JSON, named by the stamp of what made it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.backend import ListItem
from nlu.decision import Thresholds
from nlu.entities.district import PlaceName
from nlu.local.kernel import KernelModel
from nlu.local.ngrams import NgramSpace
from nlu.types import Act, Flag

_ARRAYS = "model.npz"
_META = "meta.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """How raw scores become probabilities: temperatures, the score of "none of the list", the gate's threshold."""

    item_sharpness: float
    item_none: float
    act_sharpness: float
    gate: float
    report_at: float
    flag_at: dict[str, float]


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """Everything that reading a message needs; score columns are items, then acts, then flags, then acts by n-grams."""

    stamp: str
    encoder: str
    items: tuple[ListItem, ...]
    places: tuple[PlaceName, ...]
    acts: tuple[Act, ...]
    flags: tuple[Flag, ...]
    space: NgramSpace
    kernel: KernelModel
    gate_weights: NDArray[np.float32]
    calibration: Calibration
    thresholds: Thresholds


def save(model: TrainedModel, folder: Path) -> None:
    """Writes the model into `folder`; a folder with a `meta.json` is complete, because that is written last."""
    folder.mkdir(parents=True, exist_ok=True)
    kernel = model.kernel
    np.savez(
        folder / _ARRAYS,
        idf=model.space.idf,
        sparse_weights=kernel.sparse_weights.astype(np.float16),
        anchors=kernel.anchors.astype(np.float16),
        coefficients=kernel.coefficients,
        gate_weights=model.gate_weights,
        vocabulary=np.frombuffer("\n".join(model.space.vocabulary).encode(), dtype=np.uint8),
    )
    meta = {
        "stamp": model.stamp,
        "encoder": model.encoder,
        "items": [asdict(item) for item in model.items],
        "places": [asdict(place) for place in model.places],
        "acts": list(model.acts),
        "flags": list(model.flags),
        "longest": model.space.longest,
        "width": kernel.width,
        "calibration": asdict(model.calibration),
        "thresholds": asdict(model.thresholds),
    }
    (folder / _META).write_text(json.dumps(meta, ensure_ascii=False, indent=1), encoding="utf-8")


def load(folder: Path) -> TrainedModel:
    """Reads what `save` wrote; raises FileNotFoundError if the folder holds no complete model."""
    meta: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        vocabulary = arrays["vocabulary"].tobytes().decode().split("\n")
        space = NgramSpace(vocabulary, arrays["idf"], meta["longest"])
        kernel = KernelModel(
            sparse_weights=arrays["sparse_weights"].astype(np.float32),
            anchors=arrays["anchors"].astype(np.float32),
            coefficients=arrays["coefficients"],
            width=meta["width"],
        )
        gate_weights = arrays["gate_weights"]
    return TrainedModel(
        stamp=meta["stamp"],
        encoder=meta["encoder"],
        items=tuple(ListItem(**item) for item in meta["items"]),
        places=tuple(PlaceName(**place) for place in meta["places"]),
        acts=tuple(Act(act) for act in meta["acts"]),
        flags=tuple(Flag(flag) for flag in meta["flags"]),
        space=space,
        kernel=kernel,
        gate_weights=gate_weights,
        calibration=Calibration(**meta["calibration"]),
        thresholds=Thresholds(**meta["thresholds"]),
    )


def is_complete(folder: Path) -> bool:
    """Whether `load` would find a whole model there."""
    return (folder / _META).is_file() and (folder / _ARRAYS).is_file()
