"""One step of a ladder: who owes something is reminded or told what will happen, a superior is told in private."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.calls.dispatching import open_hub_task
from bot.application.calls.start_clock import show_starts
from bot.application.clocks.posting import Post
from bot.application.clocks.step_messages import (
    Rows,
    caller_buttons,
    decider_buttons,
    leader_buttons,
    names_of,
    open_task_button,
    owing_buttons,
    params_of,
    subject_of,
)
from bot.application.clocks.waiting import Waiting
from bot.application.district import District
from bot.application.loading import load_case
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Outgoing, Priority
from bot.application.telling import hub_chats
from bot.domain.escalation import SUPERIORS, Decision, Rung, Tells, moment_of
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Person

EARLIER = (Tells.LIAISON, Tells.DEPUTY)
OFFICERS = (Tells.OFFICER, Tells.DEPUTY)


async def take_step(
    uow: UnitOfWork,
    district: District,
    waiting: Waiting,
    step: Decision,
    post: Post,
    *,
    now: datetime,
    told_at: datetime,
) -> None:
    """Says what the step says, to all whom it tells; the step itself is noted by the caller."""
    params = params_of(district, waiting, now=now)
    key = f"{waiting.row.subject.kind}:{waiting.row.subject.id}:{waiting.round}:{waiting.row.kind}:{step.step}"
    key += f":{int(waiting.clock.due_at.timestamp())}" if waiting.clock.due_at else ""
    teller = _Teller(district, waiting, step, post, key, now, told_at)
    if step.is_notice:
        superiors = await _superiors(waiting, step.rung, post)
        at = moment_of(step.rung, waiting.clock, district.calendar)
        shown_params = params | {"whom": names_of(superiors), "at": max(at, told_at), "notice": True}
        await teller.send_owing("step-owing", shown_params)
        if waiting.row.kind is DueKind.START:  # the deputies have had the card since the deadline
            await teller.send_people(
                Tells.DEPUTY, "step-owing", shown_params, owing_buttons(district, waiting, now=now)
            )
        return
    superior = [tells for tells in step.rung.tells if tells in SUPERIORS]
    told_above = (await _superiors(waiting, step.rung, post)).values() if superior else ()
    teller.told_above = {person.id for people in told_above for person in people}
    for tells in step.rung.tells:
        if tells in superior:
            await _tell_superior(uow, district, waiting, step, tells, teller, params, now=now)
        elif tells is Tells.CALLER:
            await teller.send_people(tells, "step-caller", params, caller_buttons(waiting))
        elif tells is Tells.DECIDER:
            await teller.send_deciders(params)
        elif tells in OFFICERS and waiting.row.kind is DueKind.START:
            # one card of all that waits, which rings from time to time: no message for each call
            await show_starts(uow, district, waiting.ticket.street, now=now, deputies=tells is Tells.DEPUTY, wakes=True)
        elif tells is waiting.owing or tells in EARLIER:
            shown_params = params | {"whom": [], "at": None, "notice": False}
            await (teller.send_owing if tells is waiting.owing else teller.send_deputies)("step-owing", shown_params)
    if superior and waiting.ticket.id:
        detail = {
            "subject": str(waiting.row.subject.kind),
            "id": waiting.row.subject.id,
            "clock": str(waiting.row.kind),
            "step": step.step,
            "tells": [str(tells) for tells in superior],
            "announced": step.announced,
        }
        await uow.events.append(waiting.ticket.id, EventKind.ESCALATED, at=now, actor=None, detail=detail)


async def _superiors(waiting: Waiting, rung: Rung, post: Post) -> dict[Tells, Sequence[Person]]:
    named = [tells for tells in rung.tells if tells in SUPERIORS]
    return {t: () if t is Tells.HUB else await post.recipients.people(t, waiting) for t in named}


async def _tell_superior(
    uow: UnitOfWork,
    district: District,
    waiting: Waiting,
    step: Decision,
    tells: Tells,
    teller: _Teller,
    params: dict[str, object],
    *,
    now: datetime,
) -> None:
    """In private; the hub by a task; where the superior cannot be reached the hub hears that, never nobody."""
    if tells is Tells.HUB:
        await _supervise(uow, district, waiting, teller, params, now=now)
        return
    liaisons = await teller.post.recipients.people(waiting.owing, waiting)
    shown_params = params | {"liaison": liaisons[0].name if liaisons else "", "role": str(tells)}
    if not await teller.send_people(tells, "step-superior", shown_params, leader_buttons(waiting, tells)):
        for chat in await hub_chats(uow):
            await teller.send_step("step-nobody", chat.id, shown_params, (), tells)


async def _supervise(
    uow: UnitOfWork,
    district: District,
    waiting: Waiting,
    teller: _Teller,
    params: dict[str, object],
    *,
    now: datetime,
) -> None:
    case = await load_case(uow, waiting.ticket.id, for_update=True)
    part = waiting.assignment
    starts = waiting.row.kind is DueKind.START
    kind = HubTaskKind.START if starts else HubTaskKind.SUPERVISION
    open_already = any(
        t.is_open and t.kind is kind and (starts or (part and t.assignment_id == part.id)) for t in case.hub_tasks
    )
    if not starts and not case.ticket.supervised:
        case.ticket.supervised = True
        await uow.tickets.save(case.ticket)
        await uow.events.append(case.ticket.id, EventKind.SUPERVISED, at=now, actor=None)
    if not open_already:
        quiet = teller.post.catching_up
        note = part.last_progress if part and params["progress"] else ""
        task_of = part.id if part else None
        task = await open_hub_task(
            uow, district, case, kind, now=now, assignment_id=task_of, note=note, shown=not quiet
        )
        if quiet:
            for chat in await hub_chats(uow):
                buttons = ((open_task_button(task.id),),)
                shown_params = params | {"role": "hub", "liaison": ""}
                await teller.send_step("step-nobody", chat.id, shown_params, buttons, Tells.HUB)


class _Teller:
    """Says one step, to each person and chat once."""

    def __init__(
        self,
        district: District,
        waiting: Waiting,
        step: Decision,
        post: Post,
        key: str,
        now: datetime,
        told_at: datetime,
    ) -> None:
        self.district, self.waiting, self.step, self.post = district, waiting, step, post
        self.key, self.now, self.told_at = key, now, told_at
        self.told_above: set[int] = set()
        """Who hears of it as a superior needs no second message as a deputy."""

    async def send_step(
        self,
        kind: str,
        chat_id: int,
        params: dict[str, object],
        buttons: Rows,
        tells: Tells,
        person: Person | None = None,
    ) -> None:
        message = Outgoing(
            kind=kind,
            chat_id=chat_id,
            params=params,
            buttons=buttons,
            subject=subject_of(self.waiting),
            priority=Priority.EMERGENCY if self.waiting.urgent else Priority.REMINDER,
            dedupe_key=f"{self.key}:{tells}:c{chat_id}",
            locale=person.locale if person else "",
        )
        await self.post.put(message, told_at=self.told_at, wakes=self.waiting.wakes)

    async def send_people(self, tells: Tells, kind: str, params: dict[str, object], buttons: Rows) -> bool:
        """Each of them in private; whether there was anybody."""
        found = await self.post.recipients.people(tells, self.waiting)
        if tells is Tells.DEPUTY:
            found = [person for person in found if person.id not in self.told_above]
        for person in found:
            assert person.private_chat_id is not None
            await self.send_step(kind, person.private_chat_id, params, buttons, tells, person)
        return bool(found)

    async def send_owing(self, kind: str, params: dict[str, object]) -> None:
        """Who owes something, in private; where nobody can be written to, in its group; else the hub hears that."""
        buttons = owing_buttons(self.district, self.waiting, now=self.now)
        if await self.send_people(self.waiting.owing, kind, params, buttons):
            return
        chats = await self.post.recipients.chats(self.waiting)
        bare = params | {"progress": ""}
        for chat_id in chats:
            await self.send_step(kind, chat_id, bare, buttons, self.waiting.owing)
        if not chats and self.waiting.party is not None:
            for chat in await hub_chats(self.post.uow):
                shown_params = params | {"role": str(self.waiting.owing), "liaison": ""}
                await self.send_step("step-nobody", chat.id, shown_params, (), Tells.HUB)

    async def send_deputies(self, kind: str, params: dict[str, object]) -> None:
        """The others who could answer, if there are any; without them the step reaches those on duty."""
        buttons = owing_buttons(self.district, self.waiting, now=self.now)
        if (
            not await self.send_people(Tells.DEPUTY, kind, params, buttons)
            and Tells.LIAISON not in self.step.rung.tells
        ):
            await self.send_owing(kind, params)

    async def send_deciders(self, params: dict[str, object]) -> None:
        """Whoever has the card of what is to be decided; a leader with answers to sign."""
        buttons = decider_buttons(self.district, self.waiting)
        for chat_id in self.waiting.deciders:
            await self.send_step("step-decider", chat_id, params, buttons, Tells.DECIDER)
        if not self.waiting.deciders:
            found = await self.post.recipients.people(Tells.DEPARTMENT_LEADER, self.waiting)
            for person in found:
                assert person.private_chat_id is not None
                await self.send_step("step-decider", person.private_chat_id, params, buttons, Tells.DECIDER, person)
