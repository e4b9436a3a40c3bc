"""What the district chooses about meetings, orders of leaders, and the enforcement that streets command."""

from __future__ import annotations

from bot.config.sections import LimitText, Positive, Section
from bot.domain.meeting import MeetingRules
from bot.domain.referral import OrderVerifier, ReferralRules


class MeetingsSection(Section):
    """How long is waited for answers, arrivals and minutes; who is proposed for standing meetings."""

    answer_within: LimitText = "4工作时"
    arrive_within: LimitText = "0.5紧急工作时"
    minutes_within: LimitText = "4工作时"
    standing: tuple[str, ...] = ()

    def rules(self) -> MeetingRules:
        """As the rules of the domain take it."""
        return MeetingRules(self.answer_within, self.arrive_within, self.minutes_within, self.standing)


class ReverseSection(Section):
    """How long a leader is waited for, who verifies what he ordered, and from which count in a month it is many."""

    leader_within: LimitText = "1工作日"
    verifier: OrderVerifier = OrderVerifier.LEADER
    often: Positive = 10

    def rules(self) -> ReferralRules:
        """As the rules of the domain take it."""
        return ReferralRules(self.leader_within, self.verifier, self.often)


class EnforcementSection(Section):
    """Whose offices in the streets are the teams that street officers command; empty: none."""

    department: str = ""
