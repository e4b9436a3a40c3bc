"""Which district leader answers for which street; config names them, streets left out mean all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StreetLeader:
    """A district leader by the name he uses in Telegram, his post, the streets he answers for, who acts for him.

    `delegates_may`: for single delegates which acts, by their words; the others have the district's.
    """

    name: str
    post: str = ""
    streets: frozenset[str] = frozenset()
    delegates: tuple[str, ...] = ()
    delegates_may: Mapping[str, frozenset[str]] = field(default_factory=dict)


def streets_led(leaders: Iterable[StreetLeader], name: str, streets: Collection[str]) -> frozenset[str]:
    """Of `streets` those that the leader of that name answers for; somebody config does not name answers for all."""
    found = next((leader for leader in leaders if leader.name == name), None)
    if found is None or not found.streets:
        return frozenset(streets)
    return found.streets & frozenset(streets)


def delegated_streets(leaders: Iterable[StreetLeader], name: str, streets: Collection[str]) -> frozenset[str]:
    """The streets for which somebody of that name may act in the place of their leader."""
    found = frozenset[str]()
    for leader in leaders:
        if name in leader.delegates:
            found |= streets_led([leader], leader.name, streets)
    return found
