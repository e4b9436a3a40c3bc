"""撤销: for thirty seconds a press can be taken back by the one who made it, unless somebody has gone on from there."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from bot.application.calls.withdraw_ticket import end_ticket
from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.meetings.take_minutes import reopen_meeting
from bot.application.ports import UnitOfWork
from bot.application.records import Subject, SubjectKind
from bot.application.requests.decide_request import reopen_request
from bot.application.requests.rulings import take_back_return
from bot.application.telling import hub_chats, raise_cards, undo_key
from bot.application.undoing.last_press import Undoing, batch_of, forget_batch, last_press
from bot.application.undoing.put_back import pause_again, wait_for_the_street
from bot.application.undoing.taken_back import (
    say_taken_back,
    say_to_followers,
    say_to_street,
    say_to_units,
    take_back_callback,
    take_back_merge_request,
    take_back_progress,
    take_back_urging,
)
from bot.application.undoing.undo_meeting import (
    drop_ordered_meeting,
    meet_after_all,
    revive_meeting,
    say_it_takes_place,
    uninvite_all,
)
from bot.application.undoing.undo_merge import part_again
from bot.application.undoing.undo_moves import (
    call_back_to_community,
    call_off,
    close_again,
    give_back,
    keep_again,
    reopen_tasks,
    revive,
    unaccept,
    undeliver,
    unreport,
    unrework,
    unrule,
    unsay,
    unsign,
    wait_for_start,
)
from bot.application.undoing.undo_requests import (
    ask_for_nothing,
    go_on_pausing,
    need_no_answer,
    need_no_coordination,
    need_no_leader,
    open_dispute_again,
    undecide,
    wait_for_answer_again,
)
from bot.application.ways.refer_up import (
    open_referral,
    readers_of,
    referral_subject,
    reopen_referral,
    settle_referral,
)
from bot.domain.errors import UndoTooLate
from bot.domain.events import Event, EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.meeting import MeetingState
from bot.domain.people import Actor
from bot.domain.referral import ReferralState
from bot.domain.ticket import Ending, Level, Mode, Stage

E = EventKind


async def undo(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """Takes the last press back; raises `UndoTooLate`."""
    case = await load_case(uow, ticket_id, for_update=True)
    history = await uow.events.of_ticket(ticket_id)
    press = last_press(history, district.rules.undo_window, now=now)
    reverse = _reverse_of(press.events) if press else None
    if press is None or reverse is None or press.by != actor.id:
        raise UndoTooLate()
    await reverse(Undoing(uow, district, case, actor, press.events, now))
    if any(event.kind in {E.DISPATCHED, E.RULED, E.DISPUTE_SETTLED} for event in press.events):
        await uow.corrections.forget(SubjectKind.TICKET, ticket_id)
    await uow.events.append(ticket_id, E.UNDONE, at=now, actor=actor.id, detail={"of": str(press.events[-1].kind)})
    await uow.outbox.fade(undo_key(ticket_id))
    await raise_cards(uow, case)
    return case


async def undo_batch(uow: UnitOfWork, district: District, actor: Actor, *, now: datetime) -> int:
    """Takes back what one press on this person's list did to several tickets; how many; raises `UndoTooLate`."""
    tickets = await batch_of(uow, district, actor.id, now=now)
    if not tickets:
        raise UndoTooLate()
    for ticket_id in tickets:
        await undo(uow, district, actor, ticket_id, now=now)
    await forget_batch(uow, actor.id)
    await uow.cards.want_all(Subject(SubjectKind.PERSON, actor.id))
    return len(tickets)


def _reverse_of(press: Sequence[Event]) -> Callable[[Undoing], Awaitable[None]] | None:
    return next((REVERSALS[kind] for kind in REVERSALS if any(e.kind is kind for e in press)), None)


async def _birth(it: Undoing) -> None:
    await end_ticket(it.uow, it.district, it.case, Ending.WITHDRAWN, E.WITHDRAWN, it.actor.id, "", now=it.now)


