"""Raw updates by lane: stored once, leased lane by lane, worked off in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Insert, Select, bindparam, func, literal_column, select, union_all

from bot.application.inbox import DeadLetter, InboxRow, LaneClaim, RawUpdate
from bot.application.ports import UnitOfWork
from bot.domain.errors import VersionConflict
from storage.connection import Db, upsert
from storage.repositories.merge_chats import lane_key
from storage.store import SqlStore, SqlUnitOfWork
from storage.tables.messages import DEAD, DONE, OPEN, inbox, lane
from storage.tables.people import chat_alias

# Written out, not bound: a partial index serves only a query that says the same.
_IS_OPEN = inbox.c.status == literal_column(str(OPEN))
_WAITING = select(func.min(inbox.c.lane_id).label("id")).where(_IS_OPEN).cte("waiting", recursive=True)
# From one lane with open rows to the next by index: the cost is that of the lanes that wait, not of their rows.
_WAITING = _WAITING.union_all(
    select(select(func.min(inbox.c.lane_id)).where(_IS_OPEN, inbox.c.lane_id > _WAITING.c.id).scalar_subquery()).where(
        _WAITING.c.id.is_not(None)
    )
)
_FREE = (
    select(lane.c.id)
    .join_from(_WAITING, lane, lane.c.id == _WAITING.c.id)
    .where(
        lane.c.bot_id == bindparam("b_bot"),
        lane.c.leased_until <= bindparam("b_now"),
        lane.c.hold_until <= bindparam("b_now"),
    )
    .order_by(lane.c.claimed_at, lane.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(of=lane, skip_locked=True)
    # A subquery that locks may be run more than once for one statement, a CTE that locks never.
    .cte("free")
)
_LEASE = (
    lane.update()
    .where(lane.c.id.in_(select(_FREE.c.id)))
    .values(fence=lane.c.fence + 1, claimed_at=bindparam("b_now"))
    .returning(lane.c.id, lane.c.fence)
)


@cache
def _rows(lanes: int) -> Select[Any]:
    """The oldest open rows of so many lanes, of each by index and no more than are wanted."""
    oldest = [
        select(inbox.c.lane_id, inbox.c.id, inbox.c.update_id, inbox.c.payload, inbox.c.attempts, inbox.c.received_at)
        .where(inbox.c.lane_id == bindparam(f"lane_{number}"), _IS_OPEN)
        .order_by(inbox.c.update_id)
        .limit(bindparam("at_most"))
        .subquery()
        for number in range(lanes)
    ]
    found = union_all(*(select(each) for each in oldest)).subquery()
    return select(found).order_by(found.c.lane_id, found.c.update_id)


_MINE = (lane.c.id == bindparam("b_lane")) & (lane.c.fence == bindparam("b_fence"))
_HELD = select(lane.c.id).where(_MINE).exists()
_ROW = inbox.update().where(inbox.c.id == bindparam("b_row"), _IS_OPEN, inbox.c.lane_id == bindparam("b_lane"), _HELD)
_FINISH = _ROW.values(status=DONE)
_FORGET = _ROW.values(status=DONE, payload="{}")
_COUNT = _ROW.values(attempts=inbox.c.attempts + 1)
_LEAVE = lane.update().where(_MINE).values(leased_by=None, leased_until=0.0)
_HOLD = _LEAVE.values(fence=lane.c.fence + 1)
_LAST = select(inbox.c.update_id).where(inbox.c.bot_id == bindparam("b_bot")).order_by(inbox.c.id.desc()).limit(1)
_BACKLOG = select(func.count(), func.min(inbox.c.received_at)).where(_IS_OPEN)
_LANES = select(lane.c.key, lane.c.id).where(
    lane.c.bot_id == bindparam("b_bot"), lane.c.key.in_(bindparam("keys", expanding=True))
)

_CHATS = select(chat_alias.c.telegram_id, chat_alias.c.chat_id).where(
    chat_alias.c.telegram_id.in_(bindparam("telegram_ids", expanding=True))
)


@cache
def _store(dialect: str) -> Executable:
    kept = upsert(dialect, inbox).on_conflict_do_nothing(index_elements=["bot_id", "update_id"])
    return kept.returning(inbox.c.id)


@cache
def _open_lane(dialect: str) -> Insert:
    return upsert(dialect, lane).on_conflict_do_nothing(index_elements=["key", "bot_id"])


class SqlInbox:
    """`InboxStore` over SQL."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._left: set[tuple[int, int]] = set()

    async def add(self, bot_id: int, updates: Sequence[RawUpdate], *, at: float) -> int:
        """Stores what is new; both ids of a migrated chat are one lane from the batch on that tells of it."""
        if not updates:
            return 0
        async with self._store.begin() as uow:
            keys = await _keys_of(uow, updates)
            lanes = await _lanes(uow.db, bot_id, sorted(set(keys)))
            rows = [
                {
                    "bot_id": bot_id,
                    "update_id": update.update_id,
                    "lane_id": lanes[key],
                    "payload": update.payload,
                    "received_at": at,
                }
                for update, key in zip(updates, keys, strict=True)
            ]
            new = await uow.db.rows(_store(uow.db.dialect), rows if len(rows) > 1 else rows[0])
            await uow.commit()
            return len(new)

    async def last_update_id(self, bot_id: int) -> int | None:
        """The update id that was stored last."""
        async with self._store.read() as uow:
            last: int | None = await uow.db.value(_LAST, {"b_bot": bot_id})
            return last

    async def claim(
        self, bot_id: int, worker: str, *, now: float, lease: float, rows: int, lanes: int
    ) -> Sequence[LaneClaim]:
        """The lanes that were served longest ago; locked in one statement and read in the next, which sees more."""
        async with self._store.begin() as uow:
            found = {"b_bot": bot_id, "b_now": now, "leased_by": worker, "leased_until": now + lease, "at_most": lanes}
            fences = {leased.id: leased.fence for leased in await uow.db.rows(_LEASE, found)}
            if not fences:
                return ()
            which = {f"lane_{place}": number for place, number in enumerate(fences)}
            held: dict[int, list[InboxRow]] = {number: [] for number in fences}
            for row in await uow.db.rows(_rows(len(fences)), {**which, "at_most": rows}):
                held[row.lane_id].append(InboxRow(*row[1:]))
            await uow.commit()
            return [LaneClaim(number, fences[number], tuple(its)) for number, its in held.items()]

    async def release(self, claim: LaneClaim) -> None:
        """Ends the lease, if it is still this one and did not end with its last row."""
        lease = (claim.lane_id, claim.fence)
        if lease in self._left:
            self._left.discard(lease)
            return
        async with self._store.begin() as uow:
            await uow.db.execute(_LEAVE, {"b_lane": claim.lane_id, "b_fence": claim.fence})
            await uow.commit()

    async def void_leases(self, worker_prefix: str) -> None:
        """Ends every lease of workers whose name begins so; whoever still holds one finds its fence gone."""
        own = lane.c.leased_by.startswith(worker_prefix, autoescape=True)
        async with self._store.begin() as uow:
            ended = lane.update().where(own).values(fence=lane.c.fence + 1, leased_by=None, leased_until=0.0)
            await uow.db.execute(ended)
            await uow.commit()

    async def done(self, uow: UnitOfWork, claim: LaneClaim, row: InboxRow, *, forget: bool = False) -> None:
        """Marks the row done inside that unit of work; raises `VersionConflict` if the fence no longer holds.

        With its last row the claim ends in the same transaction.
        """
        work = own(uow)
        held = await work.db.count(_FORGET if forget else _FINISH, _which(claim, row)) == 1
        if held and row == claim.rows[-1]:
            lease = (claim.lane_id, claim.fence)
            held = await work.db.count(_LEAVE, {"b_lane": lease[0], "b_fence": lease[1]}) == 1
            work.after_commit(lambda: self._left.add(lease))
        if not held:
            raise VersionConflict(f"lane {claim.lane_id}, fence {claim.fence}, row {row.id}")

    async def failed(self, claim: LaneClaim, row: InboxRow, error: str, *, retry_at: float, dead: bool) -> None:
        """Counts an attempt; unless it is dead the claim ends here and its lane waits until `retry_at`."""
        async with self._store.begin() as uow:
            status = DEAD if dead else OPEN
            told = await uow.db.count(_COUNT, {**_which(claim, row), "error": error, "status": status})
            if told and not dead:
                held = {"b_lane": claim.lane_id, "b_fence": claim.fence, "hold_until": retry_at}
                await uow.db.execute(_HOLD, held)
            await uow.commit()

    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """The newest first."""
        found = (
            select(inbox.c.update_id, inbox.c.payload, inbox.c.error, inbox.c.attempts)
            .where(inbox.c.status == DEAD)
            .order_by(inbox.c.id.desc())
            .limit(limit)
        )
        async with self._store.read() as uow:
            return [DeadLetter(*row) for row in await uow.db.rows(found)]

    async def backlog(self) -> tuple[int, float | None]:
        """Open rows, and when the oldest of them was received."""
        async with self._store.read() as uow:
            count, oldest = (await uow.db.rows(_BACKLOG))[0]
            return count, oldest


