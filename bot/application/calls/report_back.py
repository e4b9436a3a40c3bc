"""回告: drafted from what was written, looked at once, sent; where config asks, the department leader signs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.calls.verify import answers_to_who_ordered, ask_verification, person_of_record
from bot.application.calls.work_on import signed
from bot.application.clocks.assignment_clocks import first_check
from bot.application.clocks.woken import ring
from bot.application.district import District
from bot.application.hub_tasks import finish_supervision
from bot.application.loading import Case, heed_words, load_assignment
from bot.application.people.acting import acted_as
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import BY_SILENCE, AttachmentUse, DueKind, Face, Outgoing, Subject, SubjectKind
from bot.application.requests.lapse import lapse_requests
from bot.application.requests.rulings import lapse
from bot.application.telling import (
    answer_reporter,
    assignment_subject,
    offer_undo,
    raise_cards,
    show_anew,
    tell,
    tell_followers,
    ticket_subject,
)
from bot.application.undoing.last_press import note_batch
from bot.domain import ladders, routing
from bot.domain.assignment import ALLOWED_TRANSITIONS, Assignment, AssignmentState, move
from bot.domain.errors import TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.people import Actor, Role
from bot.domain.permissions import Action, is_named, require
from bot.domain.ticket import Sensitivity

OUTCOMES = ("solved", "partly", "explained")


async def draft_answer(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    assignment_id: int,
    text: str,
    chat_id: int,
    *,
    now: datetime,
    photos: Sequence[str] = (),
    reply_to: int | None = None,
) -> tuple[Case, Assignment]:
    """The form (text 7) in the chat where it was asked for, filled with these words; a word of progress is no answer."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.REPORT_BACK, ticket_target(case.ticket, district.catalogue, [assignment]))
    _may_report(assignment)
    words = text.strip()
    await heed_words(uow, case.ticket, words)
    is_fresh = not words or not assignment.report_outcome
    assignment.report_text = words[:1000] or assignment.report_text
    assignment.report_outcome = assignment.report_outcome or OUTCOMES[0]
    await uow.assignments.save(assignment)
    subject = assignment_subject(assignment.id)
    for digest in photos:
        await uow.attachments.use(AttachmentUse(digest, subject, "report_back", now))
    shown_in = _form_chat(case, actor, chat_id)
    answers = reply_to if shown_in == chat_id else None
    if is_fresh:  # a form that was asked for stands below, not where that of the last round stood
        await show_anew(uow, subject, shown_in, Face.ANSWER, reply_to=answers, at=now)
    else:
        await uow.cards.want(subject, shown_in, Face.ANSWER, reply_to=answers, silent=True, at=now)
    return case, assignment


def _form_chat(case: Case, actor: Actor, chat_id: int) -> int:
    """What is answered in a sensitive matter is written in private, wherever it was asked for."""
    person = actor.person
    hidden = case.ticket.sensitivity is Sensitivity.SENSITIVE and person.reachable
    return person.private_chat_id if hidden and person.private_chat_id else chat_id


