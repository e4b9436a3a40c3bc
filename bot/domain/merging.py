"""What of the district's choices concerns cases that belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.catalogue import Item
from bot.domain.ticket import Sensitivity

_NEVER_COUNTED = re.compile(
    r"工资|欠薪|劳动|用工|拆迁|征收|征地|安置|物业|业委会|业主|房产|购房|商品房|产权|信访|上访|聚集"
)


@dataclass(frozen=True, slots=True)
class MergingRules:
    """From which likeness on a report is offered to join an open one; and which items are facilities.

    Only facilities are ever counted: never people, pay, property or demolition.
    """

    likeness: float = 0.5
    facilities: frozenset[str] = frozenset()
    burst: int = 5
    burst_within: timedelta = timedelta(hours=24)


def may_be_counted(item: Item) -> bool:
    """Whether bursts of it may be told at all: never what concerns people, pay, property or demolition."""
    return item.sensitivity is Sensitivity.PUBLIC and not _NEVER_COUNTED.search(f"{item.domain} {item.name}")
