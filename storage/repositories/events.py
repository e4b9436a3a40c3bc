"""The append-only history, its erasable texts, and the anchors that show a cut tail."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import VersionConflict
from bot.domain.events import GENESIS, Event, EventKind, canonical, chained, digest
from storage import mapping
from storage.columns import AnyRow, canonical_json
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.tables.history import anchor, event, event_text

_OF_TICKET = select(*columns_of(event, Event)).where(event.c.ticket_id == bindparam("ticket_id")).order_by(event.c.seq)
_TAIL = (
    select(event.c.seq, event.c.hash)
    .where(event.c.ticket_id == bindparam("ticket_id"))
    .order_by(event.c.seq.desc())
    .limit(1)
)
_TEXTS = select(event_text).where(event_text.c.ticket_id == bindparam("ticket_id")).order_by(event_text.c.seq)
_ANCHORS = select(anchor).order_by(anchor.c.day)
_TAKEN = ("pk_event", "event.seq")
"""How the databases name the number of an event that is taken."""
_AT_A_TIME = 500


class SqlEvents:
    """`Events` over SQL; nothing here changes or removes a link."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._tails: dict[int, tuple[int, str]] = {}

    def forget(self) -> None:
        """What was appended since a savepoint is gone."""
        self._tails.clear()

    async def append(
        self,
        ticket_id: int,
        kind: EventKind,
        *,
        at: datetime,
        actor: int | None,
        detail: Mapping[str, object] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Event:
        last, previous = await self._tail(ticket_id)
        salted = {name: (secrets.token_hex(16), text) for name, text in (texts or {}).items()}
        told = dict(detail or {})
        if salted:
            told["texts"] = {name: digest(salt, text) for name, (salt, text) in salted.items()}
        seq, moment = last + 1, at.astimezone(UTC)
        body = canonical(ticket_id=ticket_id, seq=seq, at=moment, kind=kind, actor=actor, detail=told)
        link = Event(ticket_id, seq, moment, kind, actor, body, chained(previous, body))
        await self._write(link)
        if salted:
            rows = [
                {"ticket_id": ticket_id, "seq": seq, "name": name, "salt": salt, "text": text}
                for name, (salt, text) in salted.items()
            ]
            await self._db.execute(event_text.insert(), rows)
        self._tails[ticket_id] = (seq, link.hash)
        return link

    async def _tail(self, ticket_id: int) -> tuple[int, str]:
        if ticket_id in self._tails:
            return self._tails[ticket_id]
        row = await self._db.first(_TAIL, {"ticket_id": ticket_id})
        return (0, GENESIS) if row is None else (row.seq, row.hash)

    async def _write(self, link: Event) -> None:
        """Two that append to one chain at once both hold the same number: the second runs again."""
        try:
            await self._db.execute(event.insert(), values_of(link))
        except IntegrityError as error:
            if any(name in str(error.orig) for name in _TAKEN):
                raise VersionConflict(f"event {link.seq} of ticket {link.ticket_id}") from error
            raise

    async def of_ticket(self, ticket_id: int) -> Sequence[Event]:
        return [mapping.event(row) for row in await self._db.rows(_OF_TICKET, {"ticket_id": ticket_id})]

    async def texts_of(self, ticket_id: int) -> Mapping[tuple[int, str], str]:
        rows = await self._db.rows(_TEXTS, {"ticket_id": ticket_id})
        return {(row.seq, row.name): row.text for row in rows}

    async def erase_texts(self, ticket_id: int) -> int:
        return await self._db.count(event_text.delete().where(event_text.c.ticket_id == ticket_id))

    async def altered_texts(self, ticket_id: int) -> Sequence[tuple[int, str]]:
        told = {link.seq: json.loads(link.body)["detail"].get("texts", {}) for link in await self.of_ticket(ticket_id)}
        rows = await self._db.rows(_TEXTS, {"ticket_id": ticket_id})
        return [(row.seq, row.name) for row in rows if told[row.seq].get(row.name) != digest(row.salt, row.text)]

    async def anchor(self, day: date, *, at: datetime) -> None:
        anchors = await self._db.rows(_ANCHORS)
        if any(known.day >= day for known in anchors):
            return
        held = _held(anchors)
        grown = [[t, seq, link] for t, seq, link in await self._all_tails() if held.get(t, 0) < seq]
        tails = canonical_json(grown)
        previous = anchors[-1].hash if anchors else GENESIS
        row = {"day": day, "at": at, "previous": previous, "tails": tails, "hash": _sealed(previous, day, tails)}
        await self._db.execute(anchor.insert(), row)

    async def _all_tails(self) -> Sequence[tuple[int, int, str]]:
        last = select(event.c.ticket_id, func.max(event.c.seq).label("seq")).group_by(event.c.ticket_id).subquery()
        at_last = and_(event.c.ticket_id == last.c.ticket_id, event.c.seq == last.c.seq)
        found = select(event.c.ticket_id, event.c.seq, event.c.hash).join(last, at_last).order_by(event.c.ticket_id)
        return [(row.ticket_id, row.seq, row.hash) for row in await self._db.rows(found)]

    async def first_bad_anchor(self) -> date | None:
        previous = GENESIS
        for row in await self._db.rows(_ANCHORS):
            day: date = row.day
            if row.previous != previous or row.hash != _sealed(previous, day, row.tails):
                return day
            if not await self._still_there(json.loads(row.tails)):
                return day
            previous = row.hash
        return None

    async def _still_there(self, tails: list[list[object]]) -> bool:
        for start in range(0, len(tails), _AT_A_TIME):
            told = {(t, seq, link) for t, seq, link in tails[start : start + _AT_A_TIME]}
            tickets, numbers = {t for t, _, _ in told}, {seq for _, seq, _ in told}
            found = select(event.c.ticket_id, event.c.seq, event.c.hash).where(
                event.c.ticket_id.in_(tickets), event.c.seq.in_(numbers)
            )
            if not told <= {tuple(row) for row in await self._db.rows(found)}:
                return False
        return True

    async def ticket_ids(self) -> Sequence[int]:
        rows = await self._db.rows(select(event.c.ticket_id).distinct().order_by(event.c.ticket_id))
        return [row.ticket_id for row in rows]


def _held(anchors: Sequence[AnyRow]) -> dict[int, int]:
    """How long each chain was when it was last anchored."""
    return {ticket_id: seq for row in anchors for ticket_id, seq, _ in json.loads(row.tails)}


def _sealed(previous: str, day: date, tails: str) -> str:
    return chained(previous, f"{day.isoformat()}{tails}")
