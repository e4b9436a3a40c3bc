"""Which of Telegram's rules are imitated at the moment; each is a switch that may be changed while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from bot.playground.errors import PlaygroundError


@dataclass(frozen=True, slots=True)
class Rules:
    """The switches; the defaults are Telegram's except for privacy mode and flood limits, which are off."""

    privacy_mode: bool = False
    privacy_lets_mentions: bool = True
    flood_limits: bool = False
    flood_per_minute: int = 20
    flood_window_seconds: float = 60.0
    single_poller: bool = True
    html_checks: bool = True
    size_checks: bool = True
    not_modified: bool = True
    membership: bool = True
    users_start_first: bool = True
    migration: bool = True
    file_limits: bool = True
    delete_within_48_hours: bool = True
    callback_seconds: float = 60.0
    https_webhook: bool = False
    webhook_retry_seconds: float = 0.5

    def changed(self, values: Mapping[str, object]) -> Rules:
        """These rules with some replaced; an unknown name or a value of another kind is refused."""
        present = asdict(self)
        for name, value in values.items():
            if name not in present:
                raise PlaygroundError(f"no such rule: {name}")
            is_switch = isinstance(present[name], bool)
            if isinstance(value, bool) != is_switch or not isinstance(value, int | float):
                raise PlaygroundError(f"rule {name} wants {type(present[name]).__name__}, got {value!r}")
        return replace(self, **values)  # type: ignore[arg-type]  # checked name by name above
