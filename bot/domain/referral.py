"""逆向派单: a matter that the street lays before its district leader, who says in one sentence who does what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import Refusal


class ReferralState(StrEnum):
    """What became of it."""

    OPEN = "open"
    ORDERED = "ordered"
    MEETING = "meeting"
    PASSED = "passed"
    LAPSED = "lapsed"


class OrderVerifier(StrEnum):
    """Who verifies what a leader has ordered."""

    LEADER = "leader"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class ReferralRules:
    """How long the leader is waited for, who verifies, and from which count in a month it is pointed out."""

    leader_limit: str = "1工作日"
    verifier: OrderVerifier = OrderVerifier.LEADER
    often: int = 10


class NoLeader(Refusal):
    """No district leader of that street can be reached in private."""

    code = "no-leader"


class OrderUnclear(Refusal):
    """The sentence names neither a unit nor a meeting."""

    code = "order-unclear"


class ReferralSettled(Refusal):
    """The leader has decided, or the matter has gone another way."""

    code = "referral-settled"


@dataclass(slots=True)
class Referral:
    """`proposal` are the street's words, `words` the leader's own; `decided_by` is he, or who acted for him (代).

    `meets_at` and `meets_where` are what his words say of a meeting, read when he said them.
    """

    id: int
    ticket_id: int
    state: ReferralState
    leader_id: int
    prepared_by: int
    prepared_at: datetime
    due_at: datetime
    proposal: str = ""
    words: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None
    meets_at: datetime | None = None
    meets_where: str = ""
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether the leader is still waited for."""
        return self.state is ReferralState.OPEN

    @property
    def on_behalf(self) -> bool:
        """Whether somebody else decided for the leader."""
        return self.decided_by is not None and self.decided_by != self.leader_id
