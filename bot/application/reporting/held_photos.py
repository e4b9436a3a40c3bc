"""Pictures without words: they wait for the author's next words, and for somebody who replies `上报` to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.ports import UnitOfWork
from bot.domain.chat import Chat
from bot.domain.people import Person

JOINS_WITHIN = timedelta(minutes=2)
KEPT = timedelta(days=1)
MOST = 40


@dataclass(frozen=True, slots=True)
class HeldPhoto:
    """A picture that opened no draft; `joins` says that it had no words of its own and waits for the next ones."""

    hash: str
    at: datetime
    message_id: int
    album: str
    joins: bool


def _key(person: Person, chat: Chat) -> str:
    return f"held:{person.id}:{chat.id}"


async def held(uow: UnitOfWork, person: Person, chat: Chat, *, now: datetime) -> list[HeldPhoto]:
    """What is held of that author in that chat, oldest first, for a day."""
    stored = await uow.settings.get(_key(person, chat))
    if not isinstance(stored, list):
        return []
    photos = [HeldPhoto(h, datetime.fromisoformat(at), number, album, joins) for h, at, number, album, joins in stored]
    return [photo for photo in photos if now - photo.at <= KEPT]


async def _store(uow: UnitOfWork, person: Person, chat: Chat, photos: list[HeldPhoto]) -> None:
    rows = [[p.hash, p.at.isoformat(), p.message_id, p.album, p.joins] for p in photos[-MOST:]]
    await uow.settings.put(_key(person, chat), rows or None)


async def hold(uow: UnitOfWork, person: Person, chat: Chat, photo: HeldPhoto) -> None:
    """Keeps one more."""
    await _store(uow, person, chat, [*await held(uow, person, chat, now=photo.at), photo])


async def take_waiting(uow: UnitOfWork, person: Person, chat: Chat, *, now: datetime) -> tuple[str, ...]:
    """The pictures that wait for these words; each is taken once."""
    photos = await held(uow, person, chat, now=now)
    taken = [photo for photo in photos if photo.joins and now - photo.at <= JOINS_WITHIN]
    if taken:
        await _store(uow, person, chat, [photo for photo in photos if photo not in taken])
    return tuple(dict.fromkeys(photo.hash for photo in taken))


async def take_replied(
    uow: UnitOfWork, author: Person, chat: Chat, message_id: int, album: str, *, now: datetime
) -> tuple[str, ...]:
    """The picture of that message with its album; each is taken once."""
    photos = await held(uow, author, chat, now=now)
    taken = [photo for photo in photos if photo.message_id == message_id or (album and photo.album == album)]
    if taken:
        await _store(uow, author, chat, [photo for photo in photos if photo not in taken])
    return tuple(dict.fromkeys(photo.hash for photo in taken))
