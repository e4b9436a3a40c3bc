"""What a step of a ladder says: to whoever owes something, and to a superior in private, quoting the last word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.clocks.waiting import Waiting
from bot.application.district import District
from bot.application.records import Button, DueKind, Subject, SubjectKind
from bot.application.telling import assignment_subject, ticket_subject
from bot.application.views.view import rows, shown_place
from bot.domain.assignment import AssignmentState
from bot.domain.escalation import Tells
from bot.domain.people import Person
from bot.domain.permissions import Action
from bot.domain.ticket import Sensitivity

Rows = tuple[tuple[Button, ...], ...]
FEW_MINUTES = 120
UNIT_KINDS = frozenset({DueKind.SIGN, DueKind.HANDLE, DueKind.INTERIM})


def subject_of(waiting: Waiting) -> Subject:
    """What the message is about: a reply to it reaches the assignment, else the ticket."""
    return assignment_subject(waiting.assignment.id) if waiting.assignment else ticket_subject(waiting.ticket.id)


def params_of(district: District, waiting: Waiting, *, now: datetime) -> dict[str, object]:
    """What every text of a ladder may use; nothing of a sensitive matter but its code."""
    ticket, part = waiting.ticket, waiting.assignment
    hidden = ticket.sensitivity is Sensitivity.SENSITIVE
    due_at = waiting.clock.due_at
    return {
        "code": ticket.code,
        "item_name": "" if hidden else ticket.item_name,
        "place": shown_place(district, ticket),
        "unit": district.catalogue.party_name(waiting.party.code) if waiting.party else "",
        "what": waiting.what,
        "due_at": due_at,
        "provisional": part.provisional if part else False,
        "late": due_at is not None and now >= due_at,
        "unsigned": part is not None and part.state is AssignmentState.UNSIGNED,
        "left": _minutes_left(due_at, now),
        "progress": part.last_progress if part and not hidden else "",
        "progress_at": part.last_progress_at if part else None,
    }


def _minutes_left(due_at: datetime | None, now: datetime) -> int:
    """How many minutes are left, once they are few enough to be said."""
    left = round((due_at - now).total_seconds() / 60) if due_at else 0
    return left if 0 < left <= FEW_MINUTES else 0


def names_of(people: Mapping[Tells, Sequence[Person]]) -> list[dict[str, object]]:
    """Superiors as a text names them: the post, and who holds it; somebody unknown is only the post."""
    return [
        {"role": str(tells), "name": "、".join(person.name for person in found[:2])} for tells, found in people.items()
    ]


def owing_buttons(waiting: Waiting, *, now: datetime) -> Rows:
    """What helps whoever owes something, in one press."""
    kind, part = waiting.row.kind, waiting.assignment
    if kind not in UNIT_KINDS or part is None:
        return ()
    subject = assignment_subject(part.id)
    progress = Button("button-progress", Action.PROGRESS, subject)
    report = Button("button-report-back", Action.REPORT_BACK, subject)
    if part.state is AssignmentState.UNSIGNED:
        return rows([Button("button-sign", Action.SIGN, subject), Button("button-return", Action.RETURN, subject)])
    in_time = part.due_at is not None and now <= part.due_at and part.state is AssignmentState.HANDLING
    extend = Button("button-extend", Action.EXTEND, subject) if in_time else None
    return rows([report, progress, extend])


def leader_buttons(waiting: Waiting, tells: Tells) -> Rows:
    """Text 9: what a leader can do about it from where he reads it."""
    subject = subject_of(waiting)
    hand_on = None
    if tells is Tells.DEPARTMENT_LEADER and waiting.assignment:
        hand_on = Button("button-hand-on-other", Action.HAND_ON, subject)
    return rows(
        [Button("button-acknowledge", Action.ACKNOWLEDGE, subject), hand_on],
        [
            Button("button-ask-hub", Action.ASK_HUB, subject),
            Button("button-tell-street", Action.TELL_STREET, subject),
        ],
    )


def caller_buttons(waiting: Waiting) -> Rows:
    """No word came within three working days: the street can have its district leader told in one press."""
    if waiting.row.kind is not DueKind.INTERIM:
        return ()
    subject = Subject(SubjectKind.TICKET, waiting.ticket.id)
    return rows(
        [
            Button("button-call-leader", Action.CALL_LEADER, subject),
            Button("button-urge", Action.URGE, subject),
        ]
    )
