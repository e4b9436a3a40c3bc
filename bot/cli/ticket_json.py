"""Tickets as `jiehu tickets` prints them; the words of sensitive ones are left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict
from zoneinfo import ZoneInfo

from bot.application.loading import Case
from bot.cli.opening import shown
from bot.domain.evaluation import Evaluation
from bot.domain.events import Event
from bot.domain.ticket import Sensitivity, Ticket

WITHHELD = "〔敏感件，内容不显示〕"


class TicketRow(TypedDict):
    """One ticket of `jiehu tickets list`."""

    code: str
    stage: str
    mode: str
    level: str
    item: str
    text: str
    place: str
    street: str
    department: str | None
    created_at: str | None
    due_at: str | None


def row_of(case: Case, zone: ZoneInfo) -> TicketRow:
    """The ticket with the party and the deadline of its lead assignment."""
    ticket, lead = case.ticket, case.lead
    return {
        "code": ticket.code,
        "stage": case.stage.value,
        "mode": ticket.mode.value,
        "level": ticket.level.value,
        "item": ticket.item,
        "text": _open(ticket, ticket.text),
        "place": _open(ticket, ticket.place),
        "street": ticket.street,
        "department": lead.assignee.code if lead else None,
        "created_at": shown(ticket.created_at, zone),
        "due_at": shown(lead.due_at, zone) if lead else None,
    }


def whole_of(
    case: Case,
    events: Sequence[Event],
    evaluations: Sequence[Evaluation],
    names: Mapping[int, str],
    zone: ZoneInfo,
) -> dict[str, object]:
    """The ticket with its assignments, events and evaluations; actors by name, null for the mechanism itself."""
    return {
        **row_of(case, zone),
        "assignments": [
            {
                "department": part.assignee.code,
                "state": part.state.value,
                "sign_due_at": shown(part.sign_due_at, zone),
                "due_at": shown(part.due_at, zone),
                "provisional": part.provisional,
                "round": part.round,
            }
            for part in case.assignments
        ],
        "events": [
            {
                "at": shown(event.at, zone),
                "kind": event.kind.value,
                "actor": names.get(event.actor_id) if event.actor_id is not None else None,
                "detail": json.loads(event.body)["detail"],
                "hash": event.hash,
            }
            for event in events
        ],
        "evaluations": [
            {
                "at": shown(evaluation.at, zone),
                "verdict": evaluation.verdict.value if evaluation.verdict else None,
                "reason": _open(case.ticket, evaluation.reason),
                "round": evaluation.round,
            }
            for evaluation in evaluations
        ],
    }


def _open(ticket: Ticket, words: str) -> str:
    return WITHHELD if words and ticket.sensitivity is Sensitivity.SENSITIVE else words
