"""What use cases need of storage. The worker opens a unit of work and commits it; use cases never do.

Every method that reads returns domain values or records; `None` means "there is none". Saving with an old version
raises `VersionConflict`. `for_update` locks the row where the database knows such locks.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.application.ports.boards import Boards
from bot.application.ports.duties import Duties, Handovers
from bot.application.ports.lists import Calendar, Catalogues, Corrections, Settings
from bot.application.ports.matters import Assignments, Drafts, Dues, Evaluations, Events, HubTasks, Tickets
from bot.application.ports.meetings import Invitations, Meetings
from bot.application.ports.messages import Attachments, Cards, Messages, Outbox, Tokens
from bot.application.ports.people import Chats, Codes, People, Presences, Questions
from bot.application.ports.referrals import Referrals
from bot.application.ports.rulings import Rulings, StreetQuestions
from bot.application.ports.situations import Situations
from bot.application.ports.street_calls import StreetCalls
from bot.application.ports.waiting import Requests, Steps

__all__ = [
    "Assignments",
    "Attachments",
    "Boards",
    "Calendar",
    "Cards",
    "Catalogues",
    "Chats",
    "Codes",
    "Corrections",
    "Drafts",
    "Dues",
    "Duties",
    "Evaluations",
    "Events",
    "Handovers",
    "HubTasks",
    "Invitations",
    "Meetings",
    "Messages",
    "Outbox",
    "People",
    "Presences",
    "Questions",
    "Referrals",
    "Requests",
    "Rulings",
    "Settings",
    "Situations",
    "Steps",
    "Store",
    "StreetCalls",
    "StreetQuestions",
    "Tickets",
    "Tokens",
    "UnitOfWork",
]


class UnitOfWork(Protocol):
    """One transaction with everything a use case may touch."""

    chats: Chats
    people: People
    presences: Presences
    drafts: Drafts
    tickets: Tickets
    assignments: Assignments
    hub_tasks: HubTasks
    meetings: Meetings
    invitations: Invitations
    rulings: Rulings
    boards: Boards
    street_questions: StreetQuestions
    referrals: Referrals
    events: Events
    evaluations: Evaluations
    outbox: Outbox
    cards: Cards
    tokens: Tokens
    messages: Messages
    dues: Dues
    questions: Questions
    codes: Codes
    attachments: Attachments
    settings: Settings
    corrections: Corrections
    catalogues: Catalogues
    calendar: Calendar
    requests: Requests
    duties: Duties
    handovers: Handovers
    street_calls: StreetCalls
    situations: Situations
    steps: Steps

    @property
    def has_news(self) -> bool:
        """Whether a message was queued or a card raised in it: only then has delivery anything to look for."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is undone if an exception leaves it."""
        ...

    async def commit(self) -> None:
        """For the worker, the scan, the dispatcher and the command line only."""
        ...


class Store(Protocol):
    """Where units of work come from."""

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A writing unit of work (one at a time on SQLite); rolled back unless committed."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that only reads, all of it as of one moment."""
        ...

    def look(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """The same, but each statement as of its own moment, for those whose findings are judged again anyway."""
        ...

    async def close(self) -> None: ...
