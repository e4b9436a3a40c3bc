"""All entities of one message; what personal numbers cover is no place and no time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from nlu.entities.district import DistrictNames, PlaceName
from nlu.entities.numbers import find_numbers
from nlu.entities.places import find_places
from nlu.entities.times import find_times
from nlu.types import Entity


class EntityReader:
    """Reads entities; knows the district's names and its time zone, and takes the present moment as an argument."""

    def __init__(self, places: Sequence[PlaceName] = (), zone: str = "Asia/Shanghai") -> None:
        self._district = DistrictNames(places)
        self._zone = ZoneInfo(zone)

    def read(self, text: str, now: datetime | None = None) -> tuple[Entity, ...]:
        """Entities in the order of the text."""
        numbers = list(find_numbers(text))
        named = list(find_places(text))
        times = [one for one in _outside(find_times(text, now, self._zone), numbers) if not _is_house(one, named)]
        places = _outside(named, [*numbers, *times])
        district = list(self._district.find(text))
        return tuple(sorted((*numbers, *times, *places, *district), key=lambda entity: (entity.start, -entity.end)))


def _is_house(time: Entity, places: Sequence[Entity]) -> bool:
    """`柳荫路12号` at the end of a message is a house and no date."""
    return time.text.endswith("号") and any(p.start < time.start and time.end <= p.end for p in places)


def _outside(found: Iterable[Entity], taken: Sequence[Entity]) -> list[Entity]:
    return [one for one in found if not any(one.start < other.end and other.start < one.end for other in taken)]
