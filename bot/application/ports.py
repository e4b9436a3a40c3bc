"""What use cases need of storage. The worker opens a unit of work and commits it; use cases never do.

Every method that reads returns domain values or records; `None` means "there is none". Saving with an old version
raises `VersionConflict`. `for_update` locks the row where the database knows such locks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from bot.application.records import (
    Attachment,
    AttachmentUse,
    Card,
    CodeKind,
    DueKind,
    DueRow,
    Face,
    HolidayRow,
    OneTimeCode,
    OpenQuestion,
    Outgoing,
    Subject,
    Token,
)
from bot.domain.assignment import Assignment
from bot.domain.catalogue import Catalogue
from bot.domain.chat import Chat, ChatKind
from bot.domain.draft import Draft
from bot.domain.evaluation import Evaluation
from bot.domain.events import Event, EventKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.people import Grant, Person, Role
from bot.domain.permissions import Action
from bot.domain.ticket import Ticket


class Chats(Protocol):
    """Chats, their alias ids and bindings."""

    async def get(self, chat_id: int) -> Chat | None: ...
    async def by_telegram_id(self, telegram_id: int) -> Chat | None: ...
    async def ensure(self, telegram_id: int, *, title: str, private: bool) -> Chat:
        """The chat with that Telegram id (an alias counts), made as `unbound` or `private` if new."""
        ...

    async def save(self, chat: Chat) -> None: ...
    async def migrate(self, old_telegram_id: int, new_telegram_id: int) -> Chat:
        """Both ids mean the same chat from now on; the new one is sent to."""
        ...

    async def bound(self, kinds: Collection[ChatKind], of: Collection[str]) -> Sequence[Chat]:
        """Chats bound as one of these kinds to one of these codes, oldest binding first."""
        ...

    async def all_bound(self) -> Sequence[Chat]: ...


class People(Protocol):
    """People and their grants."""

    async def get(self, person_id: int) -> Person | None: ...
    async def by_telegram_id(self, telegram_id: int) -> Person | None: ...
    async def ensure(self, telegram_id: int, *, name: str, username: str = "") -> Person:
        """The person with that Telegram id, made if new; a changed name is taken over."""
        ...

    async def save(self, person: Person) -> None: ...
    async def grants(self, person_id: int) -> frozenset[Grant]: ...
    async def grant(self, person_id: int, grant: Grant, *, at: datetime, by: int | None) -> None: ...
    async def revoke(self, person_id: int, grant: Grant | None, *, at: datetime) -> int:
        """Ends one grant, or all of them; the number ended."""
        ...

    async def holding(self, role: Role, of: Collection[str]) -> Sequence[Person]:
        """Everybody who holds that role for one of these parties, longest first."""
        ...

    async def in_private_chat(self, chat_id: int) -> Person | None: ...


class Drafts(Protocol):
    """Reports that nobody has confirmed yet."""

    async def add(self, draft: Draft) -> Draft: ...
    async def get(self, draft_id: int, *, for_update: bool = False) -> Draft | None: ...
    async def save(self, draft: Draft) -> None: ...
    async def open_of(self, author_id: int, *, since: datetime, chat_id: int | None = None) -> Sequence[Draft]:
        """Open drafts of that author touched since then, newest first; in one chat, or anywhere."""

    async def by_message(self, chat_id: int, message_id: int) -> Draft | None:
        """The draft that this message of a person belongs to."""

    async def by_media_group(self, chat_id: int, media_group: str) -> Draft | None: ...


class Tickets(Protocol):
    """Tickets, their followers and codes."""

    async def add(self, ticket: Ticket, *, day: date, prefix: str) -> Ticket:
        """Stores it with the next code of that day (`JL-20261122-0007`); gaps are allowed."""
        ...

    async def get(self, ticket_id: int, *, for_update: bool = False) -> Ticket | None: ...
    async def by_code(self, code: str) -> Ticket | None: ...
    async def by_short_code(self, digits: str, *, since: datetime) -> Sequence[Ticket]:
        """Tickets whose code ends with these digits, newest first."""
        ...

    async def save(self, ticket: Ticket) -> None: ...
    async def followers(self, ticket_id: int) -> Sequence[Person]: ...
    async def follow(self, ticket_id: int, person_id: int, *, at: datetime) -> bool:
        """Whether it is new that this person follows."""
        ...

    async def of_person(self, person_id: int, *, limit: int) -> Sequence[Ticket]:
        """Reported or followed by that person, newest first."""
        ...

    async def open_in(self, *, streets: Collection[str] = (), units: Collection[str] = ()) -> Sequence[Ticket]:
        """Tickets not ended of these streets or with an open assignment of these units, oldest first, at most 200."""
        ...

    async def awaiting_start(self, street: str) -> Sequence[Ticket]: ...
    async def similar(self, item: str, community: str, *, since: datetime) -> Sequence[Ticket]:
        """Not ended, same item and community, newest first."""
        ...

    async def listed(
        self, *, limit: int, before: datetime | None = None, after: datetime | None = None
    ) -> Sequence[Ticket]:
        """Tickets with `after` <= created < `before`, oldest first, for lists and exports."""
        ...


class Assignments(Protocol):
    """Assignments."""

    async def add(self, assignment: Assignment) -> Assignment: ...
    async def get(self, assignment_id: int, *, for_update: bool = False) -> Assignment | None: ...
    async def of_ticket(self, ticket_id: int) -> Sequence[Assignment]: ...
    async def of_tickets(self, ticket_ids: Collection[int]) -> Mapping[int, Sequence[Assignment]]: ...
    async def open_of(self, codes: Collection[str]) -> Sequence[Assignment]:
        """Open assignments whose assignee has one of these codes, earliest due first."""
        ...

    async def answers_to_release(self, codes: Collection[str]) -> Sequence[Assignment]: ...
    async def save(self, assignment: Assignment) -> None: ...


class HubTasks(Protocol):
    """What the hub owes."""

    async def add(self, task: HubTask) -> HubTask: ...
    async def get(self, task_id: int, *, for_update: bool = False) -> HubTask | None: ...
    async def of_ticket(self, ticket_id: int) -> Sequence[HubTask]: ...
    async def of_tickets(self, ticket_ids: Collection[int]) -> Mapping[int, Sequence[HubTask]]: ...
    async def open(self, kind: HubTaskKind | None = None) -> Sequence[HubTask]: ...
    async def save(self, task: HubTask) -> None: ...


class Events(Protocol):
    """The append-only history."""

    async def append(
        self,
        ticket_id: int,
        kind: EventKind,
        *,
        at: datetime,
        actor: int | None,
        detail: Mapping[str, object] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Event:
        """Adds the next link; each of `texts` is stored apart and only its salted digest enters the chain."""
        ...

    async def of_ticket(self, ticket_id: int) -> Sequence[Event]: ...
    async def texts_of(self, ticket_id: int) -> Mapping[tuple[int, str], str]:
        """The texts not yet erased, by (seq, name)."""
        ...

    async def erase_texts(self, ticket_id: int) -> int: ...
    async def altered_texts(self, ticket_id: int) -> Sequence[tuple[int, str]]:
        """(seq, name) of stored texts that no longer fit the digest in the chain."""
        ...

    async def anchor(self, day: date, *, at: datetime) -> None:
        """Writes the day's anchor over all chains, chained to the day before; a second call of a day does nothing."""
        ...

    async def first_bad_anchor(self) -> date | None: ...
    async def ticket_ids(self) -> Sequence[int]: ...