async def edit_answer(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, field: str, value: str
) -> Assignment:
    """`改经过`, `改给居民的话`, or the outcome; `field` is text, public or outcome."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.EDIT_ANSWER, ticket_target(case.ticket, district.catalogue, [assignment]))
    _may_report(assignment)
    await heed_words(uow, case.ticket, value)
    if field == "outcome" and value in OUTCOMES:
        assignment.report_outcome = value
    elif field == "public":
        assignment.report_public = value.strip()[:1000]
    else:
        assignment.report_text = value.strip()[:1000]
    await uow.assignments.save(assignment)
    await uow.cards.want_all(assignment_subject(assignment.id))
    return assignment


def _may_report(assignment: Assignment) -> None:
    reach = ALLOWED_TRANSITIONS[assignment.state]
    via_signing = assignment.state is AssignmentState.UNDELIVERED
    waits = (
        assignment.state is AssignmentState.ANSWER_DRAFTED
    )  # for its leader's signature, which no second press replaces
    if waits or (AssignmentState.REPORTED not in reach and not via_signing):
        raise TransitionNotAllowed(
            state=assignment.state,
            to=AssignmentState.REPORTED,
            by=assignment.last_mover,
            at=assignment.last_moved_at,
        )


async def send_answer(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, now: datetime
) -> tuple[Case, Assignment]:
    """`发送回告`: reported, or drafted for the leader's signature; a lapsed request to return goes with it."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.SEND_ANSWER, ticket_target(case.ticket, district.catalogue, [assignment]))
    _may_report(assignment)
    if assignment.state in {AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED}:
        await signed(uow, district, case, assignment, actor, now=now, told=False)
    assignment.reported_by = actor.id
    leaders = await _leaders(uow, district, assignment)
    if district.rules.needs_signature(case.ticket.level) and leaders and assignment.state is AssignmentState.HANDLING:
        move(assignment, AssignmentState.ANSWER_DRAFTED, now=now, by=actor.id)
        await uow.assignments.save(assignment)
        await _record(uow, case, assignment, EventKind.REPORT_BACK_DRAFTED, actor.id, now)
        first = first_check(district, ladders.RELEASE, now, district.rules.release_limit)
        await uow.dues.put(assignment_subject(assignment.id), DueKind.RELEASE, first)
        await show_releases(uow, district, assignment, now=now)
    else:
        await report(uow, district, case, assignment, actor.id, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment


async def _leaders(uow: UnitOfWork, district: District, assignment: Assignment) -> list[int]:
    codes = routing.covering_codes(district.catalogue, assignment.assignee.code)
    people = await uow.people.holding(Role.DEPARTMENT_LEADER, codes)
    return [p.id for p in people if p.reachable and p.private_chat_id]


async def show_releases(uow: UnitOfWork, district: District, assignment: Assignment, *, now: datetime) -> None:
    """Each leader of the unit has one batch card of the answers that wait for him."""
    for person_id in await _leaders(uow, district, assignment):
        person = await uow.people.get(person_id)
        assert person is not None and person.private_chat_id is not None
        silent = not district.rings(now)
        card = await uow.cards.want(
            Subject(SubjectKind.PERSON, person_id), person.private_chat_id, Face.RELEASE, silent=silent, at=now
        )
        await ring(uow, card, now=now)


async def release_answer(
    uow: UnitOfWork, district: District, actor: Actor | None, assignment_id: int, *, now: datetime
) -> tuple[Case, Assignment]:
    """The leader's signature; without an actor the silence of four working hours released it, with a note."""
    case, assignment = await load_assignment(uow, assignment_id)
    if actor is not None:
        require(actor, Action.RELEASE, ticket_target(case.ticket, district.catalogue, [assignment]))
    if assignment.state is not AssignmentState.ANSWER_DRAFTED:
        raise TransitionNotAllowed(
            state=assignment.state, to=AssignmentState.REPORTED, by=assignment.last_mover, at=assignment.last_moved_at
        )
    actor_id = actor.id if actor else None
    detail: dict[str, object] = {"assignment": assignment.id, "by_silence": actor is None}
    detail |= acted_as(actor, Action.RELEASE) if actor else {}
    await uow.events.append(case.ticket.id, EventKind.RELEASED, at=now, actor=actor_id, detail=detail)
    await report(uow, district, case, assignment, actor_id, now=now)
    if actor is None:
        await _note_silence(uow, district, case, assignment, now=now)
    else:
        await note_batch(uow, district, actor.id, case.ticket.id, now=now)
    await raise_cards(uow, case)
    await show_releases(uow, district, assignment, now=now)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment


async def _note_silence(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, *, now: datetime
) -> None:
    """The liaison is told; the leader, who is told little, reads how many there were in his next digest."""
    codes = routing.covering_codes(district.catalogue, assignment.assignee.code)
    for person_id in await _leaders(uow, district, assignment):
        before = await uow.settings.get(BY_SILENCE.format(person_id))
        await uow.settings.put(BY_SILENCE.format(person_id), (before if isinstance(before, int) else 0) + 1)
    for person in await uow.people.holding(Role.LIAISON, codes):
        if person.reachable and person.private_chat_id:
            message = Outgoing(
                kind="released-by-silence",
                chat_id=person.private_chat_id,
                params={"code": case.ticket.code},
                subject=assignment_subject(assignment.id),
                locale=person.locale,
                dedupe_key=f"assignment:{assignment.id}:{assignment.round}:silence:p{person.id}",
            )
            await tell(uow, district, message, now=now)


async def release_all(uow: UnitOfWork, district: District, actor: Actor, *, now: datetime) -> int:
    """`全部签发`: every answer that waits for this leader; how many."""
    leads = [g for g in actor.all_grants() if g.role in {Role.DEPARTMENT_LEADER, Role.DELEGATE}]
    codes = {g.of for g in leads if g.role is not Role.DELEGATE or is_named(actor, g, Action.RELEASE)}
    waiting = await uow.assignments.answers_to_release(codes)
    for assignment in waiting:
        await release_answer(uow, district, actor, assignment.id, now=now)
    return len(waiting)


async def report(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, by: int | None, *, now: datetime
) -> None:
    """The answer is given: the reporter hears of it and is asked whether it is so."""
    if assignment.state is AssignmentState.RETURN_REQUESTED and assignment.yields_to is None:
        await lapse(uow, case, assignment, by, now=now)
    move(assignment, AssignmentState.REPORTED, now=now, by=by)
    assignment.reported_at = now
    await uow.assignments.save(assignment)
    await uow.dues.drop(assignment_subject(assignment.id))
    await lapse_requests(uow, assignment, now=now)
    await _record(uow, case, assignment, EventKind.REPORTED_BACK, by, now)
    await finish_supervision(uow, case, assignment.id, now=now)
    params = {
        "unit": district.catalogue.party_name(assignment.assignee.code),
        "text": assignment.report_public or assignment.report_text,
        "round": assignment.round,
        "part": 0 if assignment.is_lead else assignment.id,
        "sensitivity": str(case.ticket.sensitivity),
    }
    asked = await person_of_record(uow, district, case.ticket)
    await answer_reporter(uow, district, case.ticket, "reported-reply", params, now=now, asked=asked)
    await tell_followers(uow, district, case.ticket, "reported-reply", params, now=now, but=asked)
    await ask_verification(uow, district, case, assignment, now=now)
    await _tell_who_ordered(uow, district, case, assignment, now=now)


async def _tell_who_ordered(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, *, now: datetime
) -> None:
    """A unit answers to the leader who ordered; where he verifies himself, he has the card already."""
    leader = await uow.people.get(case.ticket.ordered_by) if case.ticket.ordered_by else None
    if leader is None or not leader.private_chat_id or answers_to_who_ordered(district, case.ticket):
        return
    text = assignment.report_public or assignment.report_text
    message = Outgoing(
        kind="order-report",
        chat_id=leader.private_chat_id,
        params={
            "code": case.ticket.code,
            "unit": district.catalogue.party_name(assignment.assignee.code),
            "text": "" if case.ticket.sensitivity is Sensitivity.SENSITIVE else text,
        },
        subject=ticket_subject(case.ticket.id),
        locale=leader.locale,
        dedupe_key=f"assignment:{assignment.id}:{assignment.round}:order-report",
    )
    await tell(uow, district, message, now=now)


async def _record(
    uow: UnitOfWork, case: Case, assignment: Assignment, kind: EventKind, by: int | None, now: datetime
) -> None:
    await uow.events.append(
        case.ticket.id,
        kind,
        at=now,
        actor=by,
        detail={"assignment": assignment.id, "outcome": assignment.report_outcome, "round": assignment.round},
        texts={"text": assignment.report_text, "public": assignment.report_public},
    )
