"""撤销: for thirty seconds a press can be taken back by the one who made it, unless somebody has gone on from there."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.ports import UnitOfWork
from bot.application.telling import raise_cards
from bot.application.undo_moves import (
    call_back_to_community,
    call_off,
    close_again,
    keep_again,
    reopen_tasks,
    revive,
    take_back_return,
    unaccept,
    undeliver,
    unreport,
    unrework,
    unsign,
    wait_for_start,
)
from bot.application.withdraw_ticket import end_ticket
from bot.domain.assignment import Assignment
from bot.domain.errors import UndoTooLate
from bot.domain.events import Event, EventKind
from bot.domain.people import Actor
from bot.domain.ticket import Ending

E = EventKind
OF_ITSELF = frozenset({E.DELIVERED, E.UNDELIVERED, E.HUB_TASK_OPENED})
"""What the mechanism adds by itself later, and what therefore does not stand in the way of taking a press back."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """One press being taken back: all events that it wrote, which bear the same moment."""

    uow: UnitOfWork
    district: District
    case: Case
    actor: Actor
    press: tuple[Event, ...]
    now: datetime

    def named(self, kind: EventKind) -> list[Assignment]:
        """The assignments that events of that kind in this press name."""
        ids = {json.loads(event.body)["detail"].get("assignment") for event in self.press if event.kind is kind}
        return [part for part in self.case.assignments if part.id in ids]


async def undo(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """Takes the last press back; raises `UndoTooLate`."""
    case = await load_case(uow, ticket_id, for_update=True)
    history = await uow.events.of_ticket(ticket_id)
    acts = [e for e in history if not (e.kind in OF_ITSELF and e.actor_id is None)]
    last = next((e for e in reversed(acts) if e.actor_id is not None), None)
    if last is None or last.actor_id != actor.id or now - last.at > district.rules.undo_window:
        raise UndoTooLate()
    press = tuple(e for e in history if e.at == last.at)
    reverse = next((REVERSALS[kind] for kind in REVERSALS if any(e.kind is kind for e in press)), None)
    if reverse is None or any(e.at > last.at for e in acts):
        raise UndoTooLate()
    await reverse(Undoing(uow, district, case, actor, press, now))
    await uow.events.append(ticket_id, E.UNDONE, at=now, actor=actor.id, detail={"of": str(last.kind)})
    await raise_cards(uow, case)
    return case


async def _birth(it: Undoing) -> None:
    await end_ticket(it.uow, it.case, Ending.WITHDRAWN, E.WITHDRAWN, it.actor.id, "", now=it.now)


async def _evaluation(it: Undoing) -> None:
    for part in it.named(E.REWORK_STARTED):
        await unrework(it.uow, it.district, it.case, part, it.actor, now=it.now)
    for part in it.named(E.ACCEPTED):
        await unaccept(it.uow, it.district, it.case, part, it.actor, now=it.now)


async def _ending(it: Undoing) -> None:
    await revive(it.uow, it.case, it.named(E.CANCELLED), it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)


async def _start(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await wait_for_start(it.uow, it.district, it.case, now=it.now)


async def _conversion(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await keep_again(it.uow, it.case, it.actor, since=it.press[0].at, now=it.now)


async def _taking_over(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await call_back_to_community(it.uow, it.case)
    await revive(it.uow, it.case, it.named(E.CANCELLED), it.actor, now=it.now)


async def _return(it: Undoing) -> None:
    for part in it.named(E.RETURN_REQUESTED):
        await take_back_return(it.uow, it.case, part, it.actor, now=it.now)


async def _signing(it: Undoing) -> None:
    for part in it.named(E.SIGNED):
        await unsign(it.uow, part, it.actor, now=it.now)


async def _report(it: Undoing) -> None:
    released = any(event.kind is E.RELEASED for event in it.press)
    for part in it.named(E.REPORTED_BACK) or it.named(E.REPORT_BACK_DRAFTED):
        await unreport(it.uow, it.district, part, it.actor, released=released, now=it.now)


async def _phone(it: Undoing) -> None:
    for part in it.named(E.TOLD_BY_PHONE):
        await undeliver(it.uow, part, it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)


async def _reopening(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await close_again(it.uow, it.case, now=it.now)


async def _dispatch(it: Undoing) -> None:
    await call_off(it.uow, it.case, it.named(E.DISPATCHED), it.actor, since=it.press[0].at, now=it.now)
    await revive(it.uow, it.case, it.named(E.RETURNED), it.actor, now=it.now)
    await reopen_tasks(it.uow, it.case, it.press[0].at)


REVERSALS: Mapping[EventKind, Callable[[Undoing], Awaitable[None]]] = {
    E.REPORTED: _birth,
    E.EVALUATED: _evaluation,
    E.WITHDRAWN: _ending,
    E.DECLINED: _ending,
    E.STARTED: _start,
    E.CONVERTED: _conversion,
    E.TAKEN_OVER: _taking_over,
    E.REOPENED: _reopening,
    E.RETURN_REQUESTED: _return,
    E.REPORTED_BACK: _report,
    E.REPORT_BACK_DRAFTED: _report,
    E.SIGNED: _signing,
    E.TOLD_BY_PHONE: _phone,
    E.DISPATCHED: _dispatch,
}
"""What a press is known by, the most telling event first."""
