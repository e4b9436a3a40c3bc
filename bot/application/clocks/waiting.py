"""What waits, as a ladder sees it: one value for a due row, loaded for many rows at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.calls.dispatching import hub_limit_of
from bot.application.clocks.assignment_clocks import INTERIM_LIMIT, due_given
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow, Subject, SubjectKind
from bot.domain import ladders
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.escalation import Ladder, RunningClock, Tells, of_clock
from bot.domain.hub_task import OUTLIVES_THE_TICKET, WITHOUT_TICKET, HubTask, HubTaskKind
from bot.domain.limits import parse_limit
from bot.domain.party import Party, PartyKind
from bot.domain.request import Request, time_given
from bot.domain.situation import covered
from bot.domain.ticket import Level, Mode, Sensitivity, Ticket

S = AssignmentState
OWED: Mapping[DueKind, frozenset[AssignmentState]] = {
    DueKind.SIGN: frozenset({S.UNSIGNED}),
    DueKind.HANDLE: frozenset({S.UNSIGNED, S.HANDLING, S.RETURN_REQUESTED, S.SUSPENDED}),
    DueKind.INTERIM: frozenset({S.UNSIGNED, S.HANDLING, S.RETURN_REQUESTED, S.SUSPENDED}),
}
"""In which states of an assignment its clocks are waited for; a request to return stops none of them."""


Words = Callable[[UnitOfWork, District, Subject, Tells, datetime, datetime], Awaitable[None]]
"""Says a step in a matter's own words: about what, to whom, now, and when people can read it."""


@dataclass(slots=True)
class Waiting:
    """Somebody is waited for. `owing` is told first; `party` says whose people those are; `what` names it in texts.

    `alert`: an emergency is declared in its street, and it climbs by the ladder for that. `says`: what waits without a
    unit that owes it has words of its own. `wakes_nobody`: it can wait for the morning, though its clock runs on.
    `asked`: the requests for time of its assignment.
    """

    row: DueRow
    ticket: Ticket
    clock: RunningClock
    ladder: Ladder
    owing: Tells
    what: str
    party: Party | None = None
    assignment: Assignment | None = None
    round: int = 1
    last_progress_at: datetime | None = None
    deciders: tuple[int, ...] = field(default_factory=tuple)
    alert: bool = False
    says: Words | None = None
    wakes_nobody: bool = False
    asked: Sequence[Request] = ()

    @property
    def urgent(self) -> bool:
        """Emergencies wait for no announcement."""
        return self.ticket.emergency

    @property
    def wakes(self) -> bool:
        """Whether a step is told at any hour."""
        return self.urgent or self.alert or (self.clock.runs_on and not self.wakes_nobody)


Loader = Callable[[UnitOfWork, District, Sequence[DueRow]], Awaitable[Mapping[int, Waiting]]]
"""From rows of one kind to what waits, by the row's id; a row whose matter has gone on is not among them."""


async def under_emergency_ladders(
    uow: UnitOfWork, district: District, kind: DueKind, waits: Collection[Waiting]
) -> None:
    """Meanwhile the ladder of the emergency holds; its steps have the names of the ordinary ones and come once.

    What is declared is read here, so that no process climbs by an older word of it.
    """
    instead = district.emergency_ladders.get(str(kind))
    streets = covered(await uow.situations.active()) if instead is not None and waits else frozenset()
    for waiting in waits:
        if instead is not None and waiting.ticket.street in streets:
            waiting.ladder, waiting.alert = instead, True


