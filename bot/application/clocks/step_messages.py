"""What a step of a ladder says: to whoever owes something, and to a superior in private, quoting the last word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.clocks.waiting import Waiting
from bot.application.district import District
from bot.application.records import Button, DueKind, Outgoing, Subject, SubjectKind
from bot.application.requests.ask_for_time import askable
from bot.application.requests.granting import deciding
from bot.application.telling import assignment_subject, ticket_subject
from bot.application.views.view import rows, shown_place
from bot.domain.assignment import AssignmentState
from bot.domain.escalation import Tells
from bot.domain.evaluation import Verdict
from bot.domain.party import PartyKind
from bot.domain.people import Person
from bot.domain.permissions import Action
from bot.domain.request import RequestKind
from bot.domain.returning import is_returnable
from bot.domain.ticket import Sensitivity

Rows = tuple[tuple[Button, ...], ...]
FEW_MINUTES = 120
KEPT = 2
"""So many buttons of each case stay where many cases are said in one message."""

OPEN_TASK = "open"
"""What a button that names a task of the hub asks for; without it the next one of the queue is meant."""

UNIT_KINDS = frozenset({DueKind.SIGN, DueKind.HANDLE, DueKind.INTERIM})


def subject_of(waiting: Waiting) -> Subject:
    """What the message is about: a reply to it reaches the assignment, else the ticket."""
    if waiting.assignment:
        return assignment_subject(waiting.assignment.id)
    return ticket_subject(waiting.ticket.id) if waiting.ticket.id else waiting.row.subject


def params_of(district: District, waiting: Waiting, *, now: datetime) -> dict[str, object]:
    """What every text of a ladder may use; nothing of a sensitive matter but its code."""
    ticket, part = waiting.ticket, waiting.assignment
    hidden = ticket.sensitivity is Sensitivity.SENSITIVE
    due_at = waiting.clock.due_at
    return {
        "code": ticket.code,
        "item_name": "" if hidden else ticket.item_name,
        "place": shown_place(district, ticket) if ticket.id else "",
        "unit": district.catalogue.party_name(waiting.party.code) if waiting.party else "",
        "what": waiting.what,
        "due_at": due_at,
        "provisional": part.provisional if part else False,
        "late": due_at is not None and now >= due_at,
        "commanded": part is not None and part.assignee.kind is PartyKind.TEAM,
        "unsigned": part is not None and part.state is AssignmentState.UNSIGNED,
        "extendable": _is_extendable(district, waiting, now=now),
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
    return [{"role": str(tells), "names": [person.name for person in found[:2]]} for tells, found in people.items()]


def owing_buttons(district: District, waiting: Waiting, *, now: datetime) -> Rows:
    """What helps whoever owes something, in one press, and would not be refused."""
    kind, part = waiting.row.kind, waiting.assignment
    if kind is DueKind.START:
        return rows([Button("button-start", Action.START, ticket_subject(waiting.ticket.id))])
    if kind is DueKind.HUB_TASK:
        return rows([open_task_button(waiting.row.subject.id)])
    if kind not in UNIT_KINDS or part is None:
        return ()
    subject = assignment_subject(part.id)
    progress = Button("button-progress", Action.PROGRESS, subject)
    report = Button("button-report-back", Action.REPORT_BACK, subject)
    if part.state is AssignmentState.UNSIGNED:
        sign = "button-received" if part.assignee.kind is PartyKind.TEAM else "button-sign"
        returnable = is_returnable(part.clock_start, part.handle_limit, district.calendar, now)
        back = Button("button-return", Action.RETURN, subject) if returnable else None
        return rows([Button(sign, Action.SIGN, subject), back])
    extend = Button("button-extend", Action.EXTEND, subject) if _is_extendable(district, waiting, now=now) else None
    return rows([report, progress, extend])


def _is_extendable(district: District, waiting: Waiting, *, now: datetime) -> bool:
    part = waiting.assignment
    if part is None or part.due_at is None or part.state is not AssignmentState.HANDLING:
        return False
    return askable(district, waiting.asked, part, RequestKind.EXTENSION, now=now)


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
    """How it went, in one press; where no word came for three working days, the district leader told in one."""
    if waiting.row.kind is DueKind.VERIFICATION and waiting.assignment:
        about = assignment_subject(waiting.assignment.id)
        return rows([Button(f"button-{v}", Action.EVALUATE, about, arg=str(v)) for v in Verdict])
    if waiting.row.kind is not DueKind.INTERIM:
        return ()
    subject = Subject(SubjectKind.TICKET, waiting.ticket.id)
    return rows(
        [
            Button("button-call-leader", Action.CALL_LEADER, subject),
            Button("button-urge", Action.URGE, subject),
        ]
    )


def decider_buttons(district: District, waiting: Waiting) -> Rows:
    """The decision itself, in one press."""
    if waiting.row.kind is DueKind.REQUEST and waiting.assignment:
        action = deciding(district, waiting.ticket, waiting.assignment, RequestKind(waiting.what))
        asked = waiting.row.subject
        return rows(
            [Button("button-grant", action, asked, arg="yes"), Button("button-refuse", action, asked, arg="no")]
        )
    return rows(
        [Button("button-release", Action.RELEASE, assignment_subject(waiting.assignment.id))]
        if waiting.assignment
        else []
    )


def open_task_button(task_id: int) -> Button:
    """Brings the card of that task of the hub to the end of the chat, with all that can be done about it."""
    return Button("button-open-task", Action.TAKE_TASK, Subject(SubjectKind.HUB_TASK, task_id), arg=OPEN_TASK)


def buttons_of_case(message: Outgoing) -> tuple[Button, ...]:
    """What stays of a message's buttons where many are said in one: the two that decide most, with the case's code."""
    code = message.params["code"]
    found = [button for row in message.buttons for button in row if button.action is not Action.ACKNOWLEDGE]
    if any(button.action is Action.EVALUATE for button in found):  # two verdicts of four would lean
        found = [Button("button-evaluate", Action.EVALUATE, found[0].subject)]
    if not found and message.subject is not None:
        return (Button("button-status-of", Action.STATUS, message.subject, params={"code": code}),)
    return tuple(of_case(button, code) for button in found[:KEPT])


def of_case(button: Button, code: object) -> Button:
    """The same button, its caption ending with the case it is about."""
    params = {**button.params, "label": button.label, "code": code}
    return Button("button-of-case", button.action, button.subject, button.arg, params)
