"""Drafts, tickets with their parts and history, and the schedule."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.application.records import (
    DueKind,
    DueRow,
    Figures,
    Subject,
)
from bot.domain.assignment import Assignment
from bot.domain.draft import Draft
from bot.domain.evaluation import Evaluation, Verdict
from bot.domain.events import Event, EventKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.people import Person
from bot.domain.ticket import Ticket


class Drafts(Protocol):
    """Reports that nobody has confirmed yet."""

    async def add(self, draft: Draft) -> Draft: ...
    async def get(self, draft_id: int, *, for_update: bool = False) -> Draft | None: ...
    async def save(self, draft: Draft) -> None: ...
    async def open_of(self, author_id: int, *, since: datetime) -> Sequence[Draft]:
        """Open drafts of that author touched since then, in whatever chat, newest first."""

    async def by_message(self, chat_id: int, message_id: int) -> Draft | None:
        """The draft that this message of a person belongs to."""

    async def by_media_group(self, chat_id: int, media_group: str) -> Draft | None: ...
    async def words_about(self, ticket_id: int, author_id: int) -> Draft | None:
        """What that person himself reported of the ticket or of one that was merged into it, the newest."""


class Tickets(Protocol):
    """Tickets, their followers and codes."""

    async def add(self, ticket: Ticket, *, day: date, prefix: str) -> Ticket:
        """Stores it with the next code of that day (`JL-20261122-0007`); gaps are allowed."""
        ...

    async def get(self, ticket_id: int, *, for_update: bool = False) -> Ticket | None: ...
    async def of_ids(self, ticket_ids: Collection[int]) -> Mapping[int, Ticket]:
        """Those that there are, by id."""
        ...

    async def by_code(self, code: str) -> Ticket | None: ...
    async def by_short_code(self, digits: str, *, since: datetime) -> Sequence[Ticket]:
        """Tickets whose code ends with these digits, newest first."""
        ...

    async def save(self, ticket: Ticket) -> None: ...
    async def followers(self, ticket_id: int) -> Sequence[Person]: ...
    async def follow(self, ticket_id: int, person_id: int, *, at: datetime, joined: bool = False) -> bool:
        """Whether it is new that this person follows; `joined`: with a report of the same matter of his own."""
        ...

    async def joined(self, ticket_id: int) -> Sequence[Person]:
        """Those who joined it with a report of their own, oldest first."""
        ...

    async def joined_counts(self, ticket_ids: Collection[int]) -> Mapping[int, int]:
        """How many joined each of these; none for those that nobody joined."""
        ...

    async def unfollow(self, ticket_id: int, person_id: int) -> None: ...

    async def of_person(self, person_id: int, *, limit: int) -> Sequence[Ticket]:
        """Reported or followed by that person, newest first."""
        ...

    async def open_in(self, *, streets: Collection[str] = (), units: Collection[str] = ()) -> Sequence[Ticket]:
        """Tickets not ended of these streets or with an open assignment of these units, oldest first, at most 200."""
        ...

    async def awaiting_start(self, street: str) -> Sequence[Ticket]: ...
    async def reports_of(self, item: str, street: str, *, since: datetime) -> int:
        """How many of that item were reported in that street since then, with those who joined one."""
        ...

    async def similar(self, item: str, street: str, *, since: datetime) -> Sequence[Ticket]:
        """Not ended, same item and street, newest first."""
        ...

    async def figures(
        self, *, streets: Collection[str] = (), units: Collection[str] = (), since: datetime, now: datetime
    ) -> Figures:
        """What began since then at these streets or units, what was filed, and what is overdue now."""
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
    async def of_ids(self, assignment_ids: Collection[int]) -> Mapping[int, Assignment]:
        """Those that there are, by id."""
        ...

    async def open_of(self, codes: Collection[str]) -> Sequence[Assignment]:
        """Open assignments whose assignee has one of these codes, earliest due first."""
        ...

    async def open_after(self, assignment_id: int, *, limit: int) -> Sequence[Assignment]:
        """Everybody's open and reported assignments with a greater id, in the order of their ids."""
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
    async def done_by(self, person_id: int, *, since: datetime) -> int:
        """How many that person has finished since then."""
        ...

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
    async def closing(
        self, codes: Collection[str], *, since: datetime, until: datetime
    ) -> Mapping[Verdict | None, int]:
        """How many answers of these assignees were accepted with which verdict (None: without) in that time."""
        ...

    async def save(self, evaluation: Evaluation) -> None: ...
    async def remove(self, evaluation_id: int) -> None:
        """Only for the undo within thirty seconds; the events keep both."""
        ...


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

    async def claim(self, now: datetime, *, limit: int) -> Sequence[DueRow]:
        """Rows due by then, earliest first, locked; what another process is judging is passed over."""
        ...

    async def of_kinds(self, kinds: Collection[DueKind]) -> Sequence[DueRow]: ...
    async def move(self, moments: Mapping[int, datetime]) -> None:
        """These rows are judged again then."""
        ...

    async def remove(self, ids: Collection[int]) -> None: ...
    async def forgotten(self, *, limit: int) -> Sequence[tuple[Subject, DueKind]]:
        """What somebody is waited for in and nothing will look at again, so many of each kind."""
        ...

    async def next_moment(self) -> datetime | None: ...
    async def moment_of(self, subject: Subject, kind: DueKind) -> datetime | None:
        """When that subject is judged for that kind; None if it does not wait for it."""
        ...
