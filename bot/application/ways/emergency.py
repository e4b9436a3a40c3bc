"""应急状态: declared, called out, written down in one log, ended; what a street did first is handed over as its own case."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from bot.application.calls.keep_ticket import keep
from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face, Outgoing, Priority, Subject, SubjectKind
from bot.application.telling import assignment_subject, street_chats, tell, ticket_subject
from bot.domain import routing
from bot.domain.assignment import AssignmentState
from bot.domain.chat import Chat, ChatKind
from bot.domain.errors import ButtonStale, NothingToDo, TextMissing
from bot.domain.events import EventKind
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, Target, require
from bot.domain.situation import Entry, EntryKind, Situation, SituationState
from bot.domain.ticket import Level, Mode, Sensitivity, Ticket

TAKEN_BACK_TO = timedelta(hours=12)
"""How long before the declaration a street's own log may have begun."""

LONGEST_TITLE, LONGEST_ENTRY = 60, 500
CLOCKS_RUN = frozenset({AssignmentState.UNSIGNED, AssignmentState.HANDLING, AssignmentState.RETURN_REQUESTED})


def subject_of(situation: Situation) -> Subject:
    """The emergency as a subject."""
    return Subject(SubjectKind.SITUATION, situation.id)


async def propose(
    uow: UnitOfWork, district: District, actor: Actor, chat: Chat, streets: Sequence[str], title: str, *, now: datetime
) -> Situation:
    """`应急 启动 …`: shown to the one who declares before it goes to anybody else."""
    for street in streets:
        require(actor, Action.DECLARE, Target(streets=frozenset({street})))
    if not title.strip() or not streets:
        raise TextMissing()
    situation = await uow.situations.add(
        Situation(0, SituationState.PROPOSED, title.strip()[:LONGEST_TITLE], list(streets), actor.id, chat.id, now)
    )
    await uow.cards.want(subject_of(situation), chat.id, Face.SITUATION, silent=True, at=now)
    return situation


async def _load(uow: UnitOfWork, situation_id: int, state: SituationState) -> Situation:
    situation = await uow.situations.get(situation_id, for_update=True)
    if situation is None or situation.state is not state:
        raise ButtonStale()
    return situation


async def declare(uow: UnitOfWork, district: District, actor: Actor, situation_id: int, *, now: datetime) -> Situation:
    """It holds from now on: every chat it concerns has one message, which rings at any hour."""
    situation = await _load(uow, situation_id, SituationState.PROPOSED)
    for street in situation.streets:
        require(actor, Action.DECLARE, Target(streets=frozenset({street})))
    situation.state, situation.declared_at, situation.declared_by = SituationState.ACTIVE, now, actor.id
    await uow.situations.save(situation)
    for street in situation.streets:
        await uow.situations.take_over(situation.id, street, since=now - TAKEN_BACK_TO)
    for chat in await _concerned(uow, district, situation):
        await uow.cards.want(subject_of(situation), chat.id, Face.SITUATION, priority=Priority.EMERGENCY, at=now)
    await uow.cards.want_all(subject_of(situation))
    await _other_ladder(uow, situation, EventKind.EMERGENCY_BEGAN, now=now)
    return situation


async def _other_ladder(uow: UnitOfWork, situation: Situation, kind: EventKind, *, now: datetime) -> None:
    """Every open call of these streets climbs by another ladder from now on: on record, and looked at at once."""
    tickets = await uow.tickets.open_in(streets=set(situation.streets))
    by_ticket = await uow.assignments.of_tickets([ticket.id for ticket in tickets])
    for ticket in tickets:
        texts, detail = {"text": situation.title}, {"situation": situation.id}
        await uow.events.append(ticket.id, kind, at=now, actor=None, detail=detail, texts=texts)
        for part in by_ticket[ticket.id]:
            if part.state in CLOCKS_RUN:
                await uow.dues.put(assignment_subject(part.id), DueKind.HANDLE, now)
            if part.state is AssignmentState.UNSIGNED:
                await uow.dues.put(assignment_subject(part.id), DueKind.SIGN, now)
    ids = {ticket.id for ticket in tickets}
    for task in await uow.hub_tasks.open():
        if task.ticket_id in ids:
            await uow.dues.put(Subject(SubjectKind.HUB_TASK, task.id), DueKind.HUB_TASK, now)


