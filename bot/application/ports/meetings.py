"""Meetings with their invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.meeting import Invitation, Meeting


class Meetings(Protocol):
    """Meetings about a ticket and standing ones."""

    async def add(self, meeting: Meeting) -> Meeting: ...
    async def get(self, meeting_id: int, *, for_update: bool = False) -> Meeting | None: ...
    async def of_ticket(self, ticket_id: int) -> Sequence[Meeting]:
        """Oldest first."""
        ...

    async def open(self) -> Sequence[Meeting]:
        """Those still to come or without minutes, the next one first, those without a date last."""
        ...

    async def save(self, meeting: Meeting) -> None: ...


class Invitations(Protocol):
    """Who is invited to which meeting."""

    async def add(self, invitation: Invitation) -> Invitation: ...
    async def get(self, invitation_id: int, *, for_update: bool = False) -> Invitation | None: ...
    async def of_meeting(self, meeting_id: int) -> Sequence[Invitation]:
        """In the order of inviting."""
        ...

    async def save(self, invitation: Invitation) -> None: ...
    async def remove(self, invitation_id: int) -> None:
        """Only before anybody was invited; afterwards the meeting is called off."""
        ...
