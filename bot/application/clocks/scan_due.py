"""The scan: due rows by index, locked, read again and judged again; ladders many at once, the others one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.application.calls.dispatching import mark_undelivered
from bot.application.calls.report_back import release_answer
from bot.application.calls.verify import close_unevaluated
from bot.application.clocks.assignment_clocks import repaint
from bot.application.clocks.climb import climb
from bot.application.clocks.digests import give_digest
from bot.application.clocks.loaders import LOADERS
from bot.application.clocks.long_breaks import before_break
from bot.application.clocks.posting import Post
from bot.application.clocks.recipients import Recipients
from bot.application.clocks.waking import wake_who_waits
from bot.application.district import District
from bot.application.loading import load_assignment, load_case
from bot.application.meetings.meeting_clock import judge_meeting
from bot.application.meetings.meeting_messages import meeting_subject
from bot.application.people.hand_over import turn_of_leave
from bot.application.ports import Store, UnitOfWork
from bot.application.records import DueKind, DueRow, SubjectKind
from bot.application.reporting.change_draft import is_discarded
from bot.application.reporting.resident_report import pass_on
from bot.application.reporting.unconfirmed import expire
from bot.application.requests.decide_request import resume_at_end, silence_decides
from bot.application.telling import raise_cards, undo_key
from bot.application.ways.refer_up import referral_subject
from bot.application.ways.street_call_clock import street_call_waited
from bot.domain.assignment import AssignmentState
from bot.domain.errors import Refusal, VersionConflict

BATCH = 200
PUT_OFF = timedelta(minutes=5)
log = structlog.get_logger(__name__)

Judge = Callable[[UnitOfWork, District, DueRow, datetime], Awaitable[None]]


async def scan_due(store: Store, district: District, *, now: datetime, batch: int = BATCH) -> int:
    """Judges all that is due by then, the earliest first; the number of rows judged."""
    judged = 0
    while True:
        async with store.read() as uow:
            ids = await uow.dues.ripe(now, limit=batch)
        if not ids:
            return judged
        acts = await _climb(store, district, batch, now)
        for due_id in acts:
            await _judge_alone(store, district, due_id, now)
        judged += len(ids)
        if len(ids) < batch:
            return judged


async def _climb(store: Store, district: District, batch: int, now: datetime) -> list[int]:
    """Takes the steps of ladders in one transaction; the rows that are judged by themselves are left."""
    try:
        async with store.begin() as uow:
            rows = await uow.dues.claim(now, limit=batch)
            acts = await climb_all(uow, district, rows, now=now)
            await uow.commit()
            return acts
    except Exception as error:
        # One row among many is at fault, or somebody else was at one of them: each is judged by itself.
        log.warning("scan-batch-failed", error=f"{type(error).__name__}: {error}")
        async with store.read() as uow:
            return list(await uow.dues.ripe(now, limit=batch))


async def _judge_alone(store: Store, district: District, due_id: int, now: datetime) -> None:
    """One row in its own unit of work; one that cannot be judged is put off and does not stop the others."""
    try:
        async with store.begin() as uow:
            row = await uow.dues.get(due_id, for_update=True)
            if row is not None and row.next_check_at <= now:
                acts = await climb_all(uow, district, [row], now=now) if row.kind in LOADERS else [row.id]
                if acts:
                    await uow.dues.drop(row.subject, row.kind)
                    await judge(uow, district, row, now)
            await uow.commit()
    except VersionConflict:
        log.info("scan-row-again", due=due_id)
    except Exception:
        log.exception("scan-row-put-off", due=due_id)
        async with store.begin() as uow:
            await uow.dues.move({due_id: now + PUT_OFF})
            await uow.commit()


async def climb_all(uow: UnitOfWork, district: District, rows: Sequence[DueRow], *, now: datetime) -> list[int]:
    """The steps that locked rows are due for; the ids of those that have to be judged by themselves, digests last.

    A digest tells how it stands after everything else of that moment.
    """
    recipients = Recipients(uow, district, now)
    alone = [row for row in rows if row.kind not in LOADERS]
    acts = [row.id for row in sorted(alone, key=lambda row: row.kind is DueKind.DIGEST)]
    for missed in (False, True):
        post = Post(uow, district, recipients, now, catching_up=missed)
        for kind in LOADERS:
            mine = [row for row in rows if row.kind is kind and _was_missed(district, row, now) is missed]
            if mine:
                acts += [row.id for row in await climb(uow, district, kind, mine, post, now=now)]
        await post.deliver()
    return acts


def _was_missed(district: District, row: DueRow, now: datetime) -> bool:
    return now - row.next_check_at > district.rules.away_after


async def judge(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """What follows from this row now; a subject that has gone on by itself needs nothing."""
    try:
        async with uow.savepoint():
            await JUDGES[row.kind](uow, district, row, now)
    except Refusal:
        return


async def _delivery(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    case, assignment = await load_assignment(uow, row.subject.id)
    if assignment.state is AssignmentState.UNSIGNED and assignment.delivered_at is None:
        await mark_undelivered(uow, district, case, assignment, now=now)
        await raise_cards(uow, case)


async def _release(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    await release_answer(uow, district, None, row.subject.id, now=now)


async def _verification(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    await close_unevaluated(uow, district, row.subject.id, now=now)


async def _refresh(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    if row.subject.kind is SubjectKind.TICKET:
        await raise_cards(uow, await load_case(uow, row.subject.id))
        await uow.outbox.fade(undo_key(row.subject.id))
        for referral in await uow.referrals.of_ticket(row.subject.id):
            await uow.cards.want_all(referral_subject(referral.id))
        for meeting in await uow.meetings.of_ticket(row.subject.id):
            await uow.cards.want_all(meeting_subject(meeting.id))
    elif row.subject.kind is SubjectKind.DRAFT and await is_discarded(uow, row.subject.id):
        await uow.cards.retire(row.subject)
    else:
        await uow.cards.want_all(row.subject)
    if row.subject.kind is SubjectKind.ASSIGNMENT:
        part = await uow.assignments.get(row.subject.id)
        if part is not None and part.is_open:
            await repaint(uow, district, part, after=now)


# What has a ladder stands in `loaders.LOADERS`; it stands here too where silence decides something at its end.
JUDGES: Mapping[DueKind, Judge] = {
    DueKind.DRAFT: expire,
    DueKind.DELIVERY: _delivery,
    DueKind.RELEASE: _release,
    DueKind.VERIFICATION: _verification,
    DueKind.CARD_REFRESH: _refresh,
    DueKind.RESIDENT_REPORT: pass_on,
    DueKind.REQUEST: silence_decides,
    DueKind.RESUME: resume_at_end,
    DueKind.STREET_CALL: street_call_waited,
    DueKind.MEETING: judge_meeting,
    DueKind.DIGEST: give_digest,
    DueKind.WAKE: wake_who_waits,
    DueKind.BREAK: before_break,
    DueKind.HANDOVER: turn_of_leave,
}
