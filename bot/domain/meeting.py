"""A meeting of departments and streets: about one ticket (联动处置, 吹哨报到) or standing (联席会议), and its clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.party import Party


class MeetingKind(StrEnum):
    """Why people come together: to agree, at once on the spot, or as every month."""

    TALK = "talk"
    CALL_OUT = "call_out"
    STANDING = "standing"


class MeetingState(StrEnum):
    """How far it is."""

    PREPARED = "prepared"
    CALLED = "called"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Every(StrEnum):
    """How often a standing meeting comes again."""

    NEVER = ""
    WEEK = "week"
    MONTH = "month"


class Reply(StrEnum):
    """What an invited party says."""

    ATTENDS = "attends"
    EXCUSED = "excused"
    DELEGATE = "delegate"
    ARRIVED = "arrived"


COMING = frozenset({Reply.ATTENDS, Reply.DELEGATE, Reply.ARRIVED})
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
INVITE_BEFORE = timedelta(days=3)
"""How long before a standing meeting the hub is reminded that nobody has been invited."""


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """How long is waited for answers, for people called to the spot, for minutes; who is asked to standing meetings."""

    answer_limit: str = "4工作时"
    arrival_limit: str = "0.5紧急工作时"
    minutes_limit: str = "4工作时"
    standing_invites: tuple[str, ...] = ()


class MeetingOver(Refusal):
    """The meeting was held or called off, so that nothing can be answered or changed any more."""

    code = "meeting-over"


class MeetingIncomplete(Refusal):
    """Invitations cannot go out: nobody is invited, or it is not said when."""

    code = "meeting-incomplete"


@dataclass(slots=True)
class Invitation:
    """One party's invitation; `delegate` is the name of who comes instead, `arrived_at` when it was there."""

    id: int
    meeting_id: int
    party: Party
    reply: Reply | None = None
    replied_by: int | None = None
    replied_at: datetime | None = None
    delegate: str = ""
    arrived_at: datetime | None = None

    @property
    def comes(self) -> bool:
        """Whether somebody of the party comes, or is there."""
        return self.reply in COMING


@dataclass(slots=True)
class Meeting:
    """`ticket_id` is None for a standing meeting; `where` is a place or a link as written, `minutes` what is agreed.

    `asked_at`: since when answers are waited for, anew where the meeting was moved.
    `comes_at` is the day that was said of one that comes again; it begins on the next working day.
    """

    id: int
    kind: MeetingKind
    state: MeetingState
    ticket_id: int | None
    title: str
    called_by: int
    created_at: datetime
    begins_at: datetime | None = None
    where: str = ""
    every: Every = Every.NEVER
    invited_at: datetime | None = None
    answers_by: datetime | None = None
    minutes: str = ""
    ended_at: datetime | None = None
    asked_at: datetime | None = None
    comes_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it is still to come, or its minutes are still owed."""
        return self.state in {MeetingState.PREPARED, MeetingState.CALLED}


class Step(StrEnum):
    """What the clock of a meeting does, one after the other."""

    INVITE = "invite"
    ANSWERS = "answers"
    DAY_BEFORE = "day_before"
    HOUR_BEFORE = "hour_before"
    BEGINS = "begins"
    MINUTES = "minutes"


def steps_of(meeting: Meeting, minutes_by: datetime | None) -> list[tuple[datetime, Step]]:
    """All steps, in order, one at a time; of a called meeting those before the invitation do not happen."""
    begins, invited = meeting.begins_at, meeting.invited_at
    if meeting.state is MeetingState.PREPARED and meeting.kind is MeetingKind.STANDING and begins is not None:
        return [(begins - INVITE_BEFORE, Step.INVITE)]
    if meeting.state is not MeetingState.CALLED or begins is None or invited is None:
        return []
    found: list[tuple[datetime, Step]] = []
    if meeting.answers_by is not None:
        # somebody called to the spot is waited for beyond the call; to a meeting people say so before it begins
        latest = meeting.answers_by if meeting.kind is MeetingKind.CALL_OUT else min(meeting.answers_by, begins)
        found.append((latest, Step.ANSWERS))
    if meeting.kind is not MeetingKind.CALL_OUT:
        found += [(begins - DAY, Step.DAY_BEFORE), (begins - HOUR, Step.HOUR_BEFORE)]
    found.append((begins, Step.BEGINS))
    if minutes_by is not None:
        found.append((max(minutes_by, begins + HOUR), Step.MINUTES))
    return sorted({moment: step for moment, step in found if moment > invited}.items())


def step_after(meeting: Meeting, minutes_by: datetime | None, after: datetime) -> tuple[datetime, Step] | None:
    """The first step later than `after`: the moment of the one just done, or of the change that moved them all."""
    return next((each for each in steps_of(meeting, minutes_by) if each[0] > after), None)


def next_beginning(begins: datetime, every: Every) -> datetime | None:
    """The same weekday a week later, or the same day of the next month (its last where it has fewer days)."""
    if every is Every.WEEK:
        return begins + timedelta(days=7)
    if every is Every.MONTH:
        year, month = begins.year + begins.month // 12, begins.month % 12 + 1
        return begins.replace(year=year, month=month, day=min(begins.day, monthrange(year, month)[1]))
    return None


def unanswered(invitations: Iterable[Invitation]) -> list[Invitation]:
    """Those who have said nothing."""
    return [each for each in invitations if each.reply is None]
