"""Every word and picture that people put into one ticket is gone for good; what happened, and when, stays."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, or_, select

from bot.application.records import SubjectKind
from storage.store import SqlUnitOfWork
from storage.tables.lists import attachment_use
from storage.tables.matters import assignment, draft, evaluation, hub_task, ticket
from storage.tables.meetings import invitation, meeting
from storage.tables.referrals import referral
from storage.tables.street_calls import street_call
from storage.tables.waiting import request

WORDS: Mapping[Table, Mapping[str, object]] = {
    draft: {"text": "", "place": "", "segments": [], "photo_hashes": []},
    assignment: dict.fromkeys(("report_text", "report_public", "last_progress", "handler_name", "task"), ""),
    evaluation: {"reason": ""},
    request: {"reason": ""},
    referral: {"proposal": "", "words": "", "meets_where": ""},
    meeting: {"where": "", "minutes": ""},
    street_call: {"text": ""},
    hub_task: {"note": ""},
}
"""What stands about a ticket beside its own row and its history."""


async def erase_words(uow: SqlUnitOfWork, ticket_id: int) -> int:
    """How many texts of its history and its examples were erased; pictures without any other use go at the next purge."""
    count = await uow.events.erase_texts(ticket_id) + await uow.corrections.erase_of(ticket_id)
    parts = select(assignment.c.id).where(assignment.c.ticket_id == ticket_id)
    drafts = select(draft.c.id).where(draft.c.ticket_id == ticket_id)
    kind, of = attachment_use.c.subject_kind, attachment_use.c.subject_id
    own = or_(
        (kind == SubjectKind.TICKET) & (of == ticket_id),
        (kind == SubjectKind.ASSIGNMENT) & of.in_(parts),
        (kind == SubjectKind.DRAFT) & of.in_(drafts),
    )
    await uow.db.execute(attachment_use.delete().where(own))
    met = select(meeting.c.id).where(meeting.c.ticket_id == ticket_id)
    await uow.db.execute(invitation.update().where(invitation.c.meeting_id.in_(met)).values(delegate=""))
    for table, values in WORDS.items():
        await uow.db.execute(table.update().where(table.c.ticket_id == ticket_id).values(**values))
    bare = {"text": "", "place": "", "street_action": ""}
    await uow.db.execute(ticket.update().where(ticket.c.id == ticket_id).values(**bare))
    return count