async def drop(uow: UnitOfWork, actor: Actor, situation_id: int) -> Situation:
    """`不启动`."""
    situation = await _load(uow, situation_id, SituationState.PROPOSED)
    require(actor, Action.DECLARE, Target(streets=frozenset(situation.streets)))
    situation.state = SituationState.DROPPED
    await uow.situations.save(situation)
    await uow.cards.want_all(subject_of(situation))
    return situation


def codes_concerned(district: District, streets: Set[str]) -> frozenset[str]:
    """Whose chats are called: the hub, the streets with their communities and offices, who leads an emergency of the list
    there, and the departments that config adds."""
    catalogue = district.catalogue
    urgent = [item for item in catalogue.items.values() if item.emergency]
    leading = [routing.lead_unit(catalogue, item, street) for item in urgent for street in streets]
    return frozenset(
        {"hub"}
        | streets
        | {community.code for community in catalogue.communities.values() if community.street in streets}
        | {unit.code for unit in catalogue.units.values() if unit.street in streets}
        | {code for unit in leading if unit for code in routing.covering_codes(catalogue, unit.code)}
        | district.rules.emergency_departments
    )


async def _concerned(uow: UnitOfWork, district: District, situation: Situation) -> list[Chat]:
    codes = codes_concerned(district, set(situation.streets))
    bound = await uow.chats.all_bound()
    return [c for c in bound if c.of in codes and c.kind is not ChatKind.MIXED and c.unreachable_since is None]


def party_of(actor: Actor, chat: Chat) -> str:
    """For whom this person speaks here: the group's party, in private the one whose role he holds."""
    if chat.is_group:
        return chat.of
    return next((grant.of for grant in sorted(actor.grants, key=str) if grant.of), "")


async def answer_call(
    uow: UnitOfWork, actor: Actor, chat: Chat, situation_id: int, kind: EntryKind, *, now: datetime
) -> Situation:
    """`收到` and `到场`: by party, each once; the second press changes nothing."""
    situation = await _load(uow, situation_id, SituationState.ACTIVE)
    party = party_of(actor, chat)
    require(actor, Action.ANSWER_CALL, Target(streets=frozenset({party}), units=frozenset({party})))
    said = {(entry.kind, entry.party) for entry in await uow.situations.entries(situation.id)}
    if (kind, party) not in said:
        await uow.situations.log(Entry(0, situation.id, kind, party, "", actor.id, now))
        await uow.cards.want_all(subject_of(situation))
    return situation


async def write_down(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    chat: Chat,
    text: str,
    *,
    acted: bool,
    hidden: bool,
    now: datetime,
    situation_id: int | None = None,
) -> Situation | None:
    """A line of the log. `acted`: 先行处置, which a street writes down before anything is declared, too."""
    party = party_of(actor, chat)
    require(actor, Action.ANSWER_CALL, Target(streets=frozenset({party}), units=frozenset({party})))
    if not text.strip():
        raise TextMissing()
    street = _street_of(district, party)
    active = await uow.situations.active()
    meant = [one for one in active if one.id == situation_id] if situation_id is not None else active
    situation = next((one for one in meant if not street or street in one.streets), None)
    if situation is None and not acted:
        raise NothingToDo()
    kind = EntryKind.ACTED if acted else EntryKind.NOTED
    line = Entry(
        0, situation.id if situation else None, kind, party, street, actor.id, now, text.strip()[:LONGEST_ENTRY], hidden
    )
    await uow.situations.log(line)
    if situation is not None:
        await uow.cards.want_all(subject_of(situation))
    return situation


