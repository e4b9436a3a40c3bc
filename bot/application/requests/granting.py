"""Who grants time, and a request as a subject: what asking and deciding have in common."""

from __future__ import annotations

from bot.application.district import District
from bot.application.loading import Case
from bot.application.people.identify import ticket_target
from bot.application.records import Subject, SubjectKind
from bot.domain.assignment import Assignment
from bot.domain.permissions import Target


def granting_target(district: District, case: Case, assignment: Assignment) -> Target:
    """Time is granted by the caller's party, any of its communities: having written the report is not enough."""
    target = ticket_target(case.ticket, district.catalogue, [assignment])
    own = {c.code for c in district.catalogue.communities.values() if c.street == case.ticket.street}
    return Target(streets=target.streets | own, units=target.units)


def request_subject(request_id: int) -> Subject:
    """The request as a subject."""
    return Subject(SubjectKind.REQUEST, request_id)
