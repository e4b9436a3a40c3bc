"""The numbers delivery goes by; config fills them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BudgetSettings:
    """How much Telegram takes. Windows in real seconds; a little longer than Telegram's, for the way takes time."""

    group_messages: int = 20
    group_window: float = 61.0
    private_per_second: float = 1.0
    private_burst: int = 4
    all_per_second: int = 25
    kept_for_emergencies: int = 1
    kept_from_edits: int = 5


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """`look_every` is how long work may go unnoticed if no wake-up came; `stop_within` bounds a graceful stop."""

    in_flight: int = 4
    look_every: float = 0.5
    stop_within: float = 10.0
    token_days: int = 60
    budget: BudgetSettings = field(default_factory=BudgetSettings)
