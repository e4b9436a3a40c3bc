"""What every backend is given and what it must score; nothing here knows how a backend works.

Plain records: `nlu` never reads the district's configuration, whoever starts it hands these over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nlu.types import Act, Flag, ItemGuess

NO_ACCUSATION = -0.5
"""What a model that says nothing of accusations says: weighty words alone still make one."""
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

    The items' probabilities add up to less than 1 where the text may well fit none of them. `accusation` is by how much
    the model alone takes the text for an accusation (0: just so); plain words add to it in `nlu.reading`.
    """

    acts: Mapping[Act, float]
    items: tuple[ItemGuess, ...] = ()
    flags: frozenset[Flag] = field(default_factory=frozenset)
    accusation: float = NO_ACCUSATION
