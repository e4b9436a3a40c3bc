"""A department's wish to a street waits to be sent, or for the approvers, who are asked once more before it lapses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.clocks.waiting import Waiting, stand_in
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueRow, Outgoing, Priority, Subject
from bot.application.telling import tell_by_clock
from bot.application.ways.call_street import admission_buttons, asked_at, end_call, tell_asker
from bot.domain import ladders
from bot.domain.escalation import RunningClock, Tells
from bot.domain.limits import parse_limit
from bot.domain.street_call import StreetCall, StreetCallState, awaited

S = StreetCallState


def call_clock(district: District, call: StreetCall) -> RunningClock:
    """From the wish until it is sent, from `申请准入` until the last approver has spoken."""
    asked = call.state is S.ADMISSION
    limit = district.rules.approval_limit if asked else district.rules.street_call_limit
    start = (call.asked_at or call.created_at) if asked else call.created_at
    return RunningClock(start, parse_limit(limit), district.due_moment(start, limit))


async def load_street_calls(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """Wishes that are neither sent nor dropped, admitted nor refused."""
    found: dict[int, Waiting] = {}
    for row in rows:
        call = await uow.street_calls.get(row.subject.id)
        if call is None or call.state not in {S.OPEN, S.ADMISSION}:
            continue
        ticket = stand_in("", call.created_at, street=call.street)
        ladder = district.ladders.get(ladders.ADMISSION, ()) if call.state is S.ADMISSION else ()
        clock = call_clock(district, call)
        found[row.id] = Waiting(row, ticket, clock, ladder, Tells.DECIDER, "street_call", says=ask_approvers)
    return found


async def ask_approvers(
    uow: UnitOfWork, district: District, subject: Subject, tells: Tells, now: datetime, told_at: datetime
) -> None:
    """Those whose word is still missing, each where it has its card, with its two buttons."""
    call = await uow.street_calls.get(subject.id)
    if call is None or call.state is not S.ADMISSION:
        return
    name = district.catalogue.party_name
    missing = {approver for group in awaited(call, district.rules.approvers) for approver in group}
    for approver in sorted(missing):
        params = {"unit": name(call.unit), "street": name(call.street), "office": approver, "name": name(approver)}
        for chat_id in await asked_at(uow, district, approver, sensitive=call.sensitive):
            message = Outgoing(
                kind="admission-waits",
                chat_id=chat_id,
                params=params | {"due_at": call_clock(district, call).due_at},
                buttons=(admission_buttons(district, call, approver),),
                subject=subject,
                priority=Priority.REMINDER,
                dedupe_key=f"street_call:{call.id}:waits:{approver}:c{chat_id}",
            )
            await tell_by_clock(uow, district, message, now=now, told_at=told_at)


async def street_call_waited(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Nobody sent it, or the approvers were silent: it ends, and who asked is told; silence never admits."""
    call = await uow.street_calls.get(row.subject.id, for_update=True)
    if call is None or call.state not in {S.OPEN, S.ADMISSION}:
        return
    waited_for_approval = call.state is S.ADMISSION
    await end_call(uow, call, S.REFUSED if waited_for_approval else S.DROPPED)
    if waited_for_approval:
        params = {"street": district.catalogue.party_name(call.street)}
        await tell_asker(uow, district, call, "admission-lapsed", params, now=now)
