"""What gateway and delivery need of storage: raw updates by lane, and the claims of the dispatcher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.application.ports import UnitOfWork
from bot.application.records import Card, Outgoing


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """An update as it came: `payload` is Telegram's JSON, `lane` the chat or user whose order is kept."""

    update_id: int
    lane: str
    payload: str
    telegram_chat_id: int | None = None
    telegram_user_id: int | None = None
    migrate_from: int | None = None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored update in its lane."""

    id: int
    update_id: int
    payload: str
    attempts: int
    received_at: float


@dataclass(frozen=True, slots=True)
class LaneClaim:
    """A lease on a lane with its oldest rows; `fence` must still hold when the work is committed."""

    lane_id: int
    fence: int
    rows: tuple[InboxRow, ...]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An update that failed three times."""

    update_id: int
    payload: str
    error: str
    attempts: int


class InboxStore(Protocol):
    """Raw updates: stored before they are confirmed, worked off in the order of their lane. Times are real seconds."""

    async def add(self, bot_id: int, updates: Sequence[RawUpdate], *, at: float) -> int:
        """Stores what is new (unique per bot and update id); the number of new rows. One transaction."""
        ...

    async def last_update_id(self, bot_id: int) -> int | None: ...
    async def claim(
        self, bot_id: int, worker: str, *, now: float, lease: float, rows: int, lanes: int
    ) -> Sequence[LaneClaim]:
        """Leases at most so many lanes that have open rows due and are not leased by another; fair between lanes.

        Each claim holds the oldest rows of its lane, at most `rows`.
        """
        ...

    async def release(self, claim: LaneClaim) -> None: ...
    async def void_leases(self, worker_prefix: str) -> None:
        """At start: leases of an earlier life of this process are void at once."""
        ...

    async def done(self, uow: UnitOfWork, claim: LaneClaim, row: InboxRow, *, forget: bool = False) -> None:
        """Marks the row done inside that unit of work; raises `VersionConflict` if the fence no longer holds.

        `forget` empties what it said in the same transaction.
        """
        ...

    async def failed(self, claim: LaneClaim, row: InboxRow, error: str, *, retry_at: float, dead: bool) -> None:
        """Counts an attempt in a transaction of its own.

        `dead` makes it a dead letter and the claim goes on; else the claim ends here, and its lane waits
        until `retry_at`.
        """
        ...

    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]: ...
    async def backlog(self) -> tuple[int, float | None]:
        """Open rows, and when the oldest of them was received."""
        ...


class Wakeup(Protocol):
    """Tells waiting workers that there is work. It carries no fact: who hears nothing finds it by polling."""

    async def notify(self, channel: str) -> None:
        """Wakes everybody who waits on that channel, in every process; never fails and never waits for a network."""
        ...

    async def wait(self, channel: str, timeout: float) -> bool:
        """Whether somebody notified since this task's last wait on the channel; at most `timeout` seconds."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card shows from now on; `message_id` None: the message is the one it was."""

    hash: str
    text: str
    message_id: int | None
    photos: bool


class DeliveryStore(Protocol):
    """Claims of the dispatcher, each a short transaction of its own unless a unit of work is passed."""

    async def requeue_own(self, worker_prefix: str) -> int:
        """At start: what an earlier life of this process was sending is queued again (at least once)."""
        ...

    async def claimers(self) -> Sequence[str]:
        """Whoever has taken something and not marked it yet."""
        ...

    async def ripe_outbox(
        self, uow: UnitOfWork, *, now: float, moment: object, skip_chats: Sequence[int], limit: int
    ) -> Sequence[Outgoing]:
        """Queued messages whose time has come, by priority then age, at most one per chat, none of `skip_chats`."""
        ...

    async def ripe_cards(self, uow: UnitOfWork, *, now: float, skip_chats: Sequence[int], limit: int) -> Sequence[Card]:
        """Cards whose wanted revision is newer than the shown one, by priority then age, at most one per chat."""
        ...

    async def claim_outgoing(self, uow: UnitOfWork, message: Outgoing, worker: str, text: str) -> bool: ...
    async def mark_outgoing(self, uow: UnitOfWork, message: Outgoing) -> None: ...
    async def claim_card(self, uow: UnitOfWork, card: Card, worker: str) -> Card | None:
        """The card as it is under the claim; None if somebody else has taken it."""
        ...

    async def card_stands(self, uow: UnitOfWork, claimed: Card, shown: Shown) -> Card | None:
        """It shows the claimed revision now; the card as it is, or None where it is gone."""
        ...

    async def mark_card(self, uow: UnitOfWork, card: Card) -> None: ...
    async def queue_lengths(self) -> Mapping[str, int]: ...
