"""Chats, people, one-time codes and half-finished dialogues."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.application.records import (
    CodeKind,
    DraftPresence,
    OneTimeCode,
    OpenQuestion,
    Presence,
)
from bot.domain.chat import Chat, ChatKind
from bot.domain.people import Grant, Person, Role


class Chats(Protocol):
    """Chats, their alias ids and bindings."""

    async def get(self, chat_id: int) -> Chat | None: ...
    async def of_ids(self, chat_ids: Collection[int]) -> Mapping[int, Chat]:
        """Those that there are, by id."""
        ...

    async def by_telegram_id(self, telegram_id: int) -> Chat | None: ...
    async def ensure(self, telegram_id: int, *, title: str, private: bool, known: Chat | None = None) -> Chat:
        """The chat with that Telegram id (an alias counts), made as `unbound` or `private` if new.

        `known`: what this unit of work has just read of it.
        """
        ...

    async def save(self, chat: Chat) -> None: ...
    async def migrate(self, old_telegram_id: int, new_telegram_id: int) -> Chat:
        """Both ids mean the same chat from now on; the new one is sent to."""
        ...

    async def bound(self, kinds: Collection[ChatKind], of: Collection[str]) -> Sequence[Chat]:
        """Chats bound as one of these kinds to one of these codes, oldest binding first."""
        ...

    async def all_bound(self) -> Sequence[Chat]: ...


class People(Protocol):
    """People and their grants."""

    async def get(self, person_id: int) -> Person | None: ...
    async def by_telegram_id(self, telegram_id: int) -> Person | None: ...
    async def ensure(self, telegram_id: int, *, name: str, username: str = "", known: Person | None = None) -> Person:
        """The person with that Telegram id, made if new; a changed name is taken over.

        `known`: what this unit of work has just read of him.
        """
        ...

    async def save(self, person: Person) -> None: ...
    async def grants(self, person_id: int) -> frozenset[Grant]: ...
    async def grant(self, person_id: int, grant: Grant, *, at: datetime, by: int | None) -> None: ...
    async def revoke(self, person_id: int, grant: Grant | None, *, at: datetime) -> int:
        """Ends one grant, or all of them; the number ended."""
        ...

    async def rest(self, person_id: int, grant: Grant, *, at: datetime) -> None:
        """He holds it and does not have it, until it is granted again."""
        ...

    async def resting_of(self, person_id: int) -> frozenset[Grant]: ...
    async def resting(self, of: Collection[str]) -> Sequence[tuple[Person, Grant]]:
        """What rests of the roles for these parties, the newest first."""
        ...

    async def holding(self, role: Role, of: Collection[str]) -> Sequence[Person]:
        """Everybody who holds that role for one of these parties, longest first."""
        ...

    async def named(self, word: str) -> Sequence[Person]:
        """Everybody who goes by that name, or has it as his name in Telegram (without @)."""
        ...

    async def in_private_chat(self, chat_id: int) -> Person | None: ...


class Presences(Protocol):
    """Chat, person, grants and open question at one blow, since every update asks for all of them."""

    async def of(self, chat_telegram_id: int, person_telegram_id: int, *, now: datetime) -> Presence: ...
    async def at_draft(self, draft_id: int, chat_id: int) -> DraftPresence | None:
        """What its card in that chat is made of, since every report has one."""
        ...


class Codes(Protocol):
    """One-time codes and residents' links."""

    async def add(self, code: OneTimeCode) -> None: ...
    async def get(self, code: str) -> OneTimeCode | None: ...
    async def use(self, code: str, *, by: int, at: datetime) -> bool:
        """Whether it was unused and is used now."""
        ...

    async def follow_code(self, ticket_code: str) -> OneTimeCode | None: ...
    async def open(self, kind: CodeKind) -> Sequence[OneTimeCode]: ...


class Questions(Protocol):
    """Half-finished dialogues."""

    async def ask(self, question: OpenQuestion) -> None: ...
    async def open(self, person_id: int, chat_id: int, *, now: datetime) -> OpenQuestion | None: ...
    async def close(self, person_id: int, chat_id: int) -> None: ...
