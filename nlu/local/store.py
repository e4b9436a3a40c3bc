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
from nlu.local.kernel import Head, KernelModel, Lens, Matrix, Row
from nlu.local.ngrams import NgramSpace
from nlu.types import Act, Flag

_ARRAYS = "model.npz"
_META = "meta.json"
_HEADS = ("items", "acts", "flags")
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How raw scores become probabilities.

    `item_sharpness`: the softmax's temperature over the items and "none of them", the last column. `act_weights`, `act_bias`: a linear layer over the raw act
    scores and what the item scores look like, then a softmax. `gate_at`: from this score on, n-grams alone say chatter.
    `flag_at`: from this raw score on, a flag is raised.
    """

    item_sharpness: float
    act_weights: Matrix
    act_bias: Row
    gate_at: float
    flag_at: dict[str, float]


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """Everything that reading a message needs; its heads score items, acts and flags in this order."""

    stamp: str
    encoder: str
    items: tuple[ListItem, ...]
    places: tuple[PlaceName, ...]
    acts: tuple[Act, ...]
    flags: tuple[Flag, ...]
    space: NgramSpace
    kernel: KernelModel
    gate_weights: Row
    calibration: Calibration
    thresholds: Thresholds


def save(model: TrainedModel, folder: Path) -> None:
    """Writes the model into `folder`; a folder with a `meta.json` is complete, because that is written last."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: Arrays = {
        "vocabulary": np.frombuffer("\n".join(model.space.vocabulary).encode(), dtype=np.uint8),
        "idf": model.space.idf,
        "anchors": model.kernel.anchors.astype(np.float16),
        "centre": model.kernel.lens.centre,
        "axes": model.kernel.lens.axes,
        "gate_weights": model.gate_weights,
        "act_weights": model.calibration.act_weights,
        "act_bias": model.calibration.act_bias,
    }
    for name, head in zip(_HEADS, model.kernel.heads, strict=True):
        arrays[f"{name}_sparse"] = head.sparse_weights.astype(np.float16)
        arrays[f"{name}_coefficients"] = head.coefficients
    np.savez(folder / _ARRAYS, allow_pickle=False, **arrays)
    (folder / _META).write_text(json.dumps(_meta(model), ensure_ascii=False, indent=1), encoding="utf-8")


def load(folder: Path) -> TrainedModel:
    """Reads what `save` wrote; raises FileNotFoundError if the folder holds no complete model."""
    meta: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
    with np.load(folder / _ARRAYS, allow_pickle=False) as file:
        arrays: Arrays = dict(file)
    return TrainedModel(
        stamp=meta["stamp"],
        encoder=meta["encoder"],
        items=tuple(ListItem(**item) for item in meta["items"]),
        places=tuple(PlaceName(**place) for place in meta["places"]),
        acts=tuple(Act(act) for act in meta["acts"]),
        flags=tuple(Flag(flag) for flag in meta["flags"]),
        space=NgramSpace(arrays["vocabulary"].tobytes().decode().split("\n"), arrays["idf"], meta["longest"]),
        kernel=_kernel(arrays, meta["widths"]),
        gate_weights=arrays["gate_weights"],
        calibration=Calibration(
            item_sharpness=meta["item_sharpness"],
            act_weights=arrays["act_weights"],
            act_bias=arrays["act_bias"],
            gate_at=meta["gate_at"],
            flag_at=meta["flag_at"],
        ),
        thresholds=Thresholds(**meta["thresholds"]),
    )


def is_complete(folder: Path) -> bool:
    """Whether `load` would find a whole model there."""
    return (folder / _META).is_file() and (folder / _ARRAYS).is_file()


def _kernel(arrays: Arrays, widths: list[float]) -> KernelModel:
    heads = (
        Head(arrays[f"{name}_sparse"].astype(np.float32), arrays[f"{name}_coefficients"], width)
        for name, width in zip(_HEADS, widths, strict=True)
    )
    lens = Lens(arrays["centre"], arrays["axes"])
    # Lying as they are multiplied: standing, they would be turned around for every handful of texts.
    return KernelModel(lens, arrays["anchors"].astype(np.float32, order="F"), tuple(heads))


def _meta(model: TrainedModel) -> dict[str, Any]:
    return {
        "stamp": model.stamp,
        "encoder": model.encoder,
        "items": [asdict(item) for item in model.items],
        "places": [asdict(place) for place in model.places],
        "acts": list(model.acts),
        "flags": list(model.flags),
        "longest": model.space.longest,
        "widths": [head.width for head in model.kernel.heads],
        "item_sharpness": model.calibration.item_sharpness,
        "gate_at": model.calibration.gate_at,
        "flag_at": model.calibration.flag_at,
        "thresholds": asdict(model.thresholds),
    }
