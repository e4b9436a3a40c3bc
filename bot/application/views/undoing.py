"""`撤销（30秒内）` on a card: shown where the last press can be taken back and was made on that side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import Button
from bot.application.telling import ticket_subject
from bot.application.undoing.last_press import who_can_undo
from bot.domain.chat import REPORTING_KINDS, ChatKind
from bot.domain.events import EventKind
from bot.domain.people import Role
from bot.domain.permissions import Action

E = EventKind
BY_CALLER = frozenset(
    {
        *(E.REPORTED, E.WITHDRAWN, E.CONVERTED, E.TAKEN_OVER, E.REOPENED, E.COMMANDED),
        *(E.URGED, E.MERGED, E.MERGE_REFUSED, E.REFERRED, E.LEADER_CALLED),
    }
)
BY_RESIDENT = frozenset({E.WITHDRAWN, E.URGED, E.CALLBACK_ASKED})
BY_UNIT = frozenset(
    {
        *(E.SIGNED, E.HANDED_ON, E.RETURN_REQUESTED, E.REPORTED_BACK, E.REPORT_BACK_DRAFTED),
        *(E.EXTENSION_REQUESTED, E.SUSPENSION_REQUESTED, E.REQUEST_TAKEN_BACK, E.RESUMED),
        *(E.PROGRESSED, E.MERGE_REQUESTED, E.STREET_ASKED, E.SET_OUT, E.ARRIVED),
    }
)
BY_STREET = BY_UNIT | {E.TAKEN_OVER}
"""On the card of a street that a community has called."""
BY_HUB = frozenset(
    {
        *(E.DISPATCHED, E.TOLD_BY_PHONE, E.STARTED, E.RETURN_REFUSED, E.RULED, E.DECLINED, E.GRADED),
        *(E.MERGED, E.MERGE_REFUSED, E.DISPUTE_SETTLED),
    }
)
BY_CONVENER = frozenset({E.MEETING_CALLED, E.MEETING_CANCELLED, E.MINUTES_TAKEN})
BY_VERIFIER = frozenset({E.EVALUATED, E.REASON_GIVEN})


NEAR: Mapping[ChatKind, Callable[[str, str], bool]] = {
    ChatKind.DEPARTMENT: lambda of, chat: of.partition("-")[0] == chat.partition("-")[0],
    ChatKind.ENFORCEMENT: lambda of, chat: of.partition("-")[2] == chat,
    ChatKind.STREET: lambda of, chat: of.startswith(chat),
    ChatKind.COMMUNITY: lambda of, chat: of == chat,
}
"""Whether somebody with a role of that party sits in that group; those who hold roles elsewhere only do not."""


async def undo_button(
    uow: UnitOfWork,
    district: District,
    ticket_id: int,
    kinds: Collection[EventKind],
    now: datetime,
    *,
    seen_in: int,
    by: int | None = None,
    part: int | None = None,
) -> Button | None:
    """The button, if the last press was one of these (by that person, of that assignment, if named).

    Only where the one who made it reads.
    """
    presser = await who_can_undo(uow, district, ticket_id, kinds, now=now, part=part)
    if presser is None or by not in {None, presser} or not await reads(uow, presser, seen_in):
        return None
    return Button("button-undo", Action.UNDO, ticket_subject(ticket_id))


async def reads(uow: UnitOfWork, person_id: int, chat_id: int) -> bool:
    """Whether somebody is sure not to be strange there: nobody else can take back what he did."""
    chat = await uow.chats.get(chat_id)
    if chat is None or chat.kind is ChatKind.PRIVATE:
        owner = await uow.people.in_private_chat(chat_id)
        return owner is not None and owner.id == person_id
    held = await uow.people.grants(person_id)
    if chat.kind is ChatKind.HUB:
        return any(grant.role is Role.DISPATCHER for grant in held)
    if not held:
        return chat.kind in REPORTING_KINDS
    near = NEAR.get(chat.kind)
    return near is None or any(near(grant.of, chat.of) for grant in held)
