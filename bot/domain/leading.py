"""Which district leader answers for which street; config names them, streets left out mean all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreetLeader:
    """A district leader by the name he uses in Telegram, his post, and the streets he answers for."""

    name: str
    post: str = ""
    streets: frozenset[str] = frozenset()


def streets_led(leaders: Iterable[StreetLeader], name: str, streets: Collection[str]) -> frozenset[str]:
    """Of `streets` those that the leader of that name answers for; somebody config does not name answers for all."""
    found = next((leader for leader in leaders if leader.name == name), None)
    if found is None or not found.streets:
        return frozenset(streets)
    return found.streets & frozenset(streets)
