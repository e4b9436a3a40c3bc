"""What goes through the pipe between the bot and the process that reads."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

from nlu.decision import Thresholds

LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Opening:
    """The first thing the process is told; once the model is loaded it answers None."""

    model: Path
    thresholds: Thresholds | None


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer to messages that could not be read."""

    why: str


def framed(told: object) -> bytes:
    """Its length, then itself."""
    packed = pickle.dumps(told)
    return len(packed).to_bytes(LENGTH_BYTES, "big") + packed
