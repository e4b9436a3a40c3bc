"""The dispatcher's claims: what is ripe, who has taken it, what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, literal_column, select, union

from bot.application.inbox import Shown
from bot.application.ports import UnitOfWork
from bot.application.records import Card, OutboxStatus, Outgoing
from storage import mapping
from storage.inbox import own
from storage.mapping import columns_of
from storage.store import SqlStore
from storage.tables.messages import card, outbox

# Written out, not bound: a partial index serves only a query that says the same.
_QUEUED = outbox.c.status == literal_column(f"'{OutboxStatus.QUEUED}'")
_BEHIND = card.c.wanted_rev > card.c.shown_rev
_CLAIM = outbox.update().where(outbox.c.id == bindparam("b_id"), _QUEUED).values(status=OutboxStatus.SENDING)
_MARK = outbox.update().where(outbox.c.id == bindparam("b_id")).values(claimed_by=None)
_MARKED = ("status", "attempts", "available_at", "sent_text", "message_id", "last_error")
# What is claimed is behind until it is marked, which the index of what is behind knows.
_CLAIMERS = union(
    select(card.c.claimed_by).where(_BEHIND, card.c.claimed_by.is_not(None)),
    select(outbox.c.claimed_by).where(outbox.c.status == OutboxStatus.SENDING, outbox.c.claimed_by.is_not(None)),
)
# A card that a use case holds at this moment is left for the next look: two that wait for each other's cards never end.
_FREE_CARD = (
    select(card.c.id)
    .where(card.c.id == bindparam("b_id"), card.c.claimed_by.is_(None), _BEHIND)
    .with_for_update(skip_locked=True)
)
_CLAIM_CARD = card.update().where(card.c.id == _FREE_CARD.scalar_subquery()).returning(*columns_of(card, Card))
_MARK_CARD = card.update().where(card.c.id == bindparam("b_id")).values(claimed_by=None)
_STANDS = (
    _MARK_CARD.values(attempts=0, next_at=0.0, photos_sent=card.c.photos_sent | bindparam("b_photos"))
).returning(*columns_of(card, Card))
_MARKED_CARD = (
    "shown_rev",
    "shown_hash",
    "message_id",
    "next_at",
    "attempts",
    "dead",
    "shown_text",
    "photos_sent",
)


def _first_of_each_chat(
    table: Table, columns: Sequence[ColumnElement[Any]], due: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """Of what is due in each chat the one that goes first."""
    order = (table.c.priority, table.c.id)
    place = func.row_number().over(partition_by=table.c.chat_id, order_by=order).label("place")
    ranked = (
        select(table.c.id, place).where(*due, table.c.chat_id.not_in(bindparam("skipped", expanding=True))).subquery()
    )
    found = select(*columns).join(ranked, ranked.c.id == table.c.id).where(ranked.c.place == 1)
    return found.order_by(*order).limit(bindparam("at_most"))


_RIPE = _first_of_each_chat(
    outbox,
    columns_of(outbox, Outgoing),
    (
        _QUEUED,
        outbox.c.available_at <= bindparam("b_now"),
        outbox.c.not_before.is_(None) | (outbox.c.not_before <= bindparam("b_moment")),
    ),
)
_RIPE_CARDS = _first_of_each_chat(
    card,
    columns_of(card, Card),
    (_BEHIND, ~card.c.dead, card.c.claimed_by.is_(None), card.c.next_at <= bindparam("b_now")),
)


class SqlDelivery:
    """`DeliveryStore` over SQL."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def claimers(self) -> Sequence[str]:
        """Whoever has taken a message or a card and not marked it yet."""
        async with self._store.look() as uow:
            return [row.claimed_by for row in await uow.db.rows(_CLAIMERS)]

    async def requeue_own(self, worker_prefix: str) -> int:
        """Messages and cards that an earlier life of this process had taken; how many."""
        async with self._store.begin() as uow:
            mine = outbox.c.claimed_by.startswith(worker_prefix, autoescape=True)
            again = outbox.update().where(mine, outbox.c.status == OutboxStatus.SENDING)
            freed = await uow.db.count(again.values(status=OutboxStatus.QUEUED, claimed_by=None))
            mine = card.c.claimed_by.startswith(worker_prefix, autoescape=True)
            freed += await uow.db.count(card.update().where(mine).values(claimed_by=None))
            await uow.commit()
            return freed

    async def ripe_outbox(
        self, uow: UnitOfWork, *, now: float, moment: object, skip_chats: Sequence[int], limit: int
    ) -> Sequence[Outgoing]:
        """Queued messages whose time has come, by priority then age, at most one per chat."""
        which = {"b_now": now, "b_moment": moment, "skipped": skip_chats, "at_most": limit}
        return [mapping.outgoing(row) for row in await own(uow).db.rows(_RIPE, which)]

    async def ripe_cards(self, uow: UnitOfWork, *, now: float, skip_chats: Sequence[int], limit: int) -> Sequence[Card]:
        """Cards that show less than is wanted and that nobody has taken, by priority then age, one per chat."""
        which = {"b_now": now, "skipped": skip_chats, "at_most": limit}
        return [mapping.card(row) for row in await own(uow).db.rows(_RIPE_CARDS, which)]

    async def claim_outgoing(self, uow: UnitOfWork, message: Outgoing, worker: str, text: str) -> bool:
        """Whether it was still queued; it is being sent from now on, with that text."""
        taken = {"b_id": message.id, "claimed_by": worker, "sent_text": text}
        if await own(uow).db.count(_CLAIM, taken) != 1:
            return False
        message.status, message.sent_text = OutboxStatus.SENDING, text
        return True

    async def mark_outgoing(self, uow: UnitOfWork, message: Outgoing) -> None:
        """What became of it."""
        values = {name: getattr(message, name) for name in _MARKED}
        await own(uow).db.execute(_MARK, {**values, "b_id": message.id})

    async def claim_card(self, uow: UnitOfWork, card: Card, worker: str) -> Card | None:
        """The card as it is now, unless somebody else had taken it."""
        row = await own(uow).db.first(_CLAIM_CARD, {"b_id": card.id, "claimed_by": worker})
        return None if row is None else mapping.card(row)

    async def card_stands(self, uow: UnitOfWork, claimed: Card, shown: Shown) -> Card | None:
        """The card as it is now with what it shows; what use cases wanted meanwhile stays wanted."""
        values = {"shown_rev": claimed.wanted_rev, "shown_hash": shown.hash, "shown_text": shown.text}
        if shown.message_id is not None:
            values["message_id"] = shown.message_id
        row = await own(uow).db.first(_STANDS, {**values, "b_id": claimed.id, "b_photos": shown.photos})
        return None if row is None else mapping.card(row)

    async def mark_card(self, uow: UnitOfWork, card: Card) -> None:
        """What it shows now; what use cases wanted meanwhile stays wanted."""
        values = {name: getattr(card, name) for name in _MARKED_CARD}
        await own(uow).db.execute(_MARK_CARD, {**values, "b_id": card.id})

    async def queue_lengths(self) -> Mapping[str, int]:
        """Messages by status (`queued`, `sending`, `failed`), and `cards` that show less than is wanted."""
        counted = select(outbox.c.status, func.count()).where(outbox.c.status != OutboxStatus.SENT)
        async with self._store.read() as uow:
            lengths = {str(status): 0 for status in OutboxStatus if status is not OutboxStatus.SENT}
            lengths |= {str(row[0]): row[1] for row in await uow.db.rows(counted.group_by(outbox.c.status))}
            lengths["cards"] = await uow.db.value(select(func.count()).where(_BEHIND, ~card.c.dead))
            return lengths

    async def late(self, before: float, moment: datetime) -> int:
        """Messages that could have gone out before that moment of the people's clock, and before that real time."""
        ripe = (outbox.c.created_at <= moment) & (outbox.c.not_before.is_(None) | (outbox.c.not_before <= moment))
        waits = outbox.c.status.in_([OutboxStatus.QUEUED, OutboxStatus.SENDING]) & (outbox.c.available_at <= before)
        async with self._store.read() as uow:
            return int(await uow.db.value(select(func.count()).where(waits, ripe)))
