"""One function per table that turns a row into its value, and the values a row is written from.

Columns are selected in the order of the dataclass's fields, so a row is its value in order; the column types have
done the conversion. What needs more than that stands in a function of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, Table

from bot.application.records import (
    Attachment,
    AttachmentUse,
    Board,
    Button,
    Card,
    DueRow,
    HolidayRow,
    OneTimeCode,
    OpenQuestion,
    Outgoing,
    Priority,
    Subject,
    SubjectKind,
    Token,
)
from bot.domain.assignment import Assignment
from bot.domain.chat import Chat
from bot.domain.draft import Draft
from bot.domain.duty import Duty, Handover
from bot.domain.evaluation import Evaluation
from bot.domain.events import Event
from bot.domain.hub_task import HubTask
from bot.domain.meeting import Invitation, Meeting
from bot.domain.party import Party
from bot.domain.people import Person
from bot.domain.permissions import Action
from bot.domain.referral import Referral
from bot.domain.request import Request
from bot.domain.returning import Ruling
from bot.domain.street_question import StreetQuestion
from bot.domain.ticket import Ticket
from storage.columns import AnyRow

_PAIRS: Mapping[str, tuple[str, str]] = {
    "subject": ("subject_kind", "subject_id"),
    "assignee": ("assignee_kind", "assignee_code"),
}
"""Fields that are kept in two columns."""


def columns_of(table: Table, record: type[Any]) -> list[Column[Any]]:
    """The columns of the table that make up the record, in the order of its fields."""
    names = [name for field in fields(record) for name in _PAIRS.get(field.name, (field.name,))]
    return [table.c[name] for name in names]


def values_of(record: Any, *leave_out: str) -> dict[str, Any]:
    """What the record says, by column."""
    values: dict[str, Any] = {}
    for name in record.__slots__:
        if name in leave_out:
            continue
        value = getattr(record, name)
        if name == "subject":
            values["subject_kind"] = value.kind if value else None
            values["subject_id"] = value.id if value else None
        elif name == "assignee":
            values["assignee_kind"], values["assignee_code"] = value.kind, value.code
        else:
            values[name] = value
    return values


def chat(row: AnyRow) -> Chat:
    """A row of `chat`."""
    return Chat(*row)


def person(row: AnyRow) -> Person:
    """A row of `person`."""
    return Person(*row)


def draft(row: AnyRow) -> Draft:
    """A row of `draft`."""
    return Draft(*row)


def ticket(row: AnyRow) -> Ticket:
    """A row of `ticket`."""
    return Ticket(*row)


def assignment(row: AnyRow) -> Assignment:
    """A row of `assignment`."""
    number, ticket_id, kind, code, *rest = row
    return Assignment(number, ticket_id, Party(kind, code), *rest)


def hub_task(row: AnyRow) -> HubTask:
    """A row of `hub_task`."""
    return HubTask(*row)


def request(row: AnyRow) -> Request:
    """A row of `request`."""
    return Request(*row)


def evaluation(row: AnyRow) -> Evaluation:
    """A row of `evaluation`."""
    return Evaluation(*row)


def meeting(row: AnyRow) -> Meeting:
    """A row of `meeting`."""
    return Meeting(*row)


def invitation(row: AnyRow) -> Invitation:
    """A row of `meeting_invitation`."""
    return Invitation(*row)


def board(row: AnyRow) -> Board:
    """A row of `board`."""
    return Board(*row)


def ruling(row: AnyRow) -> Ruling:
    """A row of `ruling`."""
    return Ruling(*row)


def street_question(row: AnyRow) -> StreetQuestion:
    """A row of `street_question`."""
    return StreetQuestion(*row)


def referral(row: AnyRow) -> Referral:
    """A row of `referral`."""
    return Referral(*row)


def event(row: AnyRow) -> Event:
    """A row of `event`."""
    return Event(*row)


def card(row: AnyRow) -> Card:
    """A row of `card`."""
    number, kind, subject_id, *rest = row
    made = Card(number, Subject(kind, subject_id), *rest)
    made.priority = Priority(made.priority)
    return made


def outgoing(row: AnyRow) -> Outgoing:
    """A row of `outbox`."""
    values = row._asdict()
    kind, subject_id = values.pop("subject_kind"), values.pop("subject_id")
    values["subject"] = Subject(kind, subject_id) if kind else None
    values["buttons"] = buttons(values["buttons"])
    values["priority"] = Priority(values["priority"])
    values["attachment_hashes"] = tuple(values["attachment_hashes"])
    return Outgoing(**values)


def buttons(stored: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[tuple[Button, ...], ...]:
    """The rows of buttons as `buttons_json` wrote them."""
    return tuple(tuple(_button(one) for one in line) for line in stored)


def _button(stored: Mapping[str, Any]) -> Button:
    kind, subject_id = stored["subject"]
    subject = Subject(SubjectKind(kind), subject_id)
    return Button(stored["label"], Action(stored["action"]), subject, stored["arg"], stored["params"], stored["url"])


def buttons_json(rows: Sequence[Sequence[Button]]) -> list[list[dict[str, Any]]]:
    """Rows of buttons as plain JSON."""
    return [[{**values_of(b, "subject"), "subject": [b.subject.kind, b.subject.id]} for b in line] for line in rows]


def token(row: AnyRow) -> Token:
    """A row of `token`."""
    text, action, kind, subject_id, *rest = row
    return Token(text, action, Subject(kind, subject_id), *rest)


def subject(row: AnyRow) -> Subject:
    """The two columns of a subject."""
    return Subject(row.subject_kind, row.subject_id)


def question(row: Sequence[Any]) -> OpenQuestion:
    """A row of `question`."""
    person_id, chat_id, kind, subject_kind, subject_id, *rest = row
    return OpenQuestion(person_id, chat_id, kind, Subject(subject_kind, subject_id), *rest)


def due(row: AnyRow) -> DueRow:
    """A row of `due`."""
    number, kind, subject_id, *rest = row
    return DueRow(number, Subject(kind, subject_id), *rest)


def code(row: AnyRow) -> OneTimeCode:
    """A row of `one_time_code`; its value is as written."""
    return OneTimeCode(*row)


def attachment(row: AnyRow) -> Attachment:
    """A row of `attachment`."""
    return Attachment(*row)


def attachment_use(row: AnyRow) -> AttachmentUse:
    """A row of `attachment_use`."""
    digest, kind, subject_id, *rest = row
    return AttachmentUse(digest, Subject(kind, subject_id), *rest)


def duty(row: AnyRow) -> Duty:
    """A row of `duty`."""
    return Duty(*row)


def handover(row: AnyRow) -> Handover:
    """A row of `handover`."""
    return Handover(*row)


def holiday(row: AnyRow) -> HolidayRow:
    """A row of `holiday`."""
    return HolidayRow(*row)
