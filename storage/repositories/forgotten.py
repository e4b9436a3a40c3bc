"""What waits and has no row in the schedule: one statement for each kind of row."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, Table, Text, bindparam, cast, exists, or_, select

from bot.application.records import DueKind, SubjectKind
from bot.domain.assignment import AssignmentState as S
from bot.domain.draft import DraftState
from bot.domain.duty import HandoverKind
from bot.domain.hub_task import OUTLIVES_THE_TICKET, HubTaskKind
from bot.domain.meeting import MeetingState
from bot.domain.referral import ReferralState
from bot.domain.request import RequestState
from bot.domain.street_call import StreetCallState
from storage.tables.duties import handover
from storage.tables.matters import assignment, draft, due, hub_task, ticket
from storage.tables.meetings import meeting
from storage.tables.referrals import referral
from storage.tables.rulings import street_question
from storage.tables.street_calls import street_call
from storage.tables.waiting import request

Found: TypeAlias = Select[tuple[Any]]
_LIVES = ticket.c.ending.is_(None)
_OUTLIVES = hub_task.c.ticket_id.is_(None) | hub_task.c.kind.in_(tuple(OUTLIVES_THE_TICKET))
_IN_HAND = (S.UNSIGNED, S.HANDLING, S.RETURN_REQUESTED, S.SUSPENDED)


def _without(about: SubjectKind, kind: DueKind, table: Table, *waits: ColumnElement[bool]) -> Found:
    has_row = exists().where(due.c.subject_kind == about, due.c.subject_id == table.c.id, due.c.kind == kind)
    return select(table.c.id).where(*waits, ~has_row).order_by(table.c.id).limit(bindparam("at_most"))


def _of_ticket(about: SubjectKind, kind: DueKind, table: Table, *waits: ColumnElement[bool]) -> Found:
    found = _without(about, kind, table, *waits)
    return found.join(ticket, ticket.c.id == table.c.ticket_id).where(_LIVES)


def _of_assignment(kind: DueKind, *waits: ColumnElement[bool]) -> tuple[SubjectKind, DueKind, Found]:
    found = _of_ticket(SubjectKind.ASSIGNMENT, kind, assignment, assignment.c.ended_at.is_(None), *waits)
    return SubjectKind.ASSIGNMENT, kind, found


_UNANSWERED = (
    _of_ticket(SubjectKind.QUESTION, DueKind.STREET_QUESTION, street_question, street_question.c.answered_at.is_(None))
    .outerjoin(hub_task, hub_task.c.id == street_question.c.task_id)
    .where(hub_task.c.done_at.is_(None))
)
"""What the hub asked before a ruling is waited for until it has ruled."""

_TASKS = (
    _without(SubjectKind.HUB_TASK, DueKind.HUB_TASK, hub_task, hub_task.c.done_at.is_(None))
    .outerjoin(ticket, ticket.c.id == hub_task.c.ticket_id)
    .where(or_(_OUTLIVES, _LIVES))
)
_NO_WORD = assignment.c.last_progress_at.is_(None) | (assignment.c.last_progress_at < assignment.c.clock_start)
_MET = meeting.c.state == MeetingState.CALLED
_WISHED = street_call.c.state.in_((StreetCallState.OPEN, StreetCallState.ADMISSION))
_ON_LEAVE = (handover.c.kind == HandoverKind.LEAVE, handover.c.ended_at.is_(None))

_NOBODYS_TURN = (
    draft.c.state == DraftState.OPEN,
    draft.c.turn.is_not(None),
    draft.c.street != "",
    ~exists().where(hub_task.c.kind == HubTaskKind.RESIDENT, hub_task.c.note.like(cast(draft.c.id, Text) + " %")),
)
"""A resident's report that no worker is asked about, and the hub was not."""

FORGOTTEN: tuple[tuple[SubjectKind, DueKind, Found], ...] = (
    (
        SubjectKind.DRAFT,
        DueKind.DRAFT,
        _without(SubjectKind.DRAFT, DueKind.DRAFT, draft, draft.c.state == DraftState.OPEN),
    ),
    (
        SubjectKind.DRAFT,
        DueKind.RESIDENT_REPORT,
        _without(SubjectKind.DRAFT, DueKind.RESIDENT_REPORT, draft, *_NOBODYS_TURN),
    ),
    (
        SubjectKind.TICKET,
        DueKind.START,
        _without(SubjectKind.TICKET, DueKind.START, ticket, _LIVES, ticket.c.start_awaited),
    ),
    _of_assignment(DueKind.DELIVERY, assignment.c.state == S.UNSIGNED, assignment.c.delivered_at.is_(None)),
    _of_assignment(DueKind.SIGN, assignment.c.state == S.UNSIGNED, assignment.c.sign_due_at.is_not(None)),
    _of_assignment(DueKind.HANDLE, assignment.c.state.in_(_IN_HAND), assignment.c.due_at.is_not(None)),
    _of_assignment(DueKind.INTERIM, assignment.c.state.in_(_IN_HAND), assignment.c.word_owed, _NO_WORD),
    _of_assignment(DueKind.RESUME, assignment.c.state == S.SUSPENDED),
    _of_assignment(DueKind.RELEASE, assignment.c.state == S.ANSWER_DRAFTED),
    _of_assignment(DueKind.VERIFICATION, assignment.c.state == S.REPORTED),
    (
        SubjectKind.REQUEST,
        DueKind.REQUEST,
        _of_ticket(SubjectKind.REQUEST, DueKind.REQUEST, request, request.c.state == RequestState.OPEN),
    ),
    (SubjectKind.QUESTION, DueKind.STREET_QUESTION, _UNANSWERED),
    (
        SubjectKind.REFERRAL,
        DueKind.REFERRAL,
        _of_ticket(SubjectKind.REFERRAL, DueKind.REFERRAL, referral, referral.c.state == ReferralState.OPEN),
    ),
    (
        SubjectKind.STREET_CALL,
        DueKind.STREET_CALL,
        _without(SubjectKind.STREET_CALL, DueKind.STREET_CALL, street_call, _WISHED),
    ),
    (SubjectKind.MEETING, DueKind.MEETING, _without(SubjectKind.MEETING, DueKind.MEETING, meeting, _MET)),
    (SubjectKind.HUB_TASK, DueKind.HUB_TASK, _TASKS),
    (SubjectKind.HANDOVER, DueKind.HANDOVER, _without(SubjectKind.HANDOVER, DueKind.HANDOVER, handover, *_ON_LEAVE)),
)
"""About what, the kind of the row that is missing, and where."""