async def load_clocks(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """The clocks of assignments, in four statements however many there are."""
    ids = {row.subject.id for row in rows if row.subject.kind is SubjectKind.ASSIGNMENT}
    parts = await uow.assignments.of_ids(ids)
    tickets = await uow.tickets.of_ids({part.ticket_id for part in parts.values()})
    given = await uow.requests.of_assignments(ids)
    found: dict[int, Waiting] = {}
    for row in rows:
        part = parts.get(row.subject.id)
        ticket = tickets.get(part.ticket_id) if part else None
        if part is None or ticket is None or ticket.ending is not None or part.state not in OWED[row.kind]:
            continue
        if row.kind is DueKind.INTERIM and not _is_word_awaited(part):
            continue
        found[row.id] = Waiting(
            row=row,
            ticket=ticket,
            clock=clock_of(district, part, row.kind, given[part.id]),
            ladder=_ladder(district, part, row.kind),
            owing=Tells.LIAISON,
            what=str(row.kind),
            party=part.assignee,
            assignment=part,
            round=part.round,
            last_progress_at=part.last_progress_at,
            asked=given[part.id],
        )
    return found


def _is_word_awaited(part: Assignment) -> bool:
    return part.word_owed and (part.last_progress_at is None or part.last_progress_at < part.clock_start)


def _ladder(district: District, part: Assignment, kind: DueKind) -> Ladder:
    return _copied(district, part.ladder, str(kind))


def _copied(district: District, own: Sequence[Mapping[str, object]], clock: str) -> Ladder:
    """The matter's own copy; what began before ladders were copied has the district's."""
    return of_clock(own, clock) if own else district.ladders.get(clock, ())


def clock_of(district: District, part: Assignment, kind: DueKind, given: Sequence[Request]) -> RunningClock:
    """The clock that runs for signing, for handling with all that was granted, or for a word on the way."""
    if kind is DueKind.SIGN:
        return RunningClock(part.clock_start, parse_limit(part.sign_limit), part.sign_due_at)
    if kind is DueKind.INTERIM:
        due = district.due_moment(part.clock_start, INTERIM_LIMIT)
        return RunningClock(part.clock_start, parse_limit(INTERIM_LIMIT), due)
    pauses, extensions = time_given(given, part.round)
    limit = parse_limit(part.handle_limit)
    for extension in extensions:
        limit += extension
    due_at = due_given(district, part, given).due_at if given else part.due_at
    return RunningClock(part.clock_start, limit, due_at, tuple(pauses))


async def load_starts(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """Calls that the street's officer has not started."""
    tickets = await uow.tickets.of_ids({row.subject.id for row in rows})
    limit = parse_limit(district.rules.start_limit)
    found: dict[int, Waiting] = {}
    for row in rows:
        ticket = tickets.get(row.subject.id)
        if ticket is None or ticket.ending is not None or not ticket.start_awaited:
            continue
        since = ticket.start_since or ticket.created_at
        clock = RunningClock(
            since, limit, ticket.start_due_at or district.due_moment(since, district.rules.start_limit)
        )
        ladder = _copied(district, ticket.start_ladder, ladders.START)
        street = Party(PartyKind.STREET, ticket.street)
        wait = int(since.timestamp()) // 60  # what waits a second time is reminded of again
        found[row.id] = Waiting(row, ticket, clock, ladder, Tells.OFFICER, "start", street, round=wait)
    return found


async def load_hub_tasks(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """What the hub owes: dispatch, rulings, supervision; its clock is measured from when the task was opened."""
    found: dict[int, Waiting] = {}
    for row in rows:
        task = await uow.hub_tasks.get(row.subject.id)
        ticket = await uow.tickets.get(task.ticket_id) if task and task.ticket_id else None
        if task is not None and task.is_open and task.kind in WITHOUT_TICKET:
            found[row.id] = _without_ticket(district, task, row)
        if task is None or ticket is None or not task.is_open:
            continue
        if ticket.ending is None or task.kind in OUTLIVES_THE_TICKET:
            limit = task.time_limit or hub_limit_of(district, task.kind, emergency=ticket.emergency)
            clock = RunningClock(task.created_at, parse_limit(limit), task.due_at)
            ladder = _copied(district, task.ladder, ladders.HUB_TASK)
            if not task.time_limit:  # it waits for a meeting: a share of that would mean nothing
                ladder = [rung for rung in ladder if rung.share is None]
            if task.kind is HubTaskKind.SUPERVISION:  # the unit's own ladder leads to the same leader
                ladder = [rung for rung in ladder if not rung.tells_superior]
            found[row.id] = Waiting(row, ticket, clock, ladder, Tells.DISPATCHER, str(task.kind))
    return found


def _without_ticket(district: District, task: HubTask, row: DueRow) -> Waiting:
    """No case and no street, so no leader either: the dispatchers are told, and again each working day."""
    clock = RunningClock(task.created_at, parse_limit(task.time_limit or district.rules.hub_limit), task.due_at)
    ladder = [rung for rung in _copied(district, task.ladder, ladders.HUB_TASK) if not rung.tells_superior]
    return Waiting(row, no_case(task), clock, ladder, Tells.DISPATCHER, str(task.kind))


def no_case(task: HubTask) -> Ticket:
    """Stands where a step names its case, for a task that has none: nothing but the task's own words."""
    return stand_in(task.words, task.created_at)


def stand_in(words: str, since: datetime, *, street: str = "") -> Ticket:
    """No case and its place: id 0, no code."""
    return Ticket(
        id=0,
        code="",
        mode=Mode.DIRECT,
        level=Level.ORDINARY,
        item="",
        item_name=words,
        catalogue_version=0,
        sensitivity=Sensitivity.PUBLIC,
        emergency=False,
        text="",
        place="",
        street=street,
        community="",
        caller=Party(PartyKind.HUB, "hub"),
        reporter_id=0,
        created_at=since,
    )


async def load_verifications(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """Who is asked how well it went; after the deadline silence closes the case without an evaluation."""
    return await _load_parts(uow, district, rows, S.REPORTED, district.rules.verification_limit, Tells.CALLER)


async def load_releases(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """Answers that wait for the department leader's signature."""
    return await _load_parts(uow, district, rows, S.ANSWER_DRAFTED, district.rules.release_limit, Tells.DECIDER)


async def _load_parts(
    uow: UnitOfWork,
    district: District,
    rows: Sequence[DueRow],
    state: AssignmentState,
    limit: str,
    owing: Tells,
) -> Mapping[int, Waiting]:
    parts = await uow.assignments.of_ids({row.subject.id for row in rows})
    tickets = await uow.tickets.of_ids({part.ticket_id for part in parts.values()})
    found: dict[int, Waiting] = {}
    for row in rows:
        part = parts.get(row.subject.id)
        ticket = tickets.get(part.ticket_id) if part else None
        start = (part.reported_at if state is S.REPORTED else part.last_moved_at) if part else None
        if part is None or ticket is None or start is None or part.state is not state:
            continue
        clock = RunningClock(start, parse_limit(limit), district.due_moment(start, limit))
        ladder = district.ladders.get(str(row.kind), ())
        found[row.id] = Waiting(row, ticket, clock, ladder, owing, str(row.kind), part.assignee, part, part.round)
    return found


async def load_requests(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """Requests for time that nobody has answered."""
    found: dict[int, Waiting] = {}
    for row in rows:
        request = await uow.requests.get(row.subject.id)
        part = await uow.assignments.get(request.assignment_id) if request and request.is_open else None
        ticket = await uow.tickets.get(request.ticket_id) if request and part else None
        if request is None or part is None or ticket is None or ticket.ending is not None:
            continue
        clock = RunningClock(request.asked_at, parse_limit(district.rules.request_limit), request.decide_by)
        ladder = district.ladders.get(ladders.REQUEST, ())
        chats = tuple(card.chat_id for card in await uow.cards.of_subject(row.subject))
        found[row.id] = Waiting(
            row, ticket, clock, ladder, Tells.DECIDER, str(request.kind), part.assignee, part, part.round, None, chats
        )
    return found
