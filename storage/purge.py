"""What is not kept for ever: raw updates, sent texts, tokens, closed questions, used codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Table, Update, or_, select, tuple_

from bot.application.records import OutboxStatus
from storage.connection import Db
from storage.store import SqlStore
from storage.tables.messages import OPEN, card, inbox, outbox, token
from storage.tables.people import one_time_code, question

AT_A_TIME = 500
"""Rows per transaction, so that nobody waits long behind a purge."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept; tokens, questions and codes from their end on."""

    raw_updates: timedelta
    sent_texts: timedelta
    tokens: timedelta
    questions: timedelta
    codes: timedelta


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows were removed or emptied."""

    raw_updates: int
    sent_texts: int
    tokens: int
    questions: int
    codes: int


async def purge(store: SqlStore, retention: Retention, *, now: datetime, now_real: float) -> Purged:
    """Removes what is older than `retention`, in small transactions; `now` is the people's clock, `now_real` seconds.

    An update that waits is never removed, however old; a message sent keeps its row and loses its words.
    """
    raw_before = now_real - retention.raw_updates.total_seconds()
    texts_before = now - retention.sent_texts
    codes_before = now - retention.codes
    over = or_(one_time_code.c.used_at < codes_before, one_time_code.c.expires_at < codes_before)
    return Purged(
        raw_updates=await _remove(store, inbox, (inbox.c.status != OPEN) & (inbox.c.received_at < raw_before)),
        sent_texts=await _empty_texts(store, texts_before),
        tokens=await _remove(store, token, token.c.expires_at < now - retention.tokens),
        questions=await _remove(store, question, question.c.expires_at < now - retention.questions),
        codes=await _remove(store, one_time_code, over),
    )


async def _empty_texts(store: SqlStore, before: datetime) -> int:
    settled = outbox.c.status.in_([OutboxStatus.SENT, OutboxStatus.FAILED])
    wordy = (outbox.c.sent_text != "") | (outbox.c.params != {})
    emptied = outbox.update().values(sent_text="", params={})
    told = await _in_batches(store, outbox, settled & wordy & (outbox.c.created_at < before), emptied)
    shown = (card.c.shown_text != "") & (card.c.wanted_rev <= card.c.shown_rev) & (card.c.created_at < before)
    return told + await _in_batches(store, card, shown, card.update().values(shown_text=""))


async def _remove(store: SqlStore, table: Table, which: ColumnElement[bool]) -> int:
    return await _in_batches(store, table, which, table.delete())


async def _in_batches(store: SqlStore, table: Table, which: ColumnElement[bool], change: Update | Delete) -> int:
    total = 0
    while True:
        async with store.begin() as uow:
            changed = await _one_batch(uow.db, table, which, change)
            await uow.commit()
        total += changed
        if changed < AT_A_TIME:
            return total


async def _one_batch(db: Db, table: Table, which: ColumnElement[bool], change: Update | Delete) -> int:
    key: Sequence[ColumnElement[object]] = list(table.primary_key.columns)
    found = select(*key).where(which).limit(AT_A_TIME)
    place = key[0] if len(key) == 1 else tuple_(*key)
    return await db.count(change.where(place.in_(found)))
