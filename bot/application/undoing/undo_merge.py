"""A merge is taken back: both tickets stand where they stood, and who was told of it hears so."""

from __future__ import annotations

import json

from bot.application.loading import load_case
from bot.application.records import AttachmentUse
from bot.application.telling import raise_cards, ticket_subject
from bot.application.undoing.last_press import Undoing
from bot.application.undoing.taken_back import say_to_followers
from bot.application.undoing.undo_moves import reopen_tasks
from bot.domain.errors import UndoTooLate
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind


async def part_again(it: Undoing) -> None:
    """The target loses what it took along; the source itself is revived by whoever calls this."""
    if it.case.ticket.merged_into is None:
        raise UndoTooLate()
    into = await load_case(it.uow, it.case.ticket.merged_into, for_update=True)
    source, target = it.case.ticket, into.ticket
    merged = [
        json.loads(event.body)["detail"]
        for event in await it.uow.events.of_ticket(target.id)
        if event.kind is EventKind.FOLLOWED and event.at == it.press[0].at
    ]
    for detail in merged:
        if detail.get("merged") == source.code:
            for person_id in detail["new"]:
                await it.uow.tickets.unfollow(target.id, person_id)
    for use in await it.uow.attachments.of(ticket_subject(target.id)):
        if use.at == it.press[0].at:
            await it.uow.attachments.unuse(AttachmentUse(use.hash, use.subject, use.role, use.at))
    it.case.ticket.merged_into = None
    await reopen_tasks(it.uow, into, it.press[0].at, HubTaskKind.MERGE)
    detail = {"of": str(EventKind.FOLLOWED), "merged": source.code}
    await it.uow.events.append(target.id, EventKind.UNDONE, at=it.now, actor=it.actor.id, detail=detail)
    await raise_cards(it.uow, into)
    await say_to_followers(it, "merged", reporter=True)
