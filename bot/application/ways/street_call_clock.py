"""A department's wish to a street waits to be sent, or for the approvers; its clock has an end and no steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.clocks.waiting import Waiting, stand_in
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueRow
from bot.application.ways.call_street import end_call, tell_asker
from bot.domain.escalation import RunningClock, Tells
from bot.domain.limits import parse_limit
from bot.domain.street_call import StreetCall, StreetCallState

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
        found[row.id] = Waiting(row, ticket, call_clock(district, call), (), Tells.ASKER, "street_call")
    return found


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
