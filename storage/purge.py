"""What is not kept for ever: raw updates, sent texts, tokens, closed questions, used codes, drafts, their photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Table, Update, or_, select, tuple_

from bot.application.records import OutboxStatus, SubjectKind
from bot.domain.draft import DraftState
from storage.files import FileStore
from storage.store import SqlStore
from storage.tables.lists import attachment, attachment_use
from storage.tables.matters import draft
from storage.tables.messages import OPEN, card, inbox, outbox, token
from storage.tables.people import one_time_code, question

AT_A_TIME = 500
"""Rows per transaction, so that nobody waits long behind a purge."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept; tokens, questions, codes and drafts from their end on."""

    raw_updates: timedelta
    sent_texts: timedelta
    tokens: timedelta
    questions: timedelta
    codes: timedelta
    drafts: timedelta


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows were removed or emptied."""

    raw_updates: int
    sent_texts: int
    tokens: int
    questions: int
    codes: int
    drafts: int
    photos: int


async def purge(
    store: SqlStore,
    files: FileStore,
    retention: Retention,
    *,
    now: datetime,
    now_real: float,
    at_a_time: int = AT_A_TIME,
) -> Purged:
    """Removes what is older than `retention`, in small transactions; `now` is the people's clock, `now_real` seconds.

    An update that waits is never removed, however old; a message sent and a draft that ended keep their rows and lose
    their words. A picture goes when nothing but such drafts used it.
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
        drafts=await _empty_drafts(batches, now - retention.drafts),
        photos=await _remove_pictures(store, files, now - retention.drafts, at_a_time),
    )


async def _empty_drafts(batches: _Batches, before: datetime) -> int:
    over = (draft.c.state != DraftState.OPEN) & (draft.c.updated_at < before)
    of_them = (attachment_use.c.subject_kind == SubjectKind.DRAFT) & attachment_use.c.subject_id.in_(
        select(draft.c.id).where(over)
    )
    await batches.remove(attachment_use, of_them)
    wordy = (draft.c.text != "") | (draft.c.photo_hashes != []) | (draft.c.place != "")
    emptied = draft.update().values(text="", place="", segments=[], photo_hashes=[])
    return await batches.change(draft, over & wordy, emptied)


async def _remove_pictures(store: SqlStore, files: FileStore, before: datetime, at_a_time: int) -> int:
    """The row before the file: a file that is still there can be found by a backup, a row without one by a reader."""
    unused = (attachment.c.at < before) & ~select(attachment_use.c.hash).where(
        attachment_use.c.hash == attachment.c.hash
    ).exists()
    removed = 0
    while True:
        async with store.begin() as uow:
            found = [row.hash for row in await uow.db.rows(select(attachment.c.hash).where(unused).limit(at_a_time))]
            await uow.db.execute(attachment.delete().where(attachment.c.hash.in_(found), unused))
            await uow.commit()
        for digest in found:
            # Somebody may have sent the very same picture again in this moment.
            async with store.read() as uow:
                is_back = await uow.attachments.get(digest) is not None
            if not is_back:
                await files.remove(digest)
        removed += len(found)
        if len(found) < at_a_time:
            return removed


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
