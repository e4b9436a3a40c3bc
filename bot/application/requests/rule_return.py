"""裁决: the hub agrees to whom, refuses, or says who acts first; nobody who belongs to one of the sides rules."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import dispatch_to_unit, open_hub_task, terms_of
from bot.application.calls.redispatch import unit_named
from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.hub_tasks import finish_task
from bot.application.learning.corrections import keep_ruling
from bot.application.loading import Case, load_assignment, load_case
from bot.application.people import succession
from bot.application.ports import UnitOfWork
from bot.application.records import Subject, SubjectKind
from bot.application.requests.rulings import close_requests, decide, open_request, stands_outside, tell_result
from bot.application.telling import offer_undo, raise_cards
from bot.domain.assignment import OPEN_STATES, Assignment, AssignmentState, move
from bot.domain.correction import Origin
from bot.domain.errors import ButtonStale
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.people import Actor
from bot.domain.returning import Outcome, Ruling


async def load_request(
    uow: UnitOfWork, district: District, actor: Actor, task_id: int, unit_code: str = ""
) -> tuple[HubTask, Case, Assignment]:
    """The open task of a ruling with its parts; raises `BothSides` for who belongs to street or units of it."""
    task = await _task(uow, task_id, HubTaskKind.RULING)
    case, part = await load_assignment(uow, task.assignment_id or 0)
    stands_outside(district, actor, case, [part.assignee.code, unit_code])
    if part.state is not AssignmentState.RETURN_REQUESTED:
        raise ButtonStale()
    return task, case, part


async def _task(uow: UnitOfWork, task_id: int, kind: HubTaskKind) -> HubTask:
    task = await uow.hub_tasks.get(task_id, for_update=True)
    if task is None or not task.is_open or task.kind is not kind:
        raise ButtonStale()
    return task


async def refuse_return(uow: UnitOfWork, district: District, actor: Actor, task_id: int, *, now: datetime) -> Case:
    """`驳回`: the unit keeps the matter, on the clock that never stopped."""
    task, case, part = await load_request(uow, district, actor, task_id)
    await _go_on(uow, district, part, actor, now=now)
    detail = {"assignment": part.id, "outcome": str(Outcome.KEPT)}
    await uow.events.append(case.ticket.id, EventKind.RETURN_REFUSED, at=now, actor=actor.id, detail=detail)
    await close_requests(uow, case, Outcome.KEPT, part.assignee.code, actor.id, now=now)
    await _ruled(uow, district, case, task, Outcome.KEPT, part, part, actor, now=now)
    return case


async def grant_return(
    uow: UnitOfWork, district: District, actor: Actor, task_id: int, unit_code: str, *, now: datetime
) -> Case:
    """`同意→X`: the call goes to that unit with clocks of its own; who signed stays liable until it has signed."""
    _, case, part = await load_request(uow, district, actor, task_id)
    code = _code_named(district, case, part, unit_code)
    task, case, part = await load_request(uow, district, actor, task_id, code)
    if code == part.assignee.code:
        return await refuse_return(uow, district, actor, task_id, now=now)
    unit = district.catalogue.unit(code)
    new = await _hand_over(uow, district, case, part, unit.code, actor, now=now)
    detail = {"assignment": part.id, "outcome": str(Outcome.MOVED), "to": unit.code}
    await uow.events.append(case.ticket.id, EventKind.RULED, at=now, actor=actor.id, detail=detail)
    await close_requests(uow, case, Outcome.MOVED, unit.code, actor.id, now=now)
    await keep_ruling(uow, district, case, unit, Origin.RETURN_GRANTED, by=actor.id, now=now)
    await _ruled(uow, district, case, task, Outcome.MOVED, new, part, actor, now=now)
    return case


async def act_first(
    uow: UnitOfWork, district: District, actor: Actor, task_id: int, unit_code: str, *, now: datetime
) -> Case:
    """`先办后议`: who acts now is said, and the quarrel goes on as a dispute with a clock of its own."""
    _, case, part = await load_request(uow, district, actor, task_id)
    code = _code_named(district, case, part, unit_code)
    task, case, part = await load_request(uow, district, actor, task_id, code)
    request = await open_request(uow, case.ticket.id)
    acting = part
    if code == part.assignee.code:
        await _go_on(uow, district, part, actor, now=now)
    else:
        acting = await _hand_over(uow, district, case, part, code, actor, now=now)
    detail = {"assignment": part.id, "outcome": str(Outcome.ACT_FIRST), "to": code}
    await uow.events.append(case.ticket.id, EventKind.RULED, at=now, actor=actor.id, detail=detail)
    await close_requests(uow, case, Outcome.ACT_FIRST, code, actor.id, now=now)
    if request is not None and await open_request(uow, case.ticket.id, is_dispute=True) is None:
        await _open_dispute(uow, district, case, request, actor, now=now)
    await _ruled(uow, district, case, task, Outcome.ACT_FIRST, acting, part, actor, now=now)
    return case


async def settle_dispute(
    uow: UnitOfWork, district: District, actor: Actor, task_id: int, unit_code: str, *, now: datetime
) -> Case:
    """`认定→X`: whose duty it is, as a precedent; who has acted is not disturbed, filed or not."""
    task = await _task(uow, task_id, HubTaskKind.DISPUTE)
    case = await load_case(uow, task.ticket_id or 0, for_update=True)
    asked = next(part for part in case.assignments if part.id == task.assignment_id)
    code = _code_named(district, case, asked, unit_code)
    stands_outside(district, actor, case, [asked.assignee.code, code])
    dispute = await open_request(uow, case.ticket.id, is_dispute=True)
    if dispute is not None:
        await decide(uow, dispute, Outcome.SETTLED, code, actor.id, now=now)
    detail = {"assignment": asked.id, "to": code}
    await uow.events.append(case.ticket.id, EventKind.DISPUTE_SETTLED, at=now, actor=actor.id, detail=detail)
    if code in district.catalogue.units:
        unit = district.catalogue.units[code]
        await keep_ruling(uow, district, case, unit, Origin.RETURN_GRANTED, by=actor.id, now=now)
    await finish_task(uow, task, actor.id, now=now)
    holder = next((p for p in reversed(case.assignments) if p.assignee.code == code), None)
    await tell_result(
        uow,
        district,
        case,
        Outcome.SETTLED,
        code,
        asked,
        holder,
        now=now,
        key=f"dispute:{task.id}:{now.isoformat()}",
    )
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case


def _code_named(district: District, case: Case, part: Assignment, named: str) -> str:
    """Who asked to return it need not be a unit: a department may have called a street."""
    asker = part.assignee.code
    return asker if named in {asker, district.catalogue.party_name(asker)} else unit_named(district, case, named).code


async def _go_on(uow: UnitOfWork, district: District, part: Assignment, actor: Actor, *, now: datetime) -> None:
    if part.prior_state is not None:
        move(part, part.prior_state, now=now, by=actor.id)
        await schedule(uow, district, part, now=now)
    await succession.yield_to(uow, [part], None)


async def _hand_over(
    uow: UnitOfWork, district: District, case: Case, part: Assignment, unit_code: str, actor: Actor, *, now: datetime
) -> Assignment:
    """The matter goes from that part to the unit; one that has it already, liable from before, goes on alone."""
    liable = [p for p in case.assignments if p.yields_to == part.id and p.state in OPEN_STATES]
    known = next((p for p in liable if p.assignee.code == unit_code), None)
    if known is not None:
        await _go_on(uow, district, known, actor, now=now)
        successor = known
    else:
        unit = district.catalogue.unit(unit_code)
        round_ = max(p.round for p in case.assignments)
        terms = terms_of(part)
        successor = await dispatch_to_unit(uow, district, case, unit, now=now, by=actor.id, round_=round_, terms=terms)
        successor.is_lead, successor.task = part.is_lead, part.task
        await uow.assignments.save(successor)
    waits = known is None and succession.stays_liable(part)
    if waits:
        await succession.yield_to(uow, [part], successor)
    else:
        await succession.take_away(uow, case, part, actor.id, now=now)
    await succession.yield_to(uow, [p for p in liable if p is not known], successor if known is None else known)
    return successor


async def _open_dispute(
    uow: UnitOfWork, district: District, case: Case, request: Ruling, actor: Actor, *, now: datetime
) -> None:
    dispute = Ruling(
        id=0,
        ticket_id=request.ticket_id,
        assignment_id=request.assignment_id,
        item=request.item,
        unit=request.unit,
        number=request.number,
        ground=request.ground,
        named=request.named,
        asked_at=now,
        asked_by=request.asked_by,
        asked_seq=request.asked_seq,
        is_dispute=True,
    )
    await uow.rulings.add(dispute)
    detail = {"assignment": request.assignment_id}
    await uow.events.append(case.ticket.id, EventKind.DISPUTE_OPENED, at=now, actor=actor.id, detail=detail)
    await open_hub_task(uow, district, case, HubTaskKind.DISPUTE, now=now, assignment_id=request.assignment_id)


async def _ruled(
    uow: UnitOfWork,
    district: District,
    case: Case,
    task: HubTask,
    outcome: Outcome,
    holder: Assignment,
    asked: Assignment,
    actor: Actor,
    *,
    now: datetime,
) -> None:
    await finish_task(uow, task, actor.id, now=now)
    await tell_result(
        uow, district, case, outcome, holder.assignee.code, asked, holder, now=now, key=f"{task.id}:{now.isoformat()}"
    )
    await raise_cards(uow, case)
    await uow.cards.want_all(Subject(SubjectKind.HUB_TASK, task.id))
    await offer_undo(uow, district, case.ticket.id, now=now)
