"""One ticket that people do random things to, each as far as the tables let him, while time moves on."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.application.calls import redispatch
from bot.application.calls.dispatching import call_out
from bot.application.calls.record_delivery import record_delivery
from bot.application.calls.report_back import draft_answer, send_answer
from bot.application.calls.verify import evaluate
from bot.application.calls.withdraw_ticket import withdraw_ticket
from bot.application.calls.work_on import note_progress, sign_assignment
from bot.application.clocks.scan_due import scan_due
from bot.application.district import District
from bot.application.loading import Case
from bot.application.meetings import call_meeting, take_minutes
from bot.application.meetings.answer_invitation import answer_invitation
from bot.application.people.identify import identify
from bot.application.records import Subject, SubjectKind
from bot.application.requests import rule_return
from bot.application.requests.request_return import request_return
from bot.application.undoing.undo import undo
from bot.application.ways import command_team, order_down, refer_up
from bot.domain.chat import ChatKind
from bot.domain.errors import Refusal, UndoTooLate
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind
from bot.domain.meeting import Reply
from bot.domain.people import Actor, Grant, Role
from storage.store import SqlStore, SqlUnitOfWork
from tests.storage.samples import a_ticket

GROUPS = (
    ("street", "JL01"), ("hub", "hub"), ("department", "D26"), ("department", "D11"), ("department", "D01"),
    ("enforcement", "JL01"),
)  # fmt: skip
MOST_TRIES = 8
ROLES = {
    "worker": Grant(Role.GRID_WORKER, "JL01"),
    "officer": Grant(Role.STREET_OFFICER, "JL01"),
    "hub": Grant(Role.DISPATCHER, "hub"),
    "leader": Grant(Role.DISTRICT_LEADER, "hub"),
    "D26": Grant(Role.LIAISON, "D26"),
    "D11": Grant(Role.LIAISON, "D11"),
    "D01": Grant(Role.LIAISON, "D01"),
    "team": Grant(Role.LIAISON, "D33-JL01"),
}
UNITS = ("D26", "D11", "D01")
MINUTES = (
    "市政中心：修，3工作日（牵头）\n公安分局：劝离，2小时\n望澜街道：看护，1工作日",
    "城管：劝离，1工作日",
    "公安分局：去（牵头）",
)
ORDERS = ("请城管牵头，公安配合，三日内", "明天开个协调会", "抓紧")


@dataclass
class Walk:
    """Who does what to the one ticket; `refused` counts what the tables did not let happen."""

    store: SqlStore
    district: District
    rng: random.Random
    now: datetime
    ticket_id: int = 0
    people: dict[str, int] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    refused: int = 0

    async def begin(self) -> None:
        """People, groups, and a report that was called out."""
        async with self.store.begin() as uow:
            for number, (kind, of) in enumerate(GROUPS):
                chat = await uow.chats.ensure(-100 - number, title=of, private=False)
                chat.kind, chat.of = ChatKind(kind), of
                await uow.chats.save(chat)
            for number, (name, grant) in enumerate(ROLES.items(), start=1):
                person = await uow.people.ensure(number, name=name)
                private = await uow.chats.ensure(number, title="", private=True)
                person.reachable, person.private_chat_id = True, private.id
                await uow.people.save(person)
                await uow.people.grant(person.id, grant, at=self.now, by=None)
                self.people[name] = person.id
            await uow.commit()
        await self.report()

    async def report(self) -> None:
        """A new report is called out; the walk goes on with it."""
        async with self.store.begin() as uow:
            item = self.district.catalogue.items["SR-04"]
            plain = a_ticket(
                self.people["worker"], code="", item=item.code, item_name=item.name, sensitivity=item.sensitivity,
                emergency=False, danger=False, street="JL01", community="JL0101", merged_into=None, split_from=None,
                supervised=False, ordered_by=None, start_authority="", created_at=self.now, level=item.level,
            )  # fmt: skip
            ticket = await uow.tickets.add(plain, day=self.district.day(self.now), prefix="JL")
            self.ticket_id = ticket.id
            await uow.events.append(ticket.id, EventKind.REPORTED, at=self.now, actor=self.people["worker"])
            await call_out(uow, self.district, Case(ticket, [], []), now=self.now, by=self.people["worker"])
            await uow.commit()

    async def step(self) -> None:
        """Somebody does something that he may, or time passes."""
        if self.rng.random() < 0.25:
            await self._time()
            return
        async with self.store.begin() as uow:
            for name in self.rng.choices(list(ACTS), k=MOST_TRIES):
                if await self._try(uow, name):
                    break
            await self._deliver(uow)
            await uow.commit()
        self.now += timedelta(seconds=self.rng.choice((5, 5, 40, 900)))

    async def _try(self, uow: SqlUnitOfWork, name: str) -> bool:
        """Whether the tables let it happen."""
        try:
            async with uow.savepoint():
                await ACTS[name](self, uow)
        except Refusal:
            self.refused += 1
            return False
        self.done.append(name)
        return True

    async def _time(self) -> None:
        async with self.store.read() as uow:
            due = await uow.dues.next_moment()
        later = self.now + timedelta(minutes=self.rng.choice((1, 30, 300)))
        self.now = max(self.now, due) if due is not None and self.rng.random() < 0.6 else later
        await scan_due(self.store, self.district, now=self.now)

    async def _deliver(self, uow: SqlUnitOfWork) -> None:
        for part in await uow.assignments.of_ticket(self.ticket_id):
            for card in await uow.cards.of_subject(_assignment(part.id)) if self.rng.random() < 0.8 else ():
                await record_delivery(uow, self.district, card, now=self.now)

    async def actor(self, uow: SqlUnitOfWork, name: str) -> Actor:
        """That person in his private chat."""
        person = await uow.people.get(self.people[name])
        assert person is not None and person.private_chat_id is not None
        chat = await uow.chats.get(person.private_chat_id)
        assert chat is not None
        return identify(self.district, person, await uow.people.grants(person.id), chat)

    async def anybody(self, uow: SqlUnitOfWork, *names: str) -> Actor:
        """One of these."""
        return await self.actor(uow, self.rng.choice(names or list(ROLES)))

    async def part(self, uow: SqlUnitOfWork) -> int:
        """An assignment of the ticket."""
        parts = [part.id for part in await uow.assignments.of_ticket(self.ticket_id)]
        if not parts:
            raise Refusal()
        return self.rng.choice(parts)

    async def own(self, uow: SqlUnitOfWork) -> tuple[Actor, int]:
        """An assignment, and mostly somebody whose it is."""
        number = await self.part(uow)
        part = await uow.assignments.get(number)
        assert part is not None
        holder = {"JL01": "officer", "D33-JL01": "team"}.get(part.assignee.code, part.assignee.code)
        near = holder in self.people and self.rng.random() < 0.8
        return await (self.actor(uow, holder) if near else self.anybody(uow)), number

    async def meeting(self, uow: SqlUnitOfWork) -> int:
        """The newest meeting about it."""
        meetings = await uow.meetings.of_ticket(self.ticket_id)
        if not meetings:
            raise Refusal()
        return meetings[-1].id

    async def referral(self, uow: SqlUnitOfWork) -> int:
        """What lies before the leader, or lay there last."""
        found = await uow.referrals.of_ticket(self.ticket_id)
        if not found:
            raise Refusal()
        return found[-1].id


def _assignment(number: int) -> Subject:
    return Subject(SubjectKind.ASSIGNMENT, number)


async def _dispatch(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, unit = await w.anybody(uow, "hub"), w.rng.choice(UNITS)
    await redispatch.dispatch_by_hub(uow, w.district, actor, w.ticket_id, unit, now=w.now)


async def _told(w: Walk, uow: SqlUnitOfWork) -> None:
    await redispatch.note_told(uow, w.district, await w.actor(uow, "hub"), await w.part(uow), now=w.now)


async def _prepare(w: Walk, uow: SqlUnitOfWork) -> None:
    await call_meeting.prepare_meeting(uow, w.district, await w.anybody(uow, "hub", "leader"), w.ticket_id, now=w.now)


async def _when(w: Walk, uow: SqlUnitOfWork) -> None:
    begins = w.now + timedelta(hours=w.rng.choice((-1, 2, 30)))
    actor, number = await w.actor(uow, "hub"), await w.meeting(uow)
    await call_meeting.say_when(uow, w.district, actor, number, begins, "302", now=w.now)


async def _send(w: Walk, uow: SqlUnitOfWork) -> None:
    use = w.rng.choice((call_meeting.send_invitations, call_meeting.call_out, call_meeting.cancel_meeting))
    await use(uow, w.district, await w.actor(uow, "hub"), await w.meeting(uow), now=w.now)


async def _attend(w: Walk, uow: SqlUnitOfWork) -> None:
    invited = await uow.invitations.of_meeting(await w.meeting(uow))
    if not invited:
        raise Refusal()
    one, reply = w.rng.choice(invited), w.rng.choice(list(Reply))
    actor = await w.actor(uow, one.party.code) if one.party.code in UNITS else await w.actor(uow, "officer")
    await answer_invitation(uow, w.district, actor, one.id, reply, now=w.now, delegate="李工")


async def _minutes(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, number, text = await w.actor(uow, "hub"), await w.meeting(uow), w.rng.choice(MINUTES)
    await take_minutes.draft_minutes(uow, w.district, actor, number, text)
    await take_minutes.confirm_minutes(uow, w.district, actor, number, take_minutes.mark_of(text), now=w.now)


async def _refer(w: Walk, uow: SqlUnitOfWork) -> None:
    await refer_up.refer_up(uow, w.district, await w.actor(uow, "officer"), w.ticket_id, "", now=w.now)


async def _order(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, number, how = await w.actor(uow, "leader"), await w.referral(uow), w.rng.randrange(4)
    if how == 0:
        await order_down.order_to(uow, w.district, actor, number, w.rng.choice(UNITS), now=w.now)
    elif how == 1:
        await order_down.order_meeting(uow, w.district, actor, number, now=w.now)
    elif how == 2:
        await refer_up.pass_on(uow, w.district, actor, number, now=w.now)
    else:
        words = w.rng.choice(ORDERS)
        await order_down.hear_order(uow, w.district, actor, number, words)
        mark = take_minutes.mark_of(words)
        await order_down.confirm_order(uow, w.district, actor, number, mark, None, "", now=w.now)


async def _command(w: Walk, uow: SqlUnitOfWork) -> None:
    actor = await w.actor(uow, "officer")
    if w.rng.random() < 0.5:
        await command_team.command_team(uow, w.district, actor, w.ticket_id, now=w.now)
    else:
        await command_team.call_further(uow, w.district, actor, w.ticket_id, w.rng.choice(UNITS), now=w.now)


async def _move(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, number = await w.own(uow)
    await command_team.team_moves(uow, w.district, actor, number, arrived=w.rng.random() < 0.5, now=w.now)


async def _sign(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, number = await w.own(uow)
    await sign_assignment(uow, w.district, actor, number, now=w.now)


async def _progress(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, number = await w.own(uow)
    await note_progress(uow, w.district, actor, number, "在办", now=w.now)


async def _return(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, number = await w.own(uow)
    await request_return(uow, w.district, actor, number, "不归我们", now=w.now)


async def _rule(w: Walk, uow: SqlUnitOfWork) -> None:
    actor = await w.actor(uow, "hub")
    tasks = [task for task in await uow.hub_tasks.of_ticket(w.ticket_id) if task.is_open and task.kind == "ruling"]
    if not tasks:
        raise Refusal()
    task, unit = w.rng.choice(tasks).id, w.rng.choice(UNITS)
    if w.rng.random() < 0.3:
        await rule_return.refuse_return(uow, w.district, actor, task, now=w.now)
    else:
        use = w.rng.choice((rule_return.grant_return, rule_return.act_first))
        await use(uow, w.district, actor, task, unit, now=w.now)


async def _answer(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, number = await w.own(uow)
    await draft_answer(uow, w.district, actor, number, "办好了", 1, now=w.now)
    await send_answer(uow, w.district, actor, number, now=w.now)


async def _judge(w: Walk, uow: SqlUnitOfWork) -> None:
    actor, verdict = await w.anybody(uow, "worker", "officer", "leader"), w.rng.choice(list(Verdict))
    await evaluate(uow, w.district, actor, await w.part(uow), verdict, now=w.now)


async def _withdraw(w: Walk, uow: SqlUnitOfWork) -> None:
    if w.rng.random() > 0.1:
        raise Refusal()
    await withdraw_ticket(uow, w.district, await w.actor(uow, "officer"), w.ticket_id, "重复", now=w.now)


async def _reopen(w: Walk, uow: SqlUnitOfWork) -> None:
    await redispatch.reopen_ticket(uow, w.district, await w.actor(uow, "officer"), w.ticket_id, now=w.now)


async def _undo(w: Walk, uow: SqlUnitOfWork) -> None:
    for name in w.rng.sample(list(ROLES), len(ROLES)):
        try:
            async with uow.savepoint():
                await undo(uow, w.district, await w.actor(uow, name), w.ticket_id, now=w.now)
                return
        except UndoTooLate:
            continue
    raise Refusal()


ACTS: dict[str, Callable[[Walk, SqlUnitOfWork], Awaitable[None]]] = {
    "dispatch": _dispatch,
    "told": _told,
    "prepare": _prepare,
    "when": _when,
    "send": _send,
    "attend": _attend,
    "minutes": _minutes,
    "refer": _refer,
    "order": _order,
    "command": _command,
    "move": _move,
    "sign": _sign,
    "progress": _progress,
    "return": _return,
    "rule": _rule,
    "answer": _answer,
    "judge": _judge,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "undo": _undo,
}
