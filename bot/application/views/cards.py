"""Which view a card's face is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import Card, Face
from bot.application.views.boards import board_view
from bot.application.views.callers import caller_view, resident_view
from bot.application.views.drafts import draft_view
from bot.application.views.examples import examples_view
from bot.application.views.meetings import invitation_view, meeting_view
from bot.application.views.others import hub_view, release_view, start_view, verify_view
from bot.application.views.previews import minutes_view, order_view
from bot.application.views.referrals import leader_view
from bot.application.views.requests import request_view
from bot.application.views.situations import situation_view
from bot.application.views.street_calls import approval_view, street_call_view
from bot.application.views.units import answer_view, detail_view, unit_view
from bot.application.views.view import View

FACES: Mapping[Face, Callable[[UnitOfWork, District, Card, datetime], Awaitable[View | None]]] = {
    Face.DRAFT: draft_view,
    Face.CALLER: caller_view,
    Face.UNIT: unit_view,
    Face.DETAIL: detail_view,
    Face.VERIFY: verify_view,
    Face.RESIDENT: resident_view,
    Face.ANSWER: answer_view,
    Face.START: start_view,
    Face.RELEASE: release_view,
    Face.HUB: hub_view,
    Face.BOARD: board_view,
    Face.REQUEST: request_view,
    Face.STREET_CALL: street_call_view,
    Face.APPROVAL: approval_view,
    Face.SITUATION: situation_view,
    Face.MEETING: meeting_view,
    Face.INVITATION: invitation_view,
    Face.LEADER: leader_view,
    Face.MINUTES: minutes_view,
    Face.ORDER: order_view,
    Face.EXAMPLES: examples_view,
}


async def view_of(uow: UnitOfWork, district: District, card: Card, *, now: datetime) -> View | None:
    """The present state of the card's subject; None if there is nothing to show any more."""
    return await FACES[card.face](uow, district, card, now)
