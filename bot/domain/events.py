"""The history of a ticket: append-only, hash-chained, with erasable texts kept apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GENESIS = "0" * 64


class EventKind(StrEnum):
    """What happened, in the past tense."""

    REPORTED = "reported"
    START_REQUESTED = "start_requested"
    STARTED = "started"
    KEPT = "kept"
    CONVERTED = "converted"
    TAKEN_OVER = "taken_over"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    SIGNED = "signed"
    PROGRESSED = "progressed"
    HANDED_ON = "handed_on"
    HANDED_OVER = "handed_over"
    REPORT_BACK_DRAFTED = "report_back_drafted"
    REPORTED_BACK = "reported_back"
    RELEASED = "released"
    RETURN_REQUESTED = "return_requested"
    RETURN_REFUSED = "return_refused"
    RETURNED = "returned"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension_refused"
    SUSPENSION_REQUESTED = "suspension_requested"
    SUSPENDED = "suspended"
    SUSPENSION_REFUSED = "suspension_refused"
    RESUMED = "resumed"
    REQUEST_TAKEN_BACK = "request_taken_back"
    REQUEST_LAPSED = "request_lapsed"
    EVALUATED = "evaluated"
    REASON_GIVEN = "reason_given"
    UNEVALUATED = "unevaluated"
    REWORK_STARTED = "rework_started"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    MERGED = "merged"
    FOLLOWED = "followed"
    CLOSED = "closed"
    REOPENED = "reopened"
    UNDONE = "undone"
    URGED = "urged"
    WORDS_ADDED = "words_added"
    HUB_TASK_OPENED = "hub_task_opened"
    HUB_TASK_DONE = "hub_task_done"
    TOLD_BY_PHONE = "told_by_phone"
    LOOKED_AT = "looked_at"
    CALLBACK_ASKED = "callback_asked"
    DUE_RECOMPUTED = "due_recomputed"
    SUPERVISED = "supervised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    COORDINATION_ASKED = "coordination_asked"
    LEADER_SAID = "leader_said"
    LEADER_CALLED = "leader_called"
    MEETING_CALLED = "meeting_called"
    MEETING_ANSWERED = "meeting_answered"
    MEETING_CANCELLED = "meeting_cancelled"
    ARRIVED = "arrived"
    SET_OUT = "set_out"
    MINUTES_TAKEN = "minutes_taken"
    REFERRED = "referred"
    ORDERED = "ordered"
    REFERRAL_CLOSED = "referral_closed"
    COMMANDED = "commanded"
    RULED = "ruled"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_SETTLED = "dispute_settled"
    STREET_ASKED = "street_asked"
    STREET_ANSWERED = "street_answered"
    GRADED = "graded"
    MERGE_REQUESTED = "merge_requested"
    MERGE_REFUSED = "merge_refused"
    SPLIT = "split"
    CALLER_CHANGED = "caller_changed"
    EMERGENCY_BEGAN = "emergency_began"
    EMERGENCY_ENDED = "emergency_ended"


@dataclass(frozen=True, slots=True)
class Event:
    """One change: who, when, what, from and to. `body` is the canonical JSON that was hashed, as stored.

    `hash` is sha256(previous hash ‖ body). Personal texts are in the body only as a salted digest.
    """

    ticket_id: int
    seq: int
    at: datetime
    kind: EventKind
    actor_id: int | None
    body: str
    hash: str


def canonical(
    *, ticket_id: int, seq: int, at: datetime, kind: EventKind, actor: int | None, detail: Mapping[str, object]
) -> str:
    """The one JSON form of an event: sorted keys, no spaces, UTC moments."""
    record = {
        "actor": actor,
        "at": at.isoformat(),
        "detail": dict(detail),
        "kind": str(kind),
        "seq": seq,
        "ticket": ticket_id,
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def chained(previous: str, body: str) -> str:
    """The hash that binds `body` to everything before it."""
    return hashlib.sha256((previous + body).encode()).hexdigest()


def digest(salt: str, text: str) -> str:
    """What stands in the chain for a text that must stay erasable."""
    return hashlib.sha256((salt + text).encode()).hexdigest()


def first_bad(events: Iterable[Event]) -> Event | None:
    """The first event of one ticket's history whose place in the chain does not hold, if any."""
    previous, expected = GENESIS, 1
    for event in events:
        stored = json.loads(event.body)
        told = (event.ticket_id, event.seq, str(event.kind), event.actor_id)
        written = (stored["ticket"], stored["seq"], stored["kind"], stored["actor"])
        moved = datetime.fromisoformat(stored["at"]) != event.at
        if event.seq != expected or told != written or moved or event.hash != chained(previous, event.body):
            return event
        previous, expected = event.hash, expected + 1
    return None
