"""What streets laid before their district leader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.referral import Referral


class Referrals(Protocol):
    """Referrals of tickets to leaders."""

    async def add(self, referral: Referral) -> Referral: ...
    async def get(self, referral_id: int, *, for_update: bool = False) -> Referral | None: ...
    async def of_ticket(self, ticket_id: int) -> Sequence[Referral]:
        """Oldest first."""
        ...

    async def waiting_for(self, leader_id: int) -> Sequence[Referral]:
        """Those that this leader is to decide, oldest first."""
        ...

    async def ordered_by(self, leader_id: int, *, since: datetime) -> int:
        """How many were dispatched or called to a meeting in that leader's name since then."""
        ...

    async def save(self, referral: Referral) -> None: ...
