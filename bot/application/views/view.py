"""A view: which text, filled with what, and which buttons. Buttons ask the tables what is possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case
from bot.application.records import Button
from bot.domain.assignment import LIVE_STATES, Assignment, AssignmentState
from bot.domain.masking import mask, mask_numbers
from bot.domain.party import PartyKind
from bot.domain.ticket import Sensitivity, Ticket

QUOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class View:
    """`key` names a text; `photos` are content hashes shown with the first sending; `locale` empty: the chat's."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[tuple[Button, ...], ...] = ()
    photos: tuple[str, ...] = ()
    locale: str = ""


def rows(*lines: Sequence[Button | None]) -> tuple[tuple[Button, ...], ...]:
    """Button rows without the buttons that are not possible now."""
    kept = (tuple(button for button in line if button is not None) for line in lines)
    return tuple(line for line in kept if line)


def shown_place(district: District, ticket: Ticket, *, whole: bool = False) -> str:
    """The place as that audience may read it: masked in groups, the community only for sensitive matters."""
    community = district.catalogue.party_name(ticket.community or ticket.street)
    if whole:
        return ticket.place or community
    if ticket.sensitivity is Sensitivity.SENSITIVE:
        return community
    return mask(ticket.place) or community


def shown_quote(ticket: Ticket, *, whole: bool = False) -> str:
    """The reporter's words as that audience may read them; none in groups for limited and sensitive matters."""
    if whole:
        return ticket.text
    if ticket.sensitivity is not Sensitivity.PUBLIC:
        return ""
    words = mask(ticket.text)
    return words if len(words) <= QUOTE_LENGTH else words[: QUOTE_LENGTH - 1] + "…"


def ticket_params(district: District, ticket: Ticket, *, whole: bool = False) -> dict[str, object]:
    """What every text about a ticket may use."""
    hidden = ticket.sensitivity is Sensitivity.SENSITIVE and not whole
    return {
        "code": ticket.code,
        "item": "" if hidden else ticket.item,
        "item_name": "" if hidden else ticket.item_name,
        "sensitive": ticket.sensitivity is Sensitivity.SENSITIVE,
        "place": shown_place(district, ticket, whole=whole),
        "quote": shown_quote(ticket, whole=whole),
        "street": district.catalogue.party_name(ticket.street),
        "community": district.catalogue.party_name(ticket.community) if ticket.community else "",
        "caller": district.catalogue.party_name(ticket.caller.code),
        "by_hub": ticket.caller.kind is PartyKind.HUB,
        "emergency": ticket.emergency,
        "danger": ticket.danger,
        "start_authority": ticket.start_authority,
        "ordered": ticket.is_ordered,
    }


def assignment_params(district: District, assignment: Assignment) -> dict[str, object]:
    """What every text about an assignment may use."""
    item_units = district.catalogue
    return {
        "unit": item_units.party_name(assignment.assignee.code),
        "state": str(assignment.state),
        "round": assignment.round,
        "sign_due_at": assignment.sign_due_at,
        "due_at": assignment.due_at,
        "provisional": assignment.provisional,
        "signed_at": assignment.signed_at,
        "handler": assignment.handler_name,
        "task": mask_numbers(assignment.task),
        "is_lead": assignment.is_lead,
        "stands_in": assignment.state is AssignmentState.RETURN_REQUESTED and assignment.yields_to is not None,
        "commanded": assignment.assignee.kind is PartyKind.TEAM,
        "set_out_at": assignment.on_the_way_at,
        "arrived_at": assignment.there_at,
        "progress": assignment.last_progress,
        "progress_at": assignment.last_progress_at,
        "report": assignment.report_text,
        "public": assignment.report_public,
        "outcome": assignment.report_outcome,
        "reported_at": assignment.reported_at,
    }


def parts_params(district: District, case: Case) -> list[dict[str, object]]:
    """Each unit's part and where it stands, where there are several."""
    live = [part for part in case.assignments if part.state in LIVE_STATES]
    shown = [assignment_params(district, part) for part in live] if len(live) > 1 else []
    return [part | {"stands": _stands(part)} for part in shown]


def _stands(part: dict[str, object]) -> str:
    """Where it stands in one word: its state, but for who only stands in and for who is commanded and not asked."""
    if part["stands_in"]:
        return "acting"
    return "unreceived" if part["commanded"] and part["state"] == "unsigned" else str(part["state"])


def is_recent(district: District, moment: datetime | None, now: datetime) -> bool:
    """Whether a press at that moment can still be undone."""
    return moment is not None and now - moment <= district.rules.undo_window
