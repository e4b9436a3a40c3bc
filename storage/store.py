"""Units of work over SQLAlchemy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.application import ports
from bot.domain.catalogue import Catalogue
from storage.connection import Db, unbroken
from storage.engine import Engines, open_engines
from storage.repositories.assignments import SqlAssignments, SqlEvaluations, SqlHubTasks
from storage.repositories.boards import SqlBoards
from storage.repositories.catalogues import SqlCatalogues
from storage.repositories.chats import SqlChats
from storage.repositories.corrections import SqlCorrections
from storage.repositories.drafts import SqlDrafts
from storage.repositories.duties import SqlDuties, SqlHandovers
from storage.repositories.events import SqlEvents
from storage.repositories.facts import SqlAttachments, SqlCalendar, SqlSettings
from storage.repositories.meetings import SqlInvitations, SqlMeetings
from storage.repositories.messages import SqlCards, SqlMessages, SqlOutbox
from storage.repositories.people import SqlPeople
from storage.repositories.presences import SqlPresences
from storage.repositories.referrals import SqlReferrals
from storage.repositories.requests import SqlRequests
from storage.repositories.rulings import SqlRulings, SqlStreetQuestions
from storage.repositories.schedule import SqlCodes, SqlDues, SqlQuestions
from storage.repositories.situations import SqlSituations
from storage.repositories.steps import SqlSteps
from storage.repositories.street_calls import SqlStreetCalls
from storage.repositories.tickets import SqlTickets
from storage.repositories.tokens import SqlTokens


class SqlUnitOfWork:
    """One transaction over every repository; it has ended once it is committed."""

    def __init__(self, connection: AsyncConnection, catalogues: dict[int, Catalogue]) -> None:
        self._connection = connection
        db = self.db = Db(connection)
        self._links = SqlEvents(db)
        self._minted = SqlTokens(db)
        self._put = SqlDues(db)
        self._afterwards: list[Callable[[], None]] = []
        chats, people, drafts = SqlChats(db), SqlPeople(db), SqlDrafts(db)
        self.chats: ports.Chats = chats
        self.people: ports.People = people
        self.presences: ports.Presences = SqlPresences(db, chats, people, drafts)
        self.drafts: ports.Drafts = drafts
        self.tickets: ports.Tickets = SqlTickets(db)
        self.assignments: ports.Assignments = SqlAssignments(db)
        self.hub_tasks: ports.HubTasks = SqlHubTasks(db)
        self.meetings: ports.Meetings = SqlMeetings(db)
        self.invitations: ports.Invitations = SqlInvitations(db)
        self.boards: ports.Boards = SqlBoards(db)
        self.rulings: ports.Rulings = SqlRulings(db)
        self.street_questions: ports.StreetQuestions = SqlStreetQuestions(db)
        self.referrals: ports.Referrals = SqlReferrals(db)
        self.events: ports.Events = self._links
        self.evaluations: ports.Evaluations = SqlEvaluations(db)
        self.outbox: ports.Outbox = SqlOutbox(db)
        self.cards: ports.Cards = SqlCards(db)
        self.tokens: ports.Tokens = self._minted
        self.messages: ports.Messages = SqlMessages(db)
        self.dues: ports.Dues = self._put
        self.questions: ports.Questions = SqlQuestions(db)
        self.codes: ports.Codes = SqlCodes(db)
        self.attachments: ports.Attachments = SqlAttachments(db)
        self.settings: ports.Settings = SqlSettings(db)
        self.corrections: ports.Corrections = SqlCorrections(db)
        self.catalogues: ports.Catalogues = SqlCatalogues(db, catalogues)
        self.calendar: ports.Calendar = SqlCalendar(db)
        self.requests: ports.Requests = SqlRequests(db)
        self.duties: ports.Duties = SqlDuties(db)
        self.handovers: ports.Handovers = SqlHandovers(db)
        self.street_calls: ports.StreetCalls = SqlStreetCalls(db)
        self.situations: ports.Situations = SqlSituations(db)
        self.steps: ports.Steps = SqlSteps(db)

    @property
    def has_news(self) -> bool:
        """Whether a message was queued or a card raised in it."""
        return self.db.has_news

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What is done inside is undone if an exception leaves it."""
        await self._flush()
        point = await self.db.nest()
        try:
            yield
        except BaseException:
            self._links.forget()
            self._minted.forget()
            self._put.forget()
            await unbroken(point.rollback())
            raise
        await self._put.flush()
        await unbroken(point.commit())

    async def commit(self) -> None:
        """Makes it last; nothing can be asked of this unit of work afterwards."""
        await self._flush()
        await unbroken(self._connection.commit())
        self.db.is_over = True
        for act in self._afterwards:
            act()

    async def _flush(self) -> None:
        await self._put.flush()
        await self._minted.flush()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Is done once the commit has succeeded, and not otherwise."""
        self._afterwards.append(act)


class SqlStore:
    """`Store` over SQLite or PostgreSQL; opened by URL, migrated by `storage.migrate`."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        # SQLite's own waiting is unfair; in one process writers queue here, first come first served.
        self._turn = asyncio.Lock() if engines.is_sqlite else None
        self._catalogues: dict[int, Catalogue] = {}

    @classmethod
    def open(cls, url: str) -> SqlStore:
        """A store on that database; it connects when it is first used."""
        return cls(open_engines(url))

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnitOfWork]:
        """A writing unit of work (one at a time on SQLite); rolled back unless committed."""
        if self._turn is None:
            async with self._transaction(self.engines.writer) as uow:
                yield uow
            return
        async with self._turn, self._transaction(self.engines.writer, lock=True) as uow:
            yield uow

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that only reads, all of it as of one moment."""
        async with self._transaction(self.engines.reader) as uow:
            yield uow

    @asynccontextmanager
    async def look(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that only reads, each statement as of its own moment; on PostgreSQL half the way of `read`."""
        async with self._transaction(self.engines.looker) as uow:
            yield uow

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine, *, lock: bool = False) -> AsyncIterator[SqlUnitOfWork]:
        """Begins with its first statement, or at once where it must `lock`."""
        connection = engine.connect()
        try:
            await (unbroken(_begun(connection)) if lock else connection.start())
            yield SqlUnitOfWork(connection, self._catalogues)
        finally:
            if connection.sync_connection is not None:
                await connection.close()

    async def close(self) -> None:
        """Closes every connection."""
        await self.engines.close()


async def _begun(connection: AsyncConnection) -> None:
    _ = await connection.start()
    _ = await connection.begin()
