"""The messages of the two lists beside this module, with the words that must not be read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_MARKED = re.compile(r"【([^】]+)】")


@dataclass(frozen=True, slots=True)
class Said:
    """A message: `item` is the right one of the list, empty for an accusation; `words` give it away."""

    item: str
    text: str
    words: tuple[str, ...]


def _read(line: str) -> Said:
    item, _, marked = line.rpartition("\t")
    return Said(item, _MARKED.sub(r"\1", marked), tuple(_MARKED.findall(marked)))


def messages(name: str) -> tuple[Said, ...]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return tuple(_read(line) for line in lines if line and not line.startswith("#"))


SENSITIVE = messages("sensitive.txt")
ACCUSING = messages("accusing.txt")


def told(text: str, messages: Sequence[Said]) -> list[str]:
    """Which of their words stand in that text."""
    return [word for said in messages for word in said.words if word in text]


def fresh(kind: str) -> tuple[Said, ...]:
    """Of the list that was written before anything was measured on it: `accusing`, `sensitive` or `plain`."""
    lines = (HERE / "fresh.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return tuple(_read(f"\t{marked}") for of, marked in pairs if of == kind)
