"""What is not kept for ever: raw updates, sent texts, tokens, closed questions, used codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Table, Update, or_, select, tuple_

from bot.application.records import OutboxStatus
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


async def purge(
    store: SqlStore, retention: Retention, *, now: datetime, now_real: float, at_a_time: int = AT_A_TIME
) -> Purged:
    """Removes what is older than `retention`, in small transactions; `now` is the people's clock, `now_real` seconds.

    An update that waits is never removed, however old; a message sent keeps its row and loses its words.
    """
    raw_before = now_real - retention.raw_updates.total_seconds()
    codes_before = now - retention.codes
    over = or_(one_time_code.c.used_at < codes_before, one_time_code.c.expires_at < codes_before)
    batches = _Batches(store, at_a_time)
    return Purged(
        raw_updates=await batches.remove(inbox, (inbox.c.status != OPEN) & (inbox.c.received_at < raw_before)),
        sent_texts=await _empty_texts(batches, now - retention.sent_texts),
        tokens=await batches.remove(token, token.c.expires_at < now - retention.tokens),
        questions=await batches.remove(question, question.c.expires_at < now - retention.questions),
        codes=await batches.remove(one_time_code, over),
    )


async def _empty_texts(batches: _Batches, before: datetime) -> int:
    settled = outbox.c.status.in_([OutboxStatus.SENT, OutboxStatus.FAILED])
    wordy = (outbox.c.sent_text != "") | (outbox.c.params != {})
    emptied = outbox.update().values(sent_text="", params={})
    told = await batches.change(outbox, settled & wordy & (outbox.c.created_at < before), emptied)
    shown = (card.c.shown_text != "") & (card.c.wanted_rev <= card.c.shown_rev) & (card.c.created_at < before)
    return told + await batches.change(card, shown, card.update().values(shown_text=""))


class _Batches:
    """Changes of many rows, each batch in a transaction of its own."""

    def __init__(self, store: SqlStore, at_a_time: int) -> None:
        self._store = store
        self._at_a_time = at_a_time

    async def remove(self, table: Table, which: ColumnElement[bool]) -> int:
        return await self.change(table, which, table.delete())

    async def change(self, table: Table, which: ColumnElement[bool], change: Update | Delete) -> int:
        key: Sequence[ColumnElement[object]] = list(table.primary_key.columns)
        found = select(*key).where(which).limit(self._at_a_time)
        batch = change.where((key[0] if len(key) == 1 else tuple_(*key)).in_(found))
        total = 0
        while True:
            async with self._store.begin() as uow:
                changed = await uow.db.count(batch)
                await uow.commit()
            total += changed
            if changed < self._at_a_time:
                return total
