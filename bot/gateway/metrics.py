"""Counters for `/metrics`."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class Metrics:
    """The gateway's counters, in a registry that others may share."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.received = self._counter("jiehu_updates_received", "Updates that came in.", "outcome")
        self.worked = self._counter("jiehu_updates_worked", "Updates worked off, by outcome.", "outcome")
        self.polls_failed = self._counter("jiehu_polls_failed", "getUpdates calls that failed.", "kind")
        self.answers = self._counter("jiehu_presses_answered", "answerCallbackQuery calls.", "outcome")
        self.open_rows = Gauge("jiehu_inbox_open", "Updates not worked off.", registry=self.registry)
        self.last_good = Gauge("jiehu_last_good_poll_age_seconds", "Age of the last good poll.", registry=self.registry)

    def _counter(self, name: str, text: str, label: str) -> Counter:
        return Counter(name, text, [label], registry=self.registry)
