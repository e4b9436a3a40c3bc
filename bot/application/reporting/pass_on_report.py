"""A reporter withdraws while others reported the same: the oldest of them becomes the caller and is asked."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Outgoing
from bot.application.telling import raise_cards, tell, ticket_subject
from bot.domain.events import EventKind
from bot.domain.permissions import Action


async def pass_on_report(uow: UnitOfWork, district: District, case: Case, by: int, *, now: datetime) -> bool:
    """Whether somebody else who reported it has become its caller; the ticket goes on, asked or not."""
    joined = [person for person in await uow.tickets.joined(case.ticket.id) if person.id != case.ticket.reporter_id]
    if not joined:
        return False
    heir, before = joined[0], case.ticket.reporter_id
    await uow.tickets.unfollow(case.ticket.id, heir.id)
    await uow.tickets.follow(case.ticket.id, heir.id, at=now)
    await uow.tickets.unfollow(case.ticket.id, before)
    case.ticket.reporter_id = heir.id
    case.ticket.origin_chat_id = case.ticket.origin_message_id = None
    await uow.tickets.save(case.ticket)
    await uow.events.append(
        case.ticket.id, EventKind.CALLER_CHANGED, at=now, actor=by, detail={"from": before, "to": heir.id}
    )
    subject = ticket_subject(case.ticket.id)
    if heir.reachable and heir.private_chat_id:
        message = Outgoing(
            kind="heir-asked",
            chat_id=heir.private_chat_id,
            params={"code": case.ticket.code, "item_name": case.ticket.item_name},
            buttons=(
                (
                    Button("button-go-on", Action.STATUS, subject),
                    Button("button-withdraw-too", Action.WITHDRAW, subject),
                ),
            ),
            subject=subject,
            locale=heir.locale,
            dedupe_key=f"ticket:{case.ticket.id}:heir:{heir.id}",
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    return True
