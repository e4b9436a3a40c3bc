"""What goes out: messages, cards, button tokens, pictures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.application.records import (
    Attachment,
    AttachmentUse,
    Card,
    Face,
    Outgoing,
    Subject,
    Token,
)
from bot.domain.permissions import Action


class Outbox(Protocol):
    """Messages that wake or answer."""

    async def add(self, message: Outgoing, *, at: datetime) -> bool:
        """Whether it is new; a known `dedupe_key` is passed over."""
        ...

    async def add_many(self, messages: Sequence[Outgoing], *, at: datetime) -> None:
        """The same for many at once."""
        ...

    async def gather(self, message: Outgoing, *, listed: int, at: datetime) -> None:
        """Adds its `count`, `lines`, `notice`, `helps` to one of its kind that waits there, else queues it."""
        ...

    async def fade(self, dedupe_key: str, params: Mapping[str, object] | None = None) -> None:
        """The message of that key, sent or not, loses its buttons, which nobody needs any more, and its key."""
        ...

    async def next_release(self, after: datetime) -> datetime | None:
        """The first moment after that one at which a message may go that is held until then."""
        ...


class Cards(Protocol):
    """Messages edited in place."""

    async def want(
        self,
        subject: Subject,
        chat_id: int,
        face: Face,
        *,
        reply_to: int | None = None,
        silent: bool = False,
        priority: int = 1,
        create: bool = True,
        at: datetime | None = None,
    ) -> Card | None:
        """Raises the wanted revision; made if new (unless `create` is false: then None), retired or dead: revived."""
        ...

    async def want_all(self, subject: Subject) -> None:
        """Raises every card of the subject."""
        ...

    async def get(self, card_id: int) -> Card | None: ...
    async def of(self, subject: Subject, chat_id: int, face: Face) -> Card | None: ...
    async def of_subject(self, subject: Subject) -> Sequence[Card]: ...
    async def rename(self, card: Card, subject: Subject, face: Face) -> None:
        """The message is about something else from now on; if that card exists, it is raised and this one retired."""
        ...

    async def retire_in(self, chat_id: int, faces: Collection[Face]) -> None:
        """The cards of these faces in one chat go, whatever they are about."""
        ...

    async def retire(self, subject: Subject) -> None:
        """The messages are to be deleted (dispatcher: deleteMessage, else emptied)."""
        ...


class Tokens(Protocol):
    """Button tokens."""

    async def get(self, token: str) -> Token | None: ...
    async def mint(
        self, owner: str, action: Action, subject: Subject, arg: str, *, chat_id: int, round: int, expires_at: datetime
    ) -> str:
        """The token of (owner, action, subject, arg, round), reused if there is one; owner is `card:7` or `out:9`."""
        ...


class Messages(Protocol):
    """Which subject a message is about: the bot's, and those in which a unit spoke of its call."""

    async def subject_of(self, chat_id: int, message_id: int) -> Subject | None: ...
    async def remember(self, chat_id: int, message_id: int, subject: Subject) -> None: ...


class Attachments(Protocol):
    """Pictures and files by content hash."""

    async def add(self, attachment: Attachment, *, at: datetime) -> None: ...
    async def get(self, digest: str) -> Attachment | None: ...
    async def by_file_id(self, file_unique_id: str) -> Attachment | None: ...
    async def use(self, use: AttachmentUse) -> None: ...
    async def unuse(self, use: AttachmentUse) -> None:
        """Only for the undo within thirty seconds."""
        ...

    async def used(self, digest: str) -> Sequence[AttachmentUse]: ...
    async def of(self, subject: Subject) -> Sequence[AttachmentUse]: ...
