"""延期 and 挂账: a unit asks for time; whoever grants it has a card, and a clock after which silence decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.calls.verify import person_of_record
from bot.application.calls.work_on import signed
from bot.application.clocks.assignment_clocks import first_check
from bot.application.district import District
from bot.application.loading import Case, load_assignment
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face
from bot.application.requests.granting import deciding, granting_target, request_subject
from bot.application.telling import hub_chats, liaisons, offer_undo, raise_cards, street_chats, unit_chats
from bot.domain import ladders
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.errors import Refusal, TextMissing, TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.limits import Limit
from bot.domain.people import Actor
from bot.domain.permissions import Action, may, require
from bot.domain.request import Request, RequestKind, end_of, may_ask
from bot.domain.ticket import Mode, Sensitivity

ASKS = {RequestKind.EXTENSION: Action.EXTEND, RequestKind.SUSPENSION: Action.SUSPEND}
ASKED = {
    RequestKind.EXTENSION: EventKind.EXTENSION_REQUESTED,
    RequestKind.SUSPENSION: EventKind.SUSPENSION_REQUESTED,
}
NOT_SIGNED = frozenset({AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED})
REASON_LENGTH = 300


async def require_asking(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, kind: RequestKind, *, now: datetime
) -> tuple[Case, Assignment]:
    """Raises what stands in the way of asking at all, before anybody writes a reason."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, ASKS[kind], ticket_target(case.ticket, district.catalogue, [assignment]))
    if assignment.state not in {*NOT_SIGNED, AssignmentState.HANDLING}:
        raise TransitionNotAllowed(
            state=assignment.state, to=str(kind), by=assignment.last_mover, at=assignment.last_moved_at
        )
    _may_ask(district, await uow.requests.of_assignment(assignment.id), assignment, kind, now=now)
    return case, assignment


def _may_ask(
    district: District, asked: Sequence[Request], assignment: Assignment, kind: RequestKind, *, now: datetime
) -> None:
    rules = district.rules
    at_most = rules.max_extensions if kind is RequestKind.EXTENSION else rules.max_suspensions
    may_ask(asked, kind, assignment.round, at_most=at_most, due_at=assignment.due_at, now=now)


def askable(
    district: District, asked: Sequence[Request], assignment: Assignment, kind: RequestKind, *, now: datetime
) -> bool:
    """Whether the rules let that be asked now; buttons ask this."""
    try:
        _may_ask(district, asked, assignment, kind, now=now)
    except Refusal:
        return False
    return True


async def ask_extension(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, amount: Limit, reason: str, *, now: datetime
) -> Request:
    """`延期 2工作日 等配件`: granted by the caller's party."""
    asked = await require_asking(uow, district, actor, assignment_id, RequestKind.EXTENSION, now=now)
    return await _ask(uow, district, actor, *asked, reason, amount=amount, now=now)


async def ask_suspension(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    assignment_id: int,
    until: datetime | None,
    reason: str,
    *,
    now: datetime,
) -> Request:
    """`挂账 到12月1日 等产权单位`: granted by the hub; its clock stands still from then to that end."""
    asked = await require_asking(uow, district, actor, assignment_id, RequestKind.SUSPENSION, now=now)
    end = end_of(until, now=now, latest=now + district.rules.longest_suspension)
    return await _ask(uow, district, actor, *asked, reason, until=end, now=now)


async def _ask(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    case: Case,
    assignment: Assignment,
    reason: str,
    *,
    amount: Limit | None = None,
    until: datetime | None = None,
    now: datetime,
) -> Request:
    if not reason.strip():
        raise TextMissing()
    if assignment.state in NOT_SIGNED:
        await signed(uow, district, case, assignment, actor, now=now)
    kind = RequestKind.EXTENSION if amount else RequestKind.SUSPENSION
    decide_by = district.due_moment(now, district.rules.request_limit)
    request = await uow.requests.add(
        Request(
            id=0,
            kind=kind,
            ticket_id=case.ticket.id,
            assignment_id=assignment.id,
            round=assignment.round,
            reason=reason.strip()[:REASON_LENGTH],
            amount=str(amount) if amount else "",
            until=until,
            asked_by=actor.id,
            asked_at=now,
            decide_by=decide_by,
        )
    )
    first = first_check(district, ladders.REQUEST, now, district.rules.request_limit)
    await uow.dues.put(request_subject(request.id), DueKind.REQUEST, first)
    detail = {"assignment": assignment.id, "request": request.id, "amount": request.amount, "until": until}
    texts = {"reason": request.reason}
    await uow.events.append(case.ticket.id, ASKED[kind], at=now, actor=actor.id, detail=detail, texts=texts)
    await show_request(uow, district, case, assignment, request, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return request


async def show_request(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, request: Request, *, now: datetime
) -> None:
    """The card with `同意` `驳回`, before those who decide."""
    subject, silent = request_subject(request.id), not district.rings(now)
    for chat_id in await _deciders(uow, district, case, assignment, request):
        await uow.cards.want(subject, chat_id, Face.REQUEST, silent=silent, at=now)


async def _deciders(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, request: Request
) -> list[int]:
    """The hub's chats; for an extension the person of record, else others who speak for the caller, else its groups."""
    ticket = case.ticket
    if deciding(district, ticket, assignment, request.kind) is Action.GRANT_SUSPENSION:
        return [chat.id for chat in await hub_chats(uow)]
    target = granting_target(district, ticket, assignment)
    person = await person_of_record(uow, district, ticket)
    if person is not None and person.reachable and person.private_chat_id:
        actor = Actor(person, await uow.people.grants(person.id))
        if may(actor, Action.GRANT_EXTENSION, target):
            return [person.private_chat_id]
    is_two_way = ticket.mode is Mode.TWO_WAY  # then a department is the caller
    speakers = await liaisons(uow, district, ticket.caller.code if is_two_way else ticket.street)
    private = [person.private_chat_id for person in speakers if person.private_chat_id]
    if private or ticket.sensitivity is Sensitivity.SENSITIVE:
        return private
    groups = unit_chats(uow, district, ticket.caller.code) if is_two_way else street_chats(uow, ticket.street)
    return [chat.id for chat in await groups]
