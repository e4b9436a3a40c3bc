"""What a check found, in words for whoever looks after the machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check went."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was found, and in one sentence what to do about it (empty where nothing is to be done)."""

    name: str
    state: State
    words: str
    remedy: str = ""


def good(name: str, words: str) -> Finding:
    """All is well."""
    return Finding(name, State.GOOD, words)


def warning(name: str, words: str, remedy: str) -> Finding:
    """It works, and something should be looked at."""
    return Finding(name, State.WARNING, words, remedy)


def bad(name: str, words: str, remedy: str) -> Finding:
    """Something that people rely on does not work."""
    return Finding(name, State.BAD, words, remedy)
