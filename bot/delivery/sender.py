"""What delivery asks of the messenger, and the few ways in which a call can end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: our own number of the chat, Telegram's present one, the topic, and whose words to use."""

    chat_id: int
    telegram_id: int
    is_private: bool = False
    topic_id: int | None = None
    locale: str = "zh"
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A button as it is sent: the caption, and either the token that comes back or an address."""

    caption: str
    token: str = ""
    url: str = ""


Keys: TypeAlias = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A file to show: by Telegram's id of it, else by its bytes."""

    hash: str
    file_id: str
    media_type: str

    @property
    def is_photo(self) -> bool:
        """Whether it can stand in an album of photos."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Words:
    """One part of a text, at most 4,096 characters as people see it."""

    text: str
    is_html: bool = True


@dataclass(frozen=True, slots=True)
class Manner:
    """How a new message arrives."""

    reply_to: int | None = None
    silent: bool = False
    wants_reply: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands in the chat."""

    message_id: int


@dataclass(frozen=True, slots=True)
class AlbumSent:
    """The files stand in the chat."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotModified:
    """The message says that already."""


@dataclass(frozen=True, slots=True)
class Removed:
    """The message is gone, or says nothing any more."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """This chat wants nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Gone:
    """The bot may not write there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group has this Telegram id now."""

    telegram_id: int


@dataclass(frozen=True, slots=True)
class BadMarkup:
    """The markup of the text was refused."""

    reason: str


@dataclass(frozen=True, slots=True)
class MessageLost:
    """The message to change is not there, or cannot be changed."""

    reason: str


@dataclass(frozen=True, slots=True)
class TopicLost:
    """The topic is closed or gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class Temporary:
    """The server or the way to it failed; whether the message arrived is not known."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server does not want exactly this."""

    reason: str


Outcome: TypeAlias = (
    Sent
    | AlbumSent
    | NotModified
    | Removed
    | RetryAfter
    | Gone
    | Migrated
    | BadMarkup
    | MessageLost
    | TopicLost
    | Temporary
    | Refused
)


class Sender(Protocol):
    """The messenger; a call never raises for what a server or a network can do."""

    async def send(self, place: Place, words: Words, keys: Keys, manner: Manner) -> Outcome:
        """A new message."""
        ...

    async def edit(self, place: Place, message_id: int, words: Words, keys: Keys) -> Outcome:
        """Other words and buttons; no keys takes the buttons away."""
        ...

    async def delete(self, place: Place, message_id: int) -> Outcome:
        """Takes the message out of the chat."""
        ...

    async def send_pictures(
        self, place: Place, pictures: Sequence[Picture], manner: Manner, *, as_bytes: bool = False
    ) -> Outcome:
        """One to ten files as one message or album; by their ids where there are any, unless bytes are asked for."""
        ...


class Files(Protocol):
    """Where the bytes of files are."""

    async def get(self, digest: str) -> bytes | None:
        """The bytes of that SHA-256; None if they are not here."""
        ...
