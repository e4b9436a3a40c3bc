"""What understanding a message yields, and what it is told about the message's surroundings.

These types know nothing of tickets, tables or Telegram. Importing this module drags in no model library.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Act(StrEnum):
    """What somebody does by writing a message."""

    REPORT = "report"
    STATUS = "status"
    SIGN = "sign"
    PROGRESS = "progress"
    RETURN = "return"
    REPORT_BACK = "report_back"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    URGE = "urge"
    EVALUATE = "evaluate"
    WITHDRAW = "withdraw"
    ITEM_LOOKUP = "item_lookup"
    HELP = "help"
    GREETING = "greeting"
    CHATTER = "chatter"


class Decision(StrEnum):
    """Whether the first item is sure enough to be shown as the answer."""

    ACCEPT = "accept"
    CLARIFY = "clarify"
    ABSTAIN = "abstain"


class Flag(StrEnum):
    """What must be known before anything is shown to anybody."""

    ACCUSATION = "accusation"
    DANGER = "danger"


class EntityKind(StrEnum):
    """What a stretch of the text names."""

    PLACE = "place"
    STREET = "street"
    COMMUNITY = "community"
    ROOM = "room"
    TIME = "time"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    PLATE = "plate"
    TICKET_CODE = "ticket_code"


class Setting(StrEnum):
    """The kind of chat a message was written in (the chat kinds of the design, and private chat)."""

    STREET = "street"
    COMMUNITY = "community"
    DEPARTMENT = "department"
    HUB = "hub"
    ENFORCEMENT = "enforcement"
    LEADERS = "leaders"
    MIXED = "mixed"
    PRIVATE = "private"


class Speaker(StrEnum):
    """What the sender is to the mechanism, as far as it matters for reading his words."""

    UNKNOWN = "unknown"
    REPORTER = "reporter"
    OFFICER = "officer"
    UNIT = "unit"
    HUB = "hub"
    LEADER = "leader"
    RESIDENT = "resident"


class Subject(StrEnum):
    """What the bot message is about that is being replied to."""

    NOTHING = "nothing"
    DRAFT = "draft"
    ASSIGNMENT = "assignment"
    TICKET = "ticket"


class Question(StrEnum):
    """What the bot has asked this person and still waits for; the answer is judged by it first."""

    PLACE = "place"
    PROGRESS = "progress"
    REPORT_BACK = "report_back"
    RETURN_REASON = "return_reason"
    EVALUATION_REASON = "evaluation_reason"
    HANDLER = "handler"
    NAME = "name"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of a message. The default is a street group, an unknown sender, nothing open.

    `now` is an aware moment by which time expressions are resolved; without it they stay unresolved.
    """

    setting: Setting = Setting.STREET
    speaker: Speaker = Speaker.UNKNOWN
    replies_to: Subject = Subject.NOTHING
    question: Question | None = None
    open_assignments: int = 0
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemGuess:
    """One item of the list and the calibrated probability (0..1) that it is the right one."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """text[start:end] of the message (code points), and its normal form where there is one.

    For times `value` is ISO 8601 with offset, for streets and communities their code, for ticket codes the
    code or its last digits.
    """

    kind: EntityKind
    text: str
    start: int
    end: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the message that is a problem of its own, with the items it may be, best first."""

    text: str
    start: int
    end: int
    items: tuple[ItemGuess, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """All that was understood of one message; `items` best first, at least five for a report.

    `discreet`: it may accuse somebody, or names what no group should read; not sure enough to be answered as that, but
    too likely to be shown to a group.
    """

    text: str
    act: Act
    act_confidence: float
    decision: Decision
    items: tuple[ItemGuess, ...] = ()
    entities: tuple[Entity, ...] = ()
    segments: tuple[Segment, ...] = ()
    flags: frozenset[Flag] = frozenset()
    discreet: bool = False

    def first(self, kind: EntityKind) -> Entity | None:
        """The first entity of that kind, if any."""
        return next((entity for entity in self.entities if entity.kind == kind), None)


class Interpreter(Protocol):
    """The port every backend passes one contract test for. Raises `NluUnavailable` and nothing else."""

    name: str

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Understands one message of up to 4,096 characters; never blocks the event loop."""
        ...

    async def close(self) -> None:
        """Releases connections and threads."""
        ...


class NluUnavailable(Exception):
    """The backend cannot answer now."""
