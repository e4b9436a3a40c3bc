"""Streets and communities of the district by their names, which are passed in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.types import Entity, EntityKind

_SUFFIXES = ("街道办事处", "街道办", "街道", "社区居委会", "社区")
_SHORTEST_BARE = 3


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A street (`JL01`) or a community (`JL0103`, `street` = `JL01`) of the district by its name."""

    code: str
    name: str
    street: str | None = None


class DistrictNames:
    """Finds the names; the longest wins, and a bare name counts only if it has three characters or more."""

    def __init__(self, places: Sequence[PlaceName]) -> None:
        self._by_name: dict[str, PlaceName] = {}
        for place in places:
            self._by_name.setdefault(place.name, place)
        for place in places:
            bare = _bare(place.name)
            if len(bare) >= _SHORTEST_BARE:
                self._by_name.setdefault(bare, place)
        names = sorted(self._by_name, key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(map(re.escape, names))) if names else None

    def find(self, text: str) -> Iterator[Entity]:
        """Streets and communities in the order of the text; `value` is the code."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            place = self._by_name[match.group()]
            kind = EntityKind.COMMUNITY if place.street else EntityKind.STREET
            yield Entity(kind, match.group(), match.start(), match.end(), place.code)


def _bare(name: str) -> str:
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)