class Evaluations(Protocol):
    """Answers to report-backs."""

    async def add(self, evaluation: Evaluation) -> Evaluation: ...
    async def of_ticket(self, ticket_id: int) -> Sequence[Evaluation]: ...
    async def save(self, evaluation: Evaluation) -> None: ...
    async def remove(self, evaluation_id: int) -> None:
        """Only for the undo within thirty seconds; the events keep both."""
        ...


class Outbox(Protocol):
    """Messages that wake or answer."""

    async def add(self, message: Outgoing, *, at: datetime) -> bool:
        """Whether it is new; a known `dedupe_key` is passed over."""
        ...


class Cards(Protocol):
    """Messages edited in place."""

    async def want(
        self,
        subject: Subject,
        chat_id: int,
        face: Face,
        *,
        reply_to: int | None = None,
        silent: bool = False,
        priority: int = 1,
        create: bool = True,
        at: datetime | None = None,
    ) -> Card | None:
        """Raises the wanted revision; made if new (unless `create` is false: then None), retired or dead: revived."""
        ...

    async def want_all(self, subject: Subject) -> None:
        """Raises every card of the subject."""
        ...

    async def get(self, card_id: int) -> Card | None: ...
    async def of(self, subject: Subject, chat_id: int, face: Face) -> Card | None: ...
    async def of_subject(self, subject: Subject) -> Sequence[Card]: ...
    async def rename(self, card: Card, subject: Subject, face: Face) -> None:
        """The message is about something else from now on; if that card exists, it is raised and this one retired."""
        ...

    async def retire(self, subject: Subject) -> None:
        """The messages are to be deleted (dispatcher: deleteMessage, else emptied)."""
        ...


