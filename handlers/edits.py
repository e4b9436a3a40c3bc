"""Edited messages: before dispatch they change the draft, after it they are an addendum; a report is a report."""

from __future__ import annotations

from bot.application.lookups.find_ticket import ticket_id_of
from bot.application.lookups.follow_ticket import add_words
from bot.application.records import Subject, SubjectKind
from bot.application.reporting.change_draft import add_to_draft, heed_added_words, reword_draft
from bot.application.reporting.open_draft import is_discreet
from bot.domain.chat import REPORTING_KINDS, ChatKind
from bot.domain.draft import Draft
from bot.domain.people import ANONYMOUS_ADMIN
from bot.domain.reading import Reading, is_accusation
from handlers.replies import UNIT_CHATS, unit_says
from handlers.reports import act_on, answer_accusation, reading_of, report_command
from handlers.turn import Turn
from handlers.words import command_in
from nlu.types import Act

SAID_AGAIN = frozenset({Act.PROGRESS, Act.REPORT_BACK})
"""What a unit's reply may become by an edit; to sign twice or to ask for a return twice is nothing."""


async def edited(turn: Turn) -> None:
    """An invisible edit changes no words and is nothing."""
    if turn.message_id is None or not turn.prepared.text:
        return
    draft = await turn.uow.drafts.by_message(turn.chat.id, turn.message_id)
    if draft is not None and is_accusation(turn.prepared.understood, directed=True):
        await answer_accusation(turn)
    elif draft is not None and draft.is_open:
        await _change(turn, draft)
    elif draft is not None and draft.ticket_id:
        await _add(turn, draft.ticket_id)
    elif turn.prepared.subject is not None:
        await _reply_changed(turn, turn.prepared.subject)
    elif draft is None or draft.text != turn.prepared.text:
        await _like_a_new_one(turn)


async def _change(turn: Turn, draft: Draft) -> None:
    """The first message is read again; one that joined later says its new words beside the old ones."""
    text = turn.prepared.text
    if turn.message_id != draft.message_id:
        if text not in draft.text:
            await add_to_draft(turn.uow, draft, text=text, photos=(), message_id=turn.message_id, now=turn.now)
            await heed_added_words(turn.uow, turn.district, draft, turn.prepared.understood, now=turn.now)
    elif text != draft.text and not draft.text.startswith(f"{text}\n"):
        await reword_draft(turn.uow, turn.district, draft, text, turn.prepared.understood, now=turn.now)


async def _add(turn: Turn, ticket_id: int) -> None:
    ticket = await turn.uow.tickets.get(ticket_id)
    text = turn.prepared.text
    if ticket is None or text in ticket.text:
        return
    sensitive = is_discreet(turn.district, turn.prepared.understood)
    await add_words(turn.uow, turn.district, turn.actor, ticket_id, text, now=turn.now, sensitive=sensitive)


async def _reply_changed(turn: Turn, subject: Subject) -> None:
    """A reply to a card that says something else now: a unit's next word, or more words of those who called."""
    understood = turn.prepared.understood
    ticket_id = await ticket_id_of(turn.uow, subject)
    if understood is None or ticket_id is None:
        return
    if turn.chat.kind in UNIT_CHATS:
        parts = await turn.uow.assignments.of_ticket(ticket_id)
        own = next((p for p in parts if subject == Subject(SubjectKind.ASSIGNMENT, p.id)), None)
        if own is not None and understood.act in SAID_AGAIN:
            await unit_says(turn, own)
    elif understood.act is Act.REPORT:
        await _add(turn, ticket_id)


async def _like_a_new_one(turn: Turn) -> None:
    """Words that read as a report only now, or that were taken for none and say something else now."""
    listens = turn.chat.kind in REPORTING_KINDS or turn.chat.kind is ChatKind.PRIVATE
    if not listens or turn.person.telegram_id == ANONYMOUS_ADMIN:
        return
    found, understood = command_in(turn.prepared.text), turn.prepared.understood
    if found is not None:
        if found[0] == "report" and found[1]:
            await report_command(turn, found[1])
        return
    reading = reading_of(turn, understood) if understood is not None else Reading.SILENT
    if understood is not None and reading is not Reading.SILENT:
        await act_on(turn, understood, reading)
