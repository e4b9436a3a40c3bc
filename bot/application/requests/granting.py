"""Who grants time, and a request as a subject: what asking and deciding have in common."""

from __future__ import annotations

from bot.application.district import District
from bot.application.people.identify import ticket_target
from bot.application.records import Subject, SubjectKind
from bot.domain.assignment import Assignment
from bot.domain.permissions import Action, Target
from bot.domain.request import RequestKind
from bot.domain.ticket import Ticket


def granting_target(district: District, ticket: Ticket, assignment: Assignment) -> Target:
    """Time is granted by the caller's party, any of its communities: having written the report is not enough."""
    target = ticket_target(ticket, district.catalogue, [assignment])
    own = {c.code for c in district.catalogue.communities.values() if c.street == ticket.street}
    return Target(streets=target.streets | own, units=target.units)


def deciding(district: District, ticket: Ticket, assignment: Assignment, kind: RequestKind) -> Action:
    """What whoever grants it needs to be allowed: a party that has kept its own matter grants itself nothing."""
    target = granting_target(district, ticket, assignment)
    by_hub = kind is RequestKind.SUSPENSION or bool(target.streets & target.units)
    return Action.GRANT_SUSPENSION if by_hub else Action.GRANT_EXTENSION


def request_subject(request_id: int) -> Subject:
    """The request as a subject."""
    return Subject(SubjectKind.REQUEST, request_id)
