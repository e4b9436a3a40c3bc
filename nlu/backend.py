"""What every backend is given and what it must score; nothing here knows how a backend works.

Plain records: `nlu` never reads the district's configuration, whoever starts it hands these over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nlu.types import Act, Flag, ItemGuess

OUTSIDE = "outside"
"""The intent of reports that no item of the list fits."""


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of the official list, in the list's own words; `out_of_scope` names neighbours as `→CODE`."""

    code: str
    name: str
    scope: str = ""
    out_of_scope: str = ""
    street_duty: str = ""
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model says of one text by itself: calibrated probabilities, items best first.

    The items' probabilities add up to less than 1 where the text may well fit none of them.
    """

    acts: Mapping[Act, float]
    items: tuple[ItemGuess, ...] = ()
    flags: frozenset[Flag] = field(default_factory=frozenset)