def own(uow: UnitOfWork) -> SqlUnitOfWork:
    """The unit of work as this package opened it; raises `TypeError` for another's."""
    if not isinstance(uow, SqlUnitOfWork):
        raise TypeError(f"not a unit of work over SQL: {type(uow).__name__}")
    return uow


def _which(claim: LaneClaim, row: InboxRow) -> dict[str, object]:
    return {"b_row": row.id, "b_lane": claim.lane_id, "b_fence": claim.fence}


async def _keys_of(uow: SqlUnitOfWork, updates: Sequence[RawUpdate]) -> list[str]:
    for update in updates:
        if update.migrate_from is not None and update.telegram_chat_id is not None:
            await uow.chats.migrate(update.migrate_from, update.telegram_chat_id)
    # Sorted, so that two batches at once make new chats in the same order.
    telegram_ids = sorted({u.telegram_chat_id for u in updates if u.telegram_chat_id is not None})
    known = await uow.db.rows(_CHATS, {"telegram_ids": telegram_ids})
    chats: dict[int, int] = {row.telegram_id: row.chat_id for row in known}
    for number in telegram_ids:
        if number not in chats:
            chats[number] = (await uow.chats.ensure(number, title="", private=number > 0)).id
    return [_key_of(update, chats) for update in updates]


def _key_of(update: RawUpdate, chats: Mapping[int, int]) -> str:
    if update.telegram_chat_id is not None:
        return lane_key(chats[update.telegram_chat_id])
    if update.telegram_user_id is not None:
        return f"user:{update.telegram_user_id}"
    return update.lane


async def _lanes(db: Db, bot_id: int, keys: Sequence[str]) -> dict[str, int]:
    which = {"b_bot": bot_id, "keys": keys}
    known: dict[str, int] = {row.key: row.id for row in await db.rows(_LANES, which)}
    missing = [key for key in keys if key not in known]
    if missing:
        await db.execute(_open_lane(db.dialect), [{"bot_id": bot_id, "key": key} for key in missing])
        known = {row.key: row.id for row in await db.rows(_LANES, which)}
    return known