class Tokens(Protocol):
    """Button tokens."""

    async def get(self, token: str) -> Token | None: ...
    async def mint(
        self, owner: str, action: Action, subject: Subject, arg: str, *, chat_id: int, round: int, expires_at: datetime
    ) -> str:
        """The token of (owner, action, subject, arg, round), reused if there is one; owner is `card:7` or `out:9`."""
        ...


class Messages(Protocol):
    """Which subject a bot message is about."""

    async def subject_of(self, chat_id: int, message_id: int) -> Subject | None: ...
    async def remember(self, chat_id: int, message_id: int, subject: Subject) -> None: ...


class Dues(Protocol):
    """The schedule."""

    async def put(self, subject: Subject, kind: DueKind, at: datetime, *, arg: str = "") -> None:
        """One row per (subject, kind); the newer moment replaces the older."""
        ...

    async def drop(self, subject: Subject, kind: DueKind | None = None) -> None: ...
    async def get(self, due_id: int, *, for_update: bool = False) -> DueRow | None: ...
    async def ripe(self, now: datetime, *, limit: int) -> Sequence[int]:
        """Ids due by then, earliest first."""
        ...

    async def next_moment(self) -> datetime | None: ...


class Questions(Protocol):
    """Half-finished dialogues."""

    async def ask(self, question: OpenQuestion) -> None: ...
    async def open(self, person_id: int, chat_id: int, *, now: datetime) -> OpenQuestion | None: ...
    async def close(self, person_id: int, chat_id: int) -> None: ...


class Codes(Protocol):
    """One-time codes and residents' links."""

    async def add(self, code: OneTimeCode) -> None: ...
    async def get(self, code: str) -> OneTimeCode | None: ...
    async def use(self, code: str, *, by: int, at: datetime) -> bool:
        """Whether it was unused and is used now."""
        ...

    async def follow_code(self, ticket_code: str) -> OneTimeCode | None: ...
    async def open(self, kind: CodeKind) -> Sequence[OneTimeCode]: ...


class Attachments(Protocol):
    """Pictures and files by content hash."""

    async def add(self, attachment: Attachment, *, at: datetime) -> None: ...
    async def get(self, digest: str) -> Attachment | None: ...
    async def by_file_id(self, file_unique_id: str) -> Attachment | None: ...
    async def use(self, use: AttachmentUse) -> None: ...
    async def used(self, digest: str) -> Sequence[AttachmentUse]: ...
    async def of(self, subject: Subject) -> Sequence[AttachmentUse]: ...


class Settings(Protocol):
    """Small facts shared by all processes: clock offset, last good poll, heartbeat, standing authority."""

    async def get(self, key: str) -> object | None: ...
    async def put(self, key: str, value: object) -> None: ...
    async def starting_with(self, prefix: str) -> Mapping[str, object]: ...


class Corrections(Protocol):
    """What people corrected, with its origin; released by a second person before it becomes an example."""

    async def add(
        self, *, text: str, item: str, origin: str, subject: Subject, by: int | None, at: datetime
    ) -> None: ...


class Catalogues(Protocol):
    """Versions of the list."""

    async def current(self) -> Catalogue | None: ...
    async def get(self, version: int) -> Catalogue | None: ...
    async def add(self, catalogue: Catalogue, *, at: datetime) -> int:
        """Stores it as the next version, which becomes the current one; its number."""
        ...


class Calendar(Protocol):
    """The published notices of days off and days worked instead."""

    async def published(self) -> Sequence[HolidayRow]: ...
    async def replace_year(self, year: int, rows: Sequence[HolidayRow], source: str) -> None: ...


class UnitOfWork(Protocol):
    """One transaction with everything a use case may touch."""

    chats: Chats
    people: People
    drafts: Drafts
    tickets: Tickets
    assignments: Assignments
    hub_tasks: HubTasks
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
        """A unit of work that only reads."""
        ...

    async def close(self) -> None: ...
