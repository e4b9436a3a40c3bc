"""Meetings and invitations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from bot.domain.meeting import Invitation, Meeting
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.meetings import invitation, meeting

_MEETINGS = select(*columns_of(meeting, Meeting))
_GET = _MEETINGS.where(meeting.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_OF_TICKET = _MEETINGS.where(meeting.c.ticket_id == bindparam("ticket_id")).order_by(meeting.c.id)
_OPEN = _MEETINGS.where(meeting.c.ended_at.is_(None)).order_by(
    meeting.c.begins_at.is_(None), meeting.c.begins_at, meeting.c.id
)
_SAVE = versioned.saving(meeting)

_INVITATIONS = select(*columns_of(invitation, Invitation))
_GET_INVITATION = _INVITATIONS.where(invitation.c.id == bindparam("id"))
_LOCK_INVITATION = _GET_INVITATION.with_for_update()
_OF_MEETING = _INVITATIONS.where(invitation.c.meeting_id == bindparam("meeting_id")).order_by(invitation.c.id)
_SAVE_INVITATION = invitation.update().where(invitation.c.id == bindparam("b_id"))


class SqlMeetings:
    """`Meetings` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Meeting) -> Meeting:
        added.id = await self._db.insert(meeting, values_of(added, "id"))
        return added

    async def get(self, meeting_id: int, *, for_update: bool = False) -> Meeting | None:
        row = await self._db.first(_LOCK if for_update else _GET, {"id": meeting_id})
        return None if row is None else mapping.meeting(row)

    async def of_ticket(self, ticket_id: int) -> Sequence[Meeting]:
        return [mapping.meeting(row) for row in await self._db.rows(_OF_TICKET, {"ticket_id": ticket_id})]

    async def open(self) -> Sequence[Meeting]:
        return [mapping.meeting(row) for row in await self._db.rows(_OPEN)]

    async def save(self, saved: Meeting) -> None:
        await versioned.save(self._db, _SAVE, saved)


class SqlInvitations:
    """`Invitations` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Invitation) -> Invitation:
        added.id = await self._db.insert(invitation, values_of(added, "id"))
        return added

    async def get(self, invitation_id: int, *, for_update: bool = False) -> Invitation | None:
        row = await self._db.first(_LOCK_INVITATION if for_update else _GET_INVITATION, {"id": invitation_id})
        return None if row is None else mapping.invitation(row)

    async def of_meeting(self, meeting_id: int) -> Sequence[Invitation]:
        return [mapping.invitation(row) for row in await self._db.rows(_OF_MEETING, {"meeting_id": meeting_id})]

    async def save(self, saved: Invitation) -> None:
        await self._db.execute(_SAVE_INVITATION, {**values_of(saved, "id"), "b_id": saved.id})

    async def remove(self, invitation_id: int) -> None:
        await self._db.execute(invitation.delete().where(invitation.c.id == invitation_id))
