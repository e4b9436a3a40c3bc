"""The single steps by which a press is taken back: the reverse moves of the table, with their clocks and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.calls.start_clock import await_start_again, show_starts
from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Subject, SubjectKind
from bot.application.telling import assignment_subject, ticket_subject
from bot.domain.assignment import Assignment, AssignmentState, move
from bot.domain.errors import UndoTooLate
from bot.domain.events import Event, EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor
from bot.domain.returning import Outcome
from bot.domain.ticket import Ending, Mode

S = AssignmentState


async def _back(uow: UnitOfWork, part: Assignment, to: AssignmentState, actor: Actor, *, now: datetime) -> None:
    move(part, to, now=now, by=actor.id, undo=True)
    await uow.assignments.save(part)


async def unsign(uow: UnitOfWork, district: District, part: Assignment, actor: Actor, *, now: datetime) -> None:
    """Not signed after all; the clock for signing runs on from where it began."""
    await _back(uow, part, S.UNSIGNED, actor, now=now)
    part.signed_at = part.signed_by = None
    await uow.assignments.save(part)
    await schedule(uow, district, part, now=now)


async def unreport(
    uow: UnitOfWork, district: District, part: Assignment, actor: Actor, *, released: bool, now: datetime
) -> None:
    """Not reported after all: it is being handled, or waits for the signature again."""
    await _back(uow, part, S.ANSWER_DRAFTED if released else S.HANDLING, actor, now=now)
    subject = assignment_subject(part.id)
    await uow.dues.drop(subject)
    if released:
        await uow.dues.put(subject, DueKind.RELEASE, now)
    await schedule(uow, district, part, now=now)


async def unaccept(
    uow: UnitOfWork, district: District, case: Case, part: Assignment, actor: Actor, *, now: datetime
) -> None:
    """The verdict is taken back and the question stands again."""
    await _back(uow, part, S.REPORTED, actor, now=now)
    await _forget_verdict(uow, district, case, part)
    case.ticket.ending = case.ticket.ended_at = None
    await uow.tickets.save(case.ticket)


async def unrework(
    uow: UnitOfWork, district: District, case: Case, part: Assignment, actor: Actor, *, now: datetime
) -> None:
    """`未解决` is taken back: the answer that was given stands again, in its round."""
    await _back(uow, part, S.REPORTED, actor, now=now)
    part.round -= 1
    texts = await uow.events.texts_of(case.ticket.id)
    answers = sorted(seq for seq, name in texts if name == "public")
    if answers:
        part.report_text = texts.get((answers[-1], "text"), "")
        part.report_public = texts.get((answers[-1], "public"), "")
    await uow.assignments.save(part)
    await uow.dues.drop(assignment_subject(part.id))
    await _forget_verdict(uow, district, case, part)


async def _forget_verdict(uow: UnitOfWork, district: District, case: Case, part: Assignment) -> None:
    own = [e for e in await uow.evaluations.of_ticket(case.ticket.id) if e.assignment_id == part.id]
    await uow.evaluations.remove(own[-1].id)
    await uow.dues.put(assignment_subject(part.id), DueKind.VERIFICATION, own[-1].at)


async def revive(
    uow: UnitOfWork, district: District, case: Case, parts: Sequence[Assignment], actor: Actor, *, now: datetime
) -> None:
    """The ticket goes on; these assignments stand where they stood."""
    case.ticket.ending = case.ticket.ended_at = None
    await uow.tickets.save(case.ticket)
    for part in parts:
        if part.prior_state is None:
            raise UndoTooLate()
        await _back(uow, part, part.prior_state, actor, now=now)
        if part.state is S.RETURN_REQUESTED:  # a refusal leads back to where the unit stood when it asked
            part.prior_state = S.HANDLING if part.signed_at is not None else S.UNSIGNED
            await uow.assignments.save(part)
        await schedule(uow, district, part, now=now)
        if part.state is S.ANSWER_DRAFTED:
            release = district.due_moment(now, district.rules.release_limit)
            await uow.dues.put(assignment_subject(part.id), DueKind.RELEASE, release)
        if part.state is S.REPORTED:
            await uow.dues.put(assignment_subject(part.id), DueKind.VERIFICATION, now)


async def call_off(
    uow: UnitOfWork, case: Case, parts: Sequence[Assignment], actor: Actor, *, since: datetime, now: datetime
) -> None:
    """What the press sent out is cancelled, with the tasks that it gave to the hub."""
    for part in parts:
        move(part, S.CANCELLED, now=now, by=actor.id)
        await uow.assignments.save(part)
        await uow.dues.drop(assignment_subject(part.id))
    for task in case.hub_tasks:
        if task.is_open and task.created_at >= since:
            task.done_at, task.done_by = now, actor.id
            await uow.hub_tasks.save(task)
            await uow.dues.drop(Subject(SubjectKind.HUB_TASK, task.id))


async def wait_for_start(uow: UnitOfWork, district: District, case: Case, *, now: datetime) -> None:
    """The call waits for the officer again."""
    await await_start_again(uow, district, case.ticket, now=now)
    await show_starts(uow, district, case.ticket.street, now=now)


async def keep_again(
    uow: UnitOfWork, district: District, case: Case, actor: Actor, *, since: datetime, now: datetime
) -> None:
    """The street keeps it after all."""
    case.ticket.mode, case.ticket.start_awaited = Mode.SELF, False
    await uow.tickets.save(case.ticket)
    await uow.dues.drop(ticket_subject(case.ticket.id), DueKind.START)
    own = [p for p in case.assignments if p.assignee == case.ticket.caller and p.ended_at == since]
    for part in own:
        await _back(uow, part, S.HANDLING, actor, now=now)
        await schedule(uow, district, part, now=now)


async def call_back_to_community(uow: UnitOfWork, case: Case) -> None:
    """The community is the caller again, and nothing waits for the officer."""
    case.ticket.caller, case.ticket.start_awaited = Party(PartyKind.COMMUNITY, case.ticket.community), False
    await uow.tickets.save(case.ticket)
    await uow.dues.drop(ticket_subject(case.ticket.id), DueKind.START)


async def unrule(uow: UnitOfWork, case: Case, parts: Sequence[Assignment], actor: Actor, *, since: datetime) -> None:
    """The ruling of that moment is taken back: the request waits again, and no dispute came of it."""
    for part in parts:
        if part.state in {S.UNSIGNED, S.HANDLING}:
            move(part, S.RETURN_REQUESTED, now=since, by=actor.id)
        part.yields_to = None
        await uow.assignments.save(part)
    for ruling in await uow.rulings.of_ticket(case.ticket.id):
        if ruling.is_dispute and ruling.asked_at == since:
            ruling.outcome, ruling.decided_at = Outcome.LAPSED, since
            await uow.rulings.save(ruling)
        elif ruling.decided_at == since:
            ruling.outcome = ruling.decided_at = ruling.decided_by = None
            ruling.to_unit = ""
            await uow.rulings.save(ruling)


async def give_back(uow: UnitOfWork, part: Assignment, press: Sequence[Event]) -> None:
    """Who did the work before, or nobody, does it again."""
    texts = await uow.events.texts_of(part.ticket_id)
    before = (texts.get((event.seq, "before")) for event in press if event.kind is EventKind.HANDED_ON)
    part.handler_name = next((name for name in before if name), "")
    await uow.assignments.save(part)


async def unsay(uow: UnitOfWork, case: Case, part: Assignment, actor: Actor) -> None:
    """The reason is not given; the verdict stands."""
    for evaluation in await uow.evaluations.of_ticket(case.ticket.id):
        if evaluation.assignment_id == part.id and evaluation.by == actor.id:
            evaluation.reason = ""
            await uow.evaluations.save(evaluation)
    await uow.cards.want_all(assignment_subject(part.id))


async def undeliver(uow: UnitOfWork, part: Assignment, actor: Actor, *, now: datetime) -> None:
    """Nobody has been told yet."""
    move(part, S.UNDELIVERED, now=now, by=actor.id)
    part.delivered_at = None
    await uow.assignments.save(part)
    await uow.dues.drop(assignment_subject(part.id))


async def reopen_tasks(uow: UnitOfWork, case: Case, since: datetime, *kinds: HubTaskKind) -> None:
    """What the press finished for the hub waits again; a look at it at once finds the next step of its ladder."""
    for task in case.hub_tasks:
        if task.done_at == since and task.kind in (kinds or HubTaskKind):
            task.done_at = task.done_by = None
            await uow.hub_tasks.save(task)
            await uow.dues.put(Subject(SubjectKind.HUB_TASK, task.id), DueKind.HUB_TASK, since)


async def close_again(uow: UnitOfWork, case: Case, *, now: datetime) -> None:
    """The filed ticket is filed again."""
    case.ticket.ending, case.ticket.ended_at = Ending.CLOSED, now
    await uow.tickets.save(case.ticket)
