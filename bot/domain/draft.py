"""A draft: a report that nobody has confirmed yet. It is a row of its own, not a ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict

from bot.domain.party import Party

JOIN_WINDOW = timedelta(seconds=90)
SAME_REPORT_WINDOW = timedelta(minutes=30)


class DraftState(StrEnum):
    """What became of it."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    JOINED = "joined"
    DISCARDED = "discarded"
    EXPIRED = "expired"


class Problem(TypedDict):
    """One of several problems in the same words, as it is stored: `candidates` are item codes, best first."""

    text: str
    place: str
    candidates: list[str]


@dataclass(slots=True)
class Draft:
    """What would be reported if the author presses; `candidates` are item codes, best first.

    `asked` is true while the bot only asks whether this is a report at all (between its thresholds); `discreet` if its
    words may accuse somebody or touch what is sensitive, whatever item it is about: no group sees or quotes them.
    `turn`: how many workers a resident's report was put before; None where the author confirms it himself.
    """

    id: int
    state: DraftState
    author_id: int
    chat_id: int
    message_id: int | None
    text: str
    place: str
    street: str
    community: str
    caller: Party
    created_at: datetime
    updated_at: datetime
    item: str = ""
    candidates: list[str] = field(default_factory=list)
    sure: bool = False
    danger: bool = False
    asked: bool = False
    choosing: bool = False
    photo_hashes: list[str] = field(default_factory=list)
    message_ids: list[int] = field(default_factory=list)
    media_group: str = ""
    ticket_id: int | None = None
    segments: list[Problem] = field(default_factory=list)
    split_from: int | None = None
    discreet: bool = False
    turn: int | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it can still be confirmed."""
        return self.state is DraftState.OPEN

    @property
    def is_wordless(self) -> bool:
        """Whether it is a recording that nobody has typed yet."""
        return not self.text and not self.photo_hashes
