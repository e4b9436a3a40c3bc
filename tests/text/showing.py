"""How a view is shown over values of a case, full of everything or with no more than has to be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from bot.application.records import Face, SubjectKind
from bot.application.views.cards import view_of
from bot.application.views.view import View
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.ticket import Sensitivity, Ticket
from tests.text.district import (
    DISTRICT,
    FULL_ASSIGNMENT,
    NOW,
    ODD,
    Shelf,
    a_card,
    a_ticket,
    an_assignment,
)

S = AssignmentState
ITEM_OF = {Sensitivity.PUBLIC: "SZ-03", Sensitivity.SENSITIVE: "XX-01", Sensitivity.LIMITED: "XX-02"}
YES_NO = (False, True)

Views = AsyncIterator[View]


async def show(shelf: Shelf, face: Face, kind: SubjectKind, now: datetime = NOW) -> Views:
    view = await view_of(shelf.as_uow(), DISTRICT, a_card(face, kind), now=now)
    if view is not None:
        yield view


def filled_ticket(sensitivity: Sensitivity, *, full: bool, **changes: object) -> Ticket:
    """`full`: everything that can stand in a ticket, with odd characters; else no more than has to."""
    item = ITEM_OF[sensitivity] if full else ""
    shown = {"item": item, "item_name": DISTRICT.catalogue.items[item].name if item else "", "sensitivity": sensitivity}
    if full:
        shown |= {"text": f"盖子没了\n{ODD}" + "长" * 400, "place": f"柳荫路45号{ODD}", "start_authority": "陈某"}
    else:
        shown |= {"text": "", "place": "", "community": ""}
    return a_ticket(**(shown | changes))


def filled_assignment(state: AssignmentState, *, full: bool, **changes: object) -> Assignment:
    return an_assignment(state, **((FULL_ASSIGNMENT if full else {}) | changes))
