"""A reporter withdraws while others reported the same: the oldest of them becomes the caller and is asked."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Outgoing
from bot.application.telling import own_words, raise_cards, tell, ticket_subject
from bot.domain.events import EventKind
from bot.domain.permissions import Action


async def pass_on_report(uow: UnitOfWork, district: District, case: Case, by: int, *, now: datetime) -> bool:
    """Whether somebody else who reported it has become its caller; the ticket goes on, asked or not.

    He is asked in private; who never wrote to the bot, below his own words.
    """
    joined = [person for person in await uow.tickets.joined(case.ticket.id) if person.id != case.ticket.reporter_id]
    if not joined:
        return False
    heir, before = joined[0], case.ticket.reporter_id
    await uow.tickets.unfollow(case.ticket.id, heir.id)
    await uow.tickets.follow(case.ticket.id, heir.id, at=now)
    await uow.tickets.unfollow(case.ticket.id, before)
    case.ticket.reporter_id = heir.id
    private = heir.private_chat_id if heir.reachable else None
    case.ticket.origin_chat_id, case.ticket.origin_message_id = await own_words(uow, case.ticket, heir)
    await uow.tickets.save(case.ticket)
    await uow.events.append(
        case.ticket.id, EventKind.CALLER_CHANGED, at=now, actor=by, detail={"from": before, "to": heir.id}
    )
    subject = ticket_subject(case.ticket.id)
    asked_in = private or case.ticket.origin_chat_id
    if asked_in is not None:
        message = Outgoing(
            kind="heir-asked",
            chat_id=asked_in,
            params={"code": case.ticket.code, "item_name": case.ticket.item_name},
            buttons=(
                (
                    Button("button-go-on", Action.STATUS, subject),
                    Button("button-withdraw-too", Action.WITHDRAW, subject),
                ),
            ),
            subject=subject,
            reply_to=None if private else case.ticket.origin_message_id,
            locale=heir.locale if private else "",
            dedupe_key=f"ticket:{case.ticket.id}:heir:{heir.id}",
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    return True
