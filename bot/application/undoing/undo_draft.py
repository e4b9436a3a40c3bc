"""撤销 on a draft: what was thrown away or joined to another matter by mistake is open again, as it was."""

from __future__ import annotations

import json
from datetime import datetime

from bot.application.district import District
from bot.application.loading import load_case
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, SubjectKind
from bot.application.reporting.change_draft import load_draft, show_opened, subject_of
from bot.application.reporting.draft_clock import schedule_draft
from bot.application.telling import raise_cards, ticket_subject
from bot.application.undoing.last_press import last_press
from bot.domain.draft import Draft, DraftState
from bot.domain.errors import UndoTooLate
from bot.domain.events import EventKind
from bot.domain.people import Actor
from bot.domain.permissions import Action


async def undo_draft(uow: UnitOfWork, district: District, actor: Actor, draft_id: int, *, now: datetime) -> Draft:
    """The draft asks again what it asked; raises `UndoTooLate`."""
    draft = await load_draft(uow, actor, draft_id, Action.DISCARD)
    if now - draft.updated_at > district.rules.undo_window:
        raise UndoTooLate()
    if draft.state is DraftState.DISCARDED:
        await _not_a_mistake(uow, district, draft, now=now)
    elif draft.state is DraftState.JOINED and draft.ticket_id is not None:
        await _leave(uow, district, actor, draft, draft.ticket_id, now=now)
    else:
        raise UndoTooLate()
    draft.state, draft.ticket_id, draft.updated_at = DraftState.OPEN, None, now
    await uow.drafts.save(draft)
    await schedule_draft(uow, district, draft, now=now)
    await uow.cards.want_all(subject_of(draft.id))
    await show_opened(uow, district, actor, draft, now=now)
    return draft


async def _not_a_mistake(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    """It counts neither as an error of the bot nor as something to learn from."""
    await uow.corrections.forget(SubjectKind.DRAFT, draft.id)
    chat = await uow.chats.get(draft.chat_id)
    if chat is None or draft.updated_at.isoformat() not in chat.mistakes:
        return
    chat.mistakes.remove(draft.updated_at.isoformat())
    if len(chat.mistakes) < district.rules.mistakes_before_private:
        chat.ask_private_until = None
    await uow.chats.save(chat)


async def _leave(
    uow: UnitOfWork, district: District, actor: Actor, draft: Draft, ticket_id: int, *, now: datetime
) -> None:
    case = await load_case(uow, ticket_id, for_update=True)
    press = last_press(await uow.events.of_ticket(ticket_id), district.rules.undo_window, now=now)
    if press is None or press.by != actor.id:
        raise UndoTooLate()
    joined = [json.loads(e.body)["detail"] for e in press.events if e.kind is EventKind.FOLLOWED]
    told = next((detail for detail in joined if detail.get("draft") == draft.id), None)
    if told is None:
        raise UndoTooLate()
    if told.get("new"):
        await uow.tickets.unfollow(ticket_id, draft.author_id)
    for use in await uow.attachments.of(ticket_subject(ticket_id)):
        if use.hash in draft.photo_hashes and use.at == press.at:
            await uow.attachments.unuse(AttachmentUse(use.hash, use.subject, use.role, use.at))
    await uow.events.append(
        ticket_id, EventKind.UNDONE, at=now, actor=actor.id, detail={"of": "followed", "draft": draft.id}
    )
    await raise_cards(uow, case)