def _street_of(district: District, party: str) -> str:
    catalogue = district.catalogue
    if party in catalogue.streets:
        return party
    if party in catalogue.communities:
        return catalogue.communities[party].street
    unit = catalogue.units.get(party)
    return unit.street if unit else ""


async def end(uow: UnitOfWork, district: District, actor: Actor, situation_id: int, *, now: datetime) -> Situation:
    """`结束应急`: ordinary clocks again; each street that acted first has a case of its own, everybody the summary."""
    situation = await _load(uow, situation_id, SituationState.ACTIVE)
    for street in situation.streets:
        require(actor, Action.DECLARE, Target(streets=frozenset({street})))
    situation.state, situation.ended_at, situation.ended_by = SituationState.ENDED, now, actor.id
    await uow.situations.save(situation)
    await _other_ladder(uow, situation, EventKind.EMERGENCY_ENDED, now=now)
    entries = await uow.situations.entries(situation.id)
    for street in situation.streets:
        acted = [entry for entry in entries if entry.kind is EntryKind.ACTED and entry.street == street]
        if acted:
            await _hand_over(uow, district, actor, situation, street, acted, now=now)
    await uow.cards.want_all(subject_of(situation))
    params = await summary(uow, district, situation)
    for chat in await _concerned(uow, district, situation):
        message = Outgoing(
            kind="situation-ended",
            chat_id=chat.id,
            params=params,
            subject=subject_of(situation),
            dedupe_key=f"situation:{situation.id}:ended:c{chat.id}",
        )
        await tell(uow, district, message, now=now)
    return situation


async def _hand_over(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    situation: Situation,
    street: str,
    acted: Sequence[Entry],
    *,
    now: datetime,
) -> None:
    """What the street did first goes on as its own case, with the log as its words."""
    hidden = any(entry.hidden for entry in acted)
    ticket = await uow.tickets.add(
        Ticket(
            id=0,
            code="",
            mode=Mode.SELF,
            level=Level.ORDINARY,
            item="",
            item_name=situation.title,
            catalogue_version=district.catalogue.version,
            sensitivity=Sensitivity.SENSITIVE if hidden else Sensitivity.PUBLIC,
            emergency=False,
            text="\n".join(f"{district.local(entry.at):%m-%d %H:%M} {entry.text}" for entry in acted),
            place="",
            street=street,
            community="",
            caller=Party(PartyKind.STREET, street),
            reporter_id=acted[0].by,
            created_at=now,
        ),
        day=district.day(now),
        prefix=district.rules.ticket_prefix,
    )
    detail = {"situation": situation.id, "street": street}
    await uow.events.append(
        ticket.id, EventKind.REPORTED, at=now, actor=actor.id, detail=detail, texts={"text": ticket.text}
    )
    await keep(uow, district, Case(ticket, [], []), actor, now=now)
    for chat in await street_chats(uow, street):
        await uow.cards.want(ticket_subject(ticket.id), chat.id, Face.CALLER, silent=not district.rings(now), at=now)


async def summary(uow: UnitOfWork, district: District, situation: Situation) -> dict[str, object]:
    """Numbers by party and by case, never by person; open cases by their codes."""
    from_, until = situation.declared_at or situation.created_at, situation.ended_at
    tickets = await uow.tickets.listed(limit=1000, after=from_, before=until)
    there = [ticket for ticket in tickets if ticket.street in situation.streets]
    open_ = [ticket.code for ticket in there if ticket.ending is None]
    entries = await uow.situations.entries(situation.id)
    return {
        "title": situation.title,
        "streets": [district.catalogue.party_name(street) for street in situation.streets],
        "declared_at": from_,
        "ended_at": until,
        "case_count": len(there),
        "open": open_[:6],
        "open_count": len(open_),
        "line_count": sum(1 for entry in entries if entry.text),
    }
