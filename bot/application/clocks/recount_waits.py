"""With another calendar: what waits outside of assignments and hub tasks has its hours by that one, too."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow
from bot.domain.street_call import StreetCallState

KINDS = (DueKind.STREET_QUESTION, DueKind.REFERRAL, DueKind.STREET_CALL)


async def recount_waits(uow: UnitOfWork, district: District) -> None:
    """Questions to streets, what was laid before leaders, what departments drafted for streets; cards say it anew."""
    for row in await uow.dues.of_kinds(KINDS):
        due_at = await _counted(uow, district, row)
        if due_at is not None and due_at != row.next_check_at:
            await uow.dues.put(row.subject, row.kind, due_at, arg=row.arg)
            await uow.cards.want_all(row.subject)


async def _counted(uow: UnitOfWork, district: District, row: DueRow) -> datetime | None:
    """When it is due now; None where it does not wait from a moment that is known."""
    rules = district.rules
    if row.kind is DueKind.STREET_QUESTION:
        question = await uow.street_questions.get(row.subject.id)
        if question is None or not question.is_open:
            return None
        question.due_at = district.due_moment(question.asked_at, rules.street_answer_limit)
        await uow.street_questions.save(question)
        return question.due_at
    if row.kind is DueKind.REFERRAL:
        referral = await uow.referrals.get(row.subject.id, for_update=True)
        if referral is None or not referral.is_open or referral.reminded:
            return None
        referral.due_at = district.due_moment(referral.prepared_at, rules.referrals.leader_limit)
        await uow.referrals.save(referral)
        return referral.due_at
    call = await uow.street_calls.get(row.subject.id)
    if call is None or call.state is not StreetCallState.OPEN:
        return None
    return district.due_moment(call.created_at, rules.street_call_limit)
