"""Rows that are neither domain nor Telegram: cards, outgoing messages, button tokens, open questions, due rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from bot.domain.chat import Chat
from bot.domain.draft import Draft
from bot.domain.people import Grant, Person
from bot.domain.permissions import Action

BY_SILENCE = "released_by_silence:{}"
"""The setting that counts how many answers went out without that leader since his last digest."""


class SubjectKind(StrEnum):
    """What a message, a button or a due row is about."""

    DRAFT = "draft"
    TICKET = "ticket"
    ASSIGNMENT = "assignment"
    HUB_TASK = "hub_task"
    REQUEST = "request"
    STREET_CALL = "street_call"
    MEETING = "meeting"
    INVITATION = "invitation"
    QUESTION = "question"
    REFERRAL = "referral"
    SITUATION = "situation"
    BOARD = "board"
    CHAT = "chat"
    PERSON = "person"
    EXAMPLES = "examples"
    CORRECTION = "correction"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject and its row."""

    kind: SubjectKind
    id: int


class Face(StrEnum):
    """Which view of a subject a card shows; one card per (subject, chat, face)."""

    DRAFT = "draft"
    CALLER = "caller"
    UNIT = "unit"
    DETAIL = "detail"
    HUB = "hub"
    VERIFY = "verify"
    RESIDENT = "resident"
    ANSWER = "answer"
    START = "start"
    RELEASE = "release"
    BOARD = "board"
    REQUEST = "request"
    STREET_CALL = "street_call"
    APPROVAL = "approval"
    SITUATION = "situation"
    MEETING = "meeting"
    INVITATION = "invitation"
    LEADER = "leader"
    MINUTES = "minutes"
    ORDER = "order"
    EXAMPLES = "examples"


class Priority(IntEnum):
    """Who goes first when a chat's budget is short; smaller is sooner."""

    EMERGENCY = 0
    DISPATCH = 1
    REPLY = 2
    REMINDER = 3
    DIGEST = 4
    EDIT = 5


BOT_PAGE = "bot:"
"""The address of a button that opens the private chat with the bot, whose name only delivery knows."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button as the core sees it: `label` is a text key, `arg` what the action needs (an item, a verdict …)."""

    label: str
    action: Action
    subject: Subject
    arg: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    url: str = ""


@dataclass(slots=True)
class Card:
    """A message that is edited in place. A use case only raises `wanted_rev`; the dispatcher does the rest.

    `next_at` is real time in seconds (`Ticker`), before which it is not tried again. `retired` says that the
    message is to be deleted; whoever wants the card again takes that back.
    """

    id: int
    subject: Subject
    chat_id: int
    face: Face
    wanted_rev: int = 1
    shown_rev: int = 0
    shown_hash: str = ""
    message_id: int | None = None
    reply_to: int | None = None
    silent: bool = False
    priority: Priority = Priority.DISPATCH
    next_at: float = 0.0
    attempts: int = 0
    dead: bool = False
    shown_text: str = ""
    photos_sent: bool = False
    created_at: datetime | None = None
    retired: bool = False


class OutboxStatus(StrEnum):
    """Where an outgoing message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(slots=True)
class Outgoing:
    """A message that wakes, or answers silently; `kind` is a text key and `params` what fills it.

    `not_before` is a moment people live in (held until the delivery window opens); `available_at` is real time
    in seconds (retries). `buttons` become tokens when it is claimed.
    """

    kind: str
    chat_id: int
    params: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[tuple[Button, ...], ...] = ()
    subject: Subject | None = None
    reply_to: int | None = None
    silent: bool = False
    priority: Priority = Priority.REPLY
    dedupe_key: str | None = None
    locale: str = ""
    attachment_hashes: tuple[str, ...] = ()
    not_before: datetime | None = None
    id: int = 0
    status: OutboxStatus = OutboxStatus.QUEUED
    attempts: int = 0
    available_at: float = 0.0
    sent_text: str = ""
    message_id: int | None = None
    last_error: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """What a button press means; stale only if its subject changed, never because an edit came between."""

    token: str
    action: Action
    subject: Subject
    arg: str
    chat_id: int
    expires_at: datetime
    round: int = 0


class QuestionKind(StrEnum):
    """What the bot asked a person and waits for (the values of `nlu.types.Question`)."""

    PLACE = "place"
    PROGRESS = "progress"
    REPORT_BACK = "report_back"
    RETURN_REASON = "return_reason"
    EVALUATION_REASON = "evaluation_reason"
    HANDLER = "handler"
    NAME = "name"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(slots=True)
class OpenQuestion:
    """A half-finished dialogue: one open question per person and chat, the newer replaces the older."""

    person_id: int
    chat_id: int
    kind: QuestionKind
    subject: Subject
    asked_at: datetime
    expires_at: datetime
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of somebody in some chat: both may be new, and only where neither is can he have been asked.

    `resting`: roles that he does not have while he is not in the group they belong to.
    """

    chat: Chat | None = None
    person: Person | None = None
    grants: frozenset[Grant] = frozenset()
    question: OpenQuestion | None = None
    resting: frozenset[Grant] = frozenset()


@dataclass(frozen=True, slots=True)
class DraftPresence:
    """A draft with its author, what he may do, and the chat of its card."""

    draft: Draft
    author: Person | None
    grants: frozenset[Grant]
    chat: Chat | None


@dataclass(slots=True)
class Board:
    """A list that somebody asked for in a chat, the page of it that shows, and whether only what is overdue."""

    id: int
    chat_id: int
    person_id: int
    overdue: bool
    page: int
    at: datetime


class DueKind(StrEnum):
    """What waits; each (subject, kind) has one row and one moment at which it is judged again."""

    DRAFT = "draft"
    DELIVERY = "delivery"
    START = "start"
    SIGN = "sign"
    HANDLE = "handle"
    RELEASE = "release"
    VERIFICATION = "verification"
    HUB_TASK = "hub_task"
    CARD_REFRESH = "card_refresh"
    RESIDENT_REPORT = "resident_report"
    REQUEST = "request"
    RESUME = "resume"
    INTERIM = "interim"
    STREET_CALL = "street_call"
    MEETING = "meeting"
    STREET_QUESTION = "street_question"
    DIGEST = "digest"
    REFERRAL = "referral"
    WAKE = "wake"
    BREAK = "break"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class DueRow:
    """The row is the schedule: `next_check_at` is aware UTC."""

    id: int
    subject: Subject
    kind: DueKind
    next_check_at: datetime
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A week in four numbers: kept by the street, called, filed, and overdue at the moment; sensitive matters never."""

    kept: int
    called: int
    closed: int
    overdue: int


class CodeKind(StrEnum):
    """What a one-time code lets in."""

    GROUP = "group"
    PERSON = "person"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code for `/bind` (value: chat kind) or `/join` (value: role), or a resident's link to one ticket."""

    code: str
    kind: CodeKind
    value: str
    of: str
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = None
    issued_by: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or file by the SHA-256 of its bytes.

    `file_id` is Telegram's, good for this bot only; `file_unique_id` knows the same file again but fetches nothing.
    """

    hash: str
    media_type: str
    size: int
    file_id: str
    stored: bool
    file_unique_id: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentUse:
    """Where a picture was used: `role` is report, progress or report_back."""

    hash: str
    subject: Subject
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day that the notice of `year` names: off, or worked to make up for one."""

    year: int
    date: date
    name: str
    is_off: bool
    source: str
