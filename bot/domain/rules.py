"""The district's choices that rules depend on; config fills them, defaults are the demonstration district's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from bot.domain.commanding import EnforcementRules
from bot.domain.leading import StreetLeader
from bot.domain.meeting import MeetingRules
from bot.domain.merging import MergingRules
from bot.domain.referral import ReferralRules
from bot.domain.street_call import StreetItem
from bot.domain.ticket import Level


class AnswerSignature(StrEnum):
    """Whose answers need the department leader's signature."""

    NONE = "none"
    COMPLEX = "complex"
    ALL = "all"


class Verifier(StrEnum):
    """Who is the person of record for verification."""

    REPORTER = "reporter"
    STREET_OFFICER = "street_officer"


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits are written as in the list (`2工作时`, `3工作日`); `standing_items` None means every item.

    `delivery_from` and `delivery_to` are local times between which a message may ring.
    """

    ticket_prefix: str = "JL"
    zone: str = "Asia/Shanghai"
    direct_levels: frozenset[Level] = frozenset({Level.ORDINARY})
    standing_items: frozenset[str] | None = frozenset()
    standing_title: str = ""
    community_calls_street: frozenset[str] = frozenset()
    emergency_departments: frozenset[str] = frozenset()
    answer_signature: AnswerSignature = AnswerSignature.NONE
    verifier: Verifier = Verifier.REPORTER
    undelivered_after: timedelta = timedelta(minutes=10)
    undo_window: timedelta = timedelta(seconds=30)
    similar_within: timedelta = timedelta(days=3)
    street_items: Mapping[str, StreetItem] = field(default_factory=dict)
    street_call_clause: str = ""
    street_call_limit: str = "1工作日"
    approvers: tuple[frozenset[str], ...] = ()
    approval_limit: str = "5工作日"
    admitted_name: str = "经准入的临时事项"
    start_limit: str = "2工作时"
    hub_limit: str = "2工作时"
    hub_emergency_limit: str = "0.5紧急工作时"
    ruling_limit: str = "4工作时"
    dispute_limit: str = "5工作日"
    street_answer_limit: str = "4工作时"
    release_limit: str = "4工作时"
    verification_limit: str = "3工作日"
    self_sign_limit: str = "2工作时"
    request_limit: str = "4工作时"
    silence_grants: bool = False
    max_extensions: int = 2
    max_suspensions: int = 1
    longest_suspension: timedelta = timedelta(days=180)
    away_after: timedelta = timedelta(minutes=15)
    delivery_from: time = time(8, 0)
    delivery_to: time = time(21, 0)
    mistakes_before_private: int = 3
    max_rounds: int = 3
    urges_per_assignment: int = 3
    urge_distance: timedelta = timedelta(hours=2)
    draft_expires_at: time = time(12, 0)
    resident_passes_on_after: timedelta = timedelta(minutes=15)
    digest_times: tuple[time, ...] = (time(9), time(15))
    officer_wake_every: str = "1.8工作时"
    leader_digest_at: time = time(9)
    leader_summary_at: time = time(16, 30)
    leaders: tuple[StreetLeader, ...] = ()
    delegate_acts: frozenset[str] = frozenset({"启动", "签发", "派单", "督促"})
    merging: MergingRules = field(default_factory=MergingRules)
    meetings: MeetingRules = field(default_factory=MeetingRules)
    referrals: ReferralRules = field(default_factory=ReferralRules)
    enforcement: EnforcementRules = field(default_factory=EnforcementRules)

    def needs_signature(self, level: Level) -> bool:
        """Whether the answer of a ticket of that level waits for the department leader."""
        if self.answer_signature is AnswerSignature.COMPLEX:
            return level is not Level.ORDINARY
        return self.answer_signature is AnswerSignature.ALL