async def _evaluation(it: Undoing) -> None:
    for part in it.named(E.REWORK_STARTED):
        await unrework(it.uow, it.district, it.case, part, it.actor, now=it.now)
    for part in it.named(E.ACCEPTED):
        await unaccept(it.uow, it.district, it.case, part, it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    await _open_what_lapsed(it)


async def _ending(it: Undoing) -> None:
    parts = it.named(E.CANCELLED)
    await revive(it.uow, it.district, it.case, parts, it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    await _open_what_lapsed(it)
    referred = await open_referral(it.uow, it.case.ticket.id)
    waited_for = referred is not None or any(task.is_open for task in it.case.hub_tasks)
    if it.case.stage is Stage.DISPATCHING and not waited_for:
        await wait_for_start(it.uow, it.district, it.case, now=it.now)
    if it.details(E.WITHDRAWN) or it.details(E.DECLINED):
        await say_to_units(it, "withdrawn", [part for part in parts if part.signed_at is not None])
        await say_to_followers(it, "withdrawn", reporter=bool(it.details(E.DECLINED)))


async def _open_what_lapsed(it: Undoing) -> None:
    """What the end of the ticket had settled by itself waits again: a ruling, a request, a leader, a meeting."""
    ended_at = it.press[0].at
    await unrule(it.uow, it.case, [], it.actor, since=ended_at)
    for detail in it.details(E.REQUEST_LAPSED):
        request = await it.uow.requests.get(detail["request"])
        if request is not None:
            await reopen_request(it.uow, it.district, it.case, request, now=it.now)
    if it.details(E.REFERRAL_CLOSED):
        await reopen_referral(it.uow, it.district, it.case, decided_at=ended_at, now=it.now)
    for meeting in await it.uow.meetings.of_ticket(it.case.ticket.id):
        if meeting.state is MeetingState.CANCELLED and meeting.ended_at == ended_at:
            await revive_meeting(it, meeting)
            await say_it_takes_place(it, meeting)
    await pause_again(it)
    await wait_for_the_street(it)


async def _merging(it: Undoing) -> None:
    await part_again(it)
    await _ending(it)


async def _merge_refused(it: Undoing) -> None:
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    tasks = [task for task in it.case.hub_tasks if task.is_open and task.kind is HubTaskKind.MERGE]
    asked = {task.assignment_id for task in tasks}
    await say_to_units(it, "merge_refused", [part for part in it.case.assignments if part.id in asked])


async def _merge_request(it: Undoing) -> None:
    await take_back_merge_request(it)
    await call_off(it.uow, it.case, [], it.actor, since=it.press[0].at, now=it.now)


async def _progress(it: Undoing) -> None:
    await take_back_progress(it)
    await _signing(it)


async def _start(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await wait_for_start(it.uow, it.district, it.case, now=it.now)


async def _conversion(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await keep_again(it.uow, it.district, it.case, it.actor, since=it.press[0].at, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    await _open_what_lapsed(it)


async def _taking_over(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await call_back_to_community(it.uow, it.case)
    await revive(it.uow, it.district, it.case, it.named(E.CANCELLED), it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    await _open_what_lapsed(it)


async def _return(it: Undoing) -> None:
    for part in it.named(E.RETURN_REQUESTED):
        await take_back_return(it.uow, it.district, it.case, part, it.actor, now=it.now)


async def _handing_on(it: Undoing) -> None:
    for part in it.named(E.HANDED_ON):
        await give_back(it.uow, part, it.press)
    await _signing(it)


async def _reason(it: Undoing) -> None:
    for part in it.named(E.REASON_GIVEN):
        await unsay(it.uow, it.case, part, it.actor)


async def _ruling(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    for part in it.named(E.RETURNED):
        await revive(it.uow, it.district, it.case, [part], it.actor, now=it.now)
    asked = it.named(E.RULED) or it.named(E.RETURN_REFUSED)
    await unrule(it.uow, it.case, asked, it.actor, since=it.press[0].at)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    if it.named(E.RULED) or it.named(E.RETURN_REFUSED):
        await say_to_street(it, "ruled")
        await say_to_units(it, "ruled", asked)


async def _grading(it: Undoing) -> None:
    for event in it.press:
        if event.kind is E.GRADED:
            it.case.ticket.level = Level(json.loads(event.body)["detail"]["from"])
            await it.uow.tickets.save(it.case.ticket)


async def _signing(it: Undoing) -> None:
    for part in it.named(E.SIGNED):
        await unsign(it.uow, it.district, part, it.actor, now=it.now)


async def _report(it: Undoing) -> None:
    released = any(event.kind is E.RELEASED for event in it.press)
    for part in it.named(E.REPORTED_BACK) or it.named(E.REPORT_BACK_DRAFTED):
        await unreport(it.uow, it.district, part, it.actor, released=released, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at, HubTaskKind.SUPERVISION)


async def _team_move(it: Undoing) -> None:
    for part in it.named(E.ARRIVED):
        part.arrived_at = None
        await it.uow.assignments.save(part)
    for part in it.named(E.SET_OUT):
        part.set_out_at = None
        await it.uow.assignments.save(part)
    await _signing(it)


async def _phone(it: Undoing) -> None:
    for part in it.named(E.TOLD_BY_PHONE):
        await undeliver(it.uow, part, it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)


async def _reopening(it: Undoing) -> None:
    made = [part for part in it.case.assignments if part.dispatched_at >= it.press[0].at]
    await call_off(it.uow, it.case, made, it.actor, since=it.press[0].at, now=it.now)
    await close_again(it.uow, it.case, now=it.now)


async def _minutes(it: Undoing) -> None:
    """The meeting has no minutes yet; a ticket that they made is no ticket."""
    detail = next(json.loads(event.body)["detail"] for event in it.press if event.kind is E.MINUTES_TAKEN)
    await _dispatch(it)
    await reopen_meeting(it.uow, it.district, detail["meeting"], now=it.now)
    if any(event.kind is E.REPORTED for event in it.press):
        await _birth(it)


async def _referral(it: Undoing) -> None:
    """The leader need not decide; the call goes the way that it went before."""
    waiting = await open_referral(it.uow, it.case.ticket.id)
    if waiting is None or waiting.prepared_at != it.press[0].at:
        raise UndoTooLate()
    readers = [p.private_chat_id for p in await readers_of(it.uow, it.district, waiting) if p.private_chat_id]
    await settle_referral(it.uow, waiting, it.case, ReferralState.LAPSED, it.actor.id, now=it.now)
    await it.uow.cards.retire(referral_subject(waiting.id))
    await say_taken_back(it, "referred", readers)
    if it.details(E.REFERRED)[0].get("awaits_start"):
        await wait_for_start(it.uow, it.district, it.case, now=it.now)


async def _order(it: Undoing) -> None:
    """The leader is waited for again; hub and street, who were told, hear so."""
    if it.named(E.DISPATCHED):
        await _dispatch(it)
    else:
        await drop_ordered_meeting(it)
        await call_off(it.uow, it.case, [], it.actor, since=it.press[0].at, now=it.now)
    await _as_before(it, E.ORDERED)
    await reopen_referral(it.uow, it.district, it.case, decided_at=it.press[0].at, now=it.now)
    officers = [
        await it.uow.people.get(each.prepared_by) for each in await it.uow.referrals.of_ticket(it.case.ticket.id)
    ]
    private = [person.private_chat_id for person in officers if person and person.private_chat_id]
    await say_taken_back(it, "ordered", [*(chat.id for chat in await hub_chats(it.uow)), *private])


async def _command(it: Undoing) -> None:
    """The team stays; the matter goes the way that it went before."""
    await _dispatch(it)
    await _as_before(it, E.COMMANDED)


async def _as_before(it: Undoing, kind: EventKind) -> None:
    """The way that the matter went, and who had ordered it, before that press."""
    before = it.details(kind)[0]["before"]
    it.case.ticket.mode, it.case.ticket.ordered_by = Mode(before["mode"]), before["ordered_by"]
    await it.uow.tickets.save(it.case.ticket)


async def _dispatch(it: Undoing) -> None:
    sent = {part.id for part in it.named(E.DISPATCHED)}
    await unrule(
        it.uow, it.case, [p for p in it.case.assignments if p.yields_to in sent], it.actor, since=it.press[0].at
    )
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await revive(it.uow, it.district, it.case, it.named(E.RETURNED), it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    await _open_what_lapsed(it)
    await _grading(it)


REVERSALS: Mapping[EventKind, Callable[[Undoing], Awaitable[None]]] = {
    E.MINUTES_TAKEN: _minutes,
    E.ORDERED: _order,
    E.COMMANDED: _command,
    E.REPORTED: _birth,
    E.EVALUATED: _evaluation,
    E.MERGED: _merging,
    E.WITHDRAWN: _ending,
    E.DECLINED: _ending,
    E.STARTED: _start,
    E.CONVERTED: _conversion,
    E.TAKEN_OVER: _taking_over,
    E.REOPENED: _reopening,
    E.REFERRED: _referral,
    E.RETURN_REQUESTED: _return,
    E.REQUEST_TAKEN_BACK: wait_for_answer_again,
    E.RESUMED: go_on_pausing,
    E.COORDINATION_ASKED: need_no_coordination,
    E.LEADER_CALLED: need_no_leader,
    E.STREET_ASKED: need_no_answer,
    E.DISPUTE_SETTLED: open_dispute_again,
    E.MERGE_REQUESTED: _merge_request,
    E.MERGE_REFUSED: _merge_refused,
    E.MEETING_CALLED: uninvite_all,
    E.MEETING_CANCELLED: meet_after_all,
    E.RULED: _ruling,
    E.RETURN_REFUSED: _ruling,
    E.HANDED_ON: _handing_on,
    E.REASON_GIVEN: _reason,
    E.EXTENSION_REQUESTED: ask_for_nothing,
    E.SUSPENSION_REQUESTED: ask_for_nothing,
    E.EXTENDED: undecide,
    E.EXTENSION_REFUSED: undecide,
    E.SUSPENDED: undecide,
    E.SUSPENSION_REFUSED: undecide,
    E.REPORTED_BACK: _report,
    E.REPORT_BACK_DRAFTED: _report,
    E.PROGRESSED: _progress,
    E.ARRIVED: _team_move,
    E.SET_OUT: _team_move,
    E.SIGNED: _signing,
    E.URGED: take_back_urging,
    E.CALLBACK_ASKED: take_back_callback,
    E.TOLD_BY_PHONE: _phone,
    E.DISPATCHED: _dispatch,
    E.GRADED: _grading,
}
"""What a press is known by, the most telling event first."""
