"""One row of the inbox, one unit of work: prepare, begin, handle, done, commit; then what follows a commit."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from telegram import Update

from bot.application.inbox import InboxRow, LaneClaim
from bot.domain.errors import Refusal, VersionConflict
from bot.gateway.application import JiehuApplication
from bot.gateway.ingest import parsed
from bot.gateway.metrics import Metrics
from bot.gateway.presses import Presses
from bot.gateway.work import CURRENT, DELIVERY_CHANNEL, Answer, Hooks, Resources, Work

RETRY_PAUSES = (1.0, 4.0)
"""Seconds after the first and the second failure, so that a row is tried at 0, 1 and 5 seconds, then is dead."""

_RUNS_ON_CONFLICT = 4
_LONGEST_ERROR = 500
log = structlog.get_logger(__name__)


class LaneLost(Exception):
    """Somebody else holds the lane by now, so nothing was committed."""


@dataclass(frozen=True, slots=True)
class _Turn:
    claim: LaneClaim
    row: InboxRow
    update: Update
    is_late: bool


class UnitRunner:
    """Works off single rows; nothing that goes wrong with an update leaves `run`."""

    def __init__(
        self, application: JiehuApplication, resources: Resources, hooks: Hooks, presses: Presses, metrics: Metrics
    ) -> None:
        self._application = application
        self._resources = resources
        self._hooks = hooks
        self._presses = presses
        self._metrics = metrics

    async def run(self, claim: LaneClaim, row: InboxRow) -> bool:
        """Whether the claim goes on to its next row. Raises only if storage cannot even count the failure."""
        update: Update | None = None
        try:
            update = self._parse(row)
            work = await self._settle(claim, row, update)
        except LaneLost:
            self._metrics.worked.labels("lane lost").inc()
            log.warning("another worker took over the lane", update_id=row.update_id)
            return False
        except Exception as error:
            return await self._failed(claim, row, update, error)
        await self._after(work, update)
        return True

    def _parse(self, row: InboxRow) -> Update:
        data = parsed(row.payload)
        if not isinstance(data, dict):
            raise TypeError("the stored update is no JSON object")
        return Update.de_json(data, self._application.bot)

    async def _settle(self, claim: LaneClaim, row: InboxRow, update: Update) -> Work:
        query = update.callback_query
        is_late = query is not None and self._presses.begin(query.id, row.received_at)
        turn = _Turn(claim, row, update, is_late)
        for _ in range(_RUNS_ON_CONFLICT - 1):
            try:
                return await self._once(turn)
            except VersionConflict as conflict:
                self._metrics.worked.labels("run again").inc()
                log.info("somebody was first, the update runs again", update_id=row.update_id, conflict=str(conflict))
        return await self._once(turn)

    async def _once(self, turn: _Turn) -> Work:
        prepared = await self._hooks.prepare(turn.update)
        waited = self._waited(turn.row, turn.update)
        try:
            async with self._resources.store.begin() as uow:
                work = Work(uow, prepared, waited)
                await self._handle(turn.update, work)
                await self._commit(turn, work)
        except Refusal as refusal:
            log.info("refused", code=refusal.code, update_id=turn.row.update_id)
            # A savepoint around every update would cost a sixth of its time to spare the refused few a transaction.
            async with self._resources.store.begin() as uow:
                work = Work(uow, prepared, waited)
                words = await self._hooks.refuse(uow, turn.update, refusal, prepared)
                work.answer = Answer(words or "", alert=True)
                await self._commit(turn, work)
        self._metrics.worked.labels("done").inc()
        return work

    async def _commit(self, turn: _Turn, work: Work) -> None:
        if turn.is_late and work.answer.text:
            await self._hooks.late_answer(work.uow, turn.update, work.answer.text)
        try:
            await self._resources.inbox.done(work.uow, turn.claim, turn.row, forget=work.forgets)
        except VersionConflict as conflict:
            raise LaneLost from conflict
        await work.uow.commit()

    async def _handle(self, update: Update, work: Work) -> None:
        token = CURRENT.set(work)
        try:
            await self._application.process_update(update)
        finally:
            CURRENT.reset(token)

    async def _after(self, work: Work, update: Update) -> None:
        if update.callback_query is not None:
            words = partial(self._say_late, update, work.answer.text)
            self._presses.finish(update.callback_query.id, work.answer, words)
        if work.uow.has_news:
            await self._resources.wakeup.notify(DELIVERY_CHANNEL)
        for callback in work.after_commit:
            try:
                await callback()
            except Exception:
                log.exception("something that should follow the commit failed", update_id=update.update_id)

    async def _say_late(self, update: Update, words: str) -> None:
        """The outcome of a press that waited at Telegram for longer than it takes answers."""
        try:
            async with self._resources.store.begin() as uow:
                await self._hooks.late_answer(uow, update, words)
                await uow.commit()
        except Exception:
            log.exception("the outcome of an old press could not be told", update_id=update.update_id)
            return
        await self._resources.wakeup.notify(DELIVERY_CHANNEL)

    async def _failed(self, claim: LaneClaim, row: InboxRow, update: Update | None, error: Exception) -> bool:
        reference = secrets.token_hex(4).upper()
        is_dead = row.attempts >= len(RETRY_PAUSES)
        log.error(
            "an update could not be worked off",
            reference=reference,
            update_id=row.update_id,
            attempt=row.attempts + 1,
            is_dead=is_dead,
            exc_info=error,
        )
        pause = 0.0 if is_dead else RETRY_PAUSES[row.attempts]
        what = f"{reference} {type(error).__name__}: {error}"[:_LONGEST_ERROR]
        retry_at = self._resources.ticker.time() + pause
        await self._resources.inbox.failed(claim, row, what, retry_at=retry_at, dead=is_dead)
        self._metrics.worked.labels("dead" if is_dead else "failed").inc()
        if is_dead and update is not None:
            await self._tell_of_crash(update, reference)
        return is_dead

    async def _tell_of_crash(self, update: Update, reference: str) -> None:
        if update.callback_query is not None:
            self._presses.finish(update.callback_query.id, Answer())
        try:
            async with self._resources.store.begin() as uow:
                await self._hooks.crashed(uow, update, reference)
                await uow.commit()
        except Exception:
            log.exception("nobody could be told of the failure", reference=reference)
            return
        await self._resources.wakeup.notify(DELIVERY_CHANNEL)

    def _waited(self, row: InboxRow, update: Update) -> timedelta:
        message = update.message or update.edited_message or update.channel_post or update.edited_channel_post
        if message is None:
            waited = timedelta(seconds=self._resources.ticker.time() - row.received_at)
        else:
            waited = self._resources.clock.now() - _utc(message.edit_date or message.date)
        return max(waited, timedelta(0))


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
