"""应急状态: declared for streets or the whole district, with one log and one roll call, by party and never by person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SituationState(StrEnum):
    """A declaration is looked at once more before it goes out."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"
    DROPPED = "dropped"


class EntryKind(StrEnum):
    """What a line of the log says: received, on the spot, a note, or what a street did before it asked (先行处置)."""

    MUSTERED = "mustered"
    ARRIVED = "arrived"
    NOTED = "noted"
    ACTED = "acted"


@dataclass(slots=True)
class Situation:
    """One emergency; `streets` are the codes it holds for, `title` what it is about. All moments are aware UTC."""

    id: int
    state: SituationState
    title: str
    streets: list[str]
    declared_by: int
    chat_id: int
    created_at: datetime
    declared_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: int | None = None
    version: int = 1

    @property
    def is_active(self) -> bool:
        """Whether it holds now."""
        return self.state is SituationState.ACTIVE


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; without a situation it was written before one was declared. `hidden`: not for groups."""

    id: int
    situation_id: int | None
    kind: EntryKind
    party: str
    street: str
    by: int
    at: datetime
    text: str = ""
    hidden: bool = False


_MOVED = r"转移|安置|疏散|撤离|撤出|撤到|接收|收了|收容|入住|救出|被困|返回|回家"
_SOULS = r"(?:[0-9０-９]+|[一二两三四五六七八九十百]+)\s*(?:余|多)?\s*(?:人|名|户|位|口|家)"
_TALLY = re.compile(rf"(?:{_MOVED})[^，。；\n]{{0,12}}?{_SOULS}|{_SOULS}[^，。；\n]{{0,12}}?(?:{_MOVED})")


def counts_people(words: str) -> bool:
    """Whether a line says how many were moved, sheltered or brought out: what a log is for, and nobody's name."""
    return _TALLY.search(words) is not None


def parties_that(kind: EntryKind, entries: Iterable[Entry]) -> list[str]:
    """Which parties said so, each once, in the order in which they did."""
    return list(dict.fromkeys(entry.party for entry in entries if entry.kind is kind))


def covered(situations: Iterable[Situation]) -> frozenset[str]:
    """The streets for which an emergency holds now."""
    return frozenset(street for situation in situations if situation.is_active for street in situation.streets)


def streets_named(words: str, names: Iterable[tuple[str, str]], every: str) -> tuple[list[str], str]:
    """The streets at the beginning of the words (pairs of code and name), and what follows; `every` means all."""
    pairs = list(names)
    rest, found = words.strip(), []
    if rest.startswith(every):
        return [code for code, _ in pairs], _trimmed(rest.removeprefix(every))
    while match := street_at_start(rest, pairs):
        code, rest = match
        found.append(code)
    return list(dict.fromkeys(found)), rest


def street_at_start(words: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The street that the words begin with, its name with or without 街道, and what follows it."""
    for code, name in pairs:
        for said in (name, name.removesuffix("街道")):
            if said and words.startswith(said):
                return code, _trimmed(words.removeprefix(said))
    return None


def _trimmed(words: str) -> str:
    return words.strip(" 、,，和:：\n")
