"""What was asked of others, or answered, is taken back: time, a ruling, the hub, a leader, the street."""

from __future__ import annotations

import json

from bot.application.meetings.lead import leaders_called
from bot.application.requests.ask_street import take_back_question
from bot.application.requests.decide_request import reopen_request, take_back_request
from bot.application.telling import hub_chats, unit_chats
from bot.application.undoing.last_press import Undoing
from bot.application.undoing.put_back import suspend_again
from bot.application.undoing.taken_back import say_taken_back, say_to_reporter, say_to_street, say_to_units
from bot.application.undoing.undo_moves import call_off, reopen_tasks, unrule
from bot.domain.errors import UndoTooLate
from bot.domain.events import EventKind

E = EventKind


async def go_on_pausing(it: Undoing) -> None:
    """The suspension goes on to its end; unit and reporter, who were woken, hear so."""
    parts = it.named(E.RESUMED)
    await suspend_again(it, parts)
    await say_to_units(it, "resumed", parts)
    await say_to_reporter(it, "resumed")


async def wait_for_answer_again(it: Undoing) -> None:
    """It waits for its answer again, before those who were asked."""
    returning = [part for part in it.named(E.REQUEST_TAKEN_BACK) if part.last_moved_at == it.press[0].at]
    await unrule(it.uow, it.case, returning, it.actor, since=it.press[0].at)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    for number in [detail["request"] for detail in it.details(E.REQUEST_TAKEN_BACK) if "request" in detail]:
        request = await it.uow.requests.get(number, for_update=True)
        if request is None or request.decided_at != it.press[0].at:
            raise UndoTooLate()
        await reopen_request(it.uow, it.district, it.case, request, now=it.now)


async def need_no_coordination(it: Undoing) -> None:
    """The hub need not coordinate; what it supervises by itself goes on."""
    await call_off(it.uow, it.case, [], it.actor, since=it.press[0].at, now=it.now)
    await say_taken_back(it, "coordination_asked", [chat.id for chat in await hub_chats(it.uow)])


async def need_no_leader(it: Undoing) -> None:
    """The leaders who were told hear that nothing is asked of them."""
    told = [leader.private_chat_id for leader in await leaders_called(it.uow, it.district, it.case)]
    await say_taken_back(it, "leader_called", [chat_id for chat_id in told if chat_id])


async def need_no_answer(it: Undoing) -> None:
    """The street, which was asked, owes no answer."""
    seq = next(event.seq for event in it.press if event.kind is E.STREET_ASKED)
    await say_taken_back(it, "street_asked", await take_back_question(it.uow, it.case, seq, now=it.now))


async def open_dispute_again(it: Undoing) -> None:
    """Whose duty it is stands open again, and is no precedent."""
    await unrule(it.uow, it.case, [], it.actor, since=it.press[0].at)
    await reopen_tasks(it.uow, it.case, it.press[0].at)
    told = {detail["to"] for detail in it.details(E.DISPUTE_SETTLED)}
    found = [await unit_chats(it.uow, it.district, code) for code in told]
    await say_to_street(it, "ruled")
    await say_to_units(it, "ruled", it.named(E.DISPUTE_SETTLED))
    await say_taken_back(it, "ruled", [chat.id for chats in found for chat in chats])


async def ask_for_nothing(it: Undoing) -> None:
    """The unit needs no more time."""
    for part in it.named(E.EXTENSION_REQUESTED) or it.named(E.SUSPENSION_REQUESTED):
        await take_back_request(it.uow, it.district, it.actor, part.id, now=it.now)


async def undecide(it: Undoing) -> None:
    """The answer is none yet; who had read it hears so."""
    for event in it.press:
        request = await it.uow.requests.get(json.loads(event.body)["detail"].get("request") or 0)
        if request is not None and request.decided_at == event.at:
            await reopen_request(it.uow, it.district, it.case, request, now=it.now)
            await say_to_units(it, "decided", [p for p in it.case.assignments if p.id == request.assignment_id])
    if it.details(E.SUSPENDED):
        await say_to_reporter(it, "decided")
