"""Who and what there is in the playground: persons, chats, messages, files. State only, no behaviour of Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = dict[str, object]

ANONYMOUS_ADMIN = 1087968824


class ChatKind(StrEnum):
    """Telegram's names for the kinds of chats that the playground has."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Status(StrEnum):
    """Telegram's names for what somebody is in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


class MediaKind(StrEnum):
    """The field of a message in which a file travels."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"


@dataclass(slots=True)
class Person:
    """Somebody with an account; the bot is one of them."""

    id: int
    first_name: str
    username: str | None = None
    label: str = ""
    is_bot: bool = False
    language: str = "zh-hans"
    started: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that were uploaded once; `unique_id` survives forwarding."""

    file_id: str
    unique_id: str
    content: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Media:
    """A file in its role in a message; `seconds` is the length of a voice message."""

    kind: MediaKind
    file: StoredFile
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Service:
    """A notice of the messenger itself: the field of the Bot API message, its value, and a line for the page."""

    field: str
    value: object
    line: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says; `text` is the caption where there is a file."""

    text: str = ""
    entities: tuple[Json, ...] = ()
    media: Media | None = None
    location: Location | None = None
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose message a forwarded one was, and when it was written."""

    sender: Person
    date: datetime


@dataclass(frozen=True, slots=True)
class Posting:
    """How a message is put into a chat."""

    reply_to: int | None = None
    thread: int | None = None
    media_group: str | None = None
    origin: Origin | None = None
    anonymous: bool = False
    silent: bool = False


@dataclass(slots=True)
class Message:
    """One message of a chat with all that happened to it; dates are aware."""

    chat_id: int
    message_id: int
    date: datetime
    sender: Person
    content: Content
    posting: Posting
    markup: Json | None = None
    edited_at: datetime | None = None
    changed_at: datetime | None = None
    deleted: bool = False
    reactions: dict[int, str] = field(default_factory=dict)
    earlier: list[tuple[Content, Json | None]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Text or caption."""
        return self.content.text

    @property
    def reply_to(self) -> int | None:
        """The id of the message that this one answers."""
        return self.posting.reply_to

    @property
    def buttons(self) -> list[list[str]]:
        """The captions of the inline buttons, row by row."""
        return [[str(button["text"]) for button in row] for row in button_rows(self.markup)]

    @property
    def silent(self) -> bool:
        """Whether it came without a sound."""
        return self.posting.silent

    @property
    def edited(self) -> bool:
        """Whether its words or its file were changed after sending."""
        return self.edited_at is not None


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group; topics by their thread id."""

    id: int
    kind: ChatKind
    title: str
    note: str = ""
    forum: bool = False
    members: dict[int, Status] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    next_message_id: int = 1
    migrated_to: int | None = None
    bot_has_spoken: bool = False

    def has(self, person_id: int) -> bool:
        """Whether the person is in the chat now."""
        return self.members.get(person_id) in (Status.CREATOR, Status.ADMINISTRATOR, Status.MEMBER)

    def is_admin(self, person_id: int) -> bool:
        """Whether the person may see and change everything there."""
        return self.members.get(person_id) in (Status.CREATOR, Status.ADMINISTRATOR)


def button_rows(markup: Json | None) -> list[list[Json]]:
    """The inline buttons of a markup row by row, none for other keyboards."""
    rows = (markup or {}).get("inline_keyboard")
    return rows if isinstance(rows, list) else []
