"""What handlers need besides the unit of work, made in `bot.app` and reached through one typed accessor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, cast

from bot.application.district import District
from bot.application.ports import Store
from bot.clock import Clock
from bot.text.catalogue import Texts
from nlu.types import Interpreter


class Files(Protocol):
    """Where bytes of pictures are kept, by content hash."""

    async def put(self, content: bytes) -> str:
        """Stores the bytes and returns their SHA-256 in hex."""
        ...


@dataclass(frozen=True, slots=True)
class Manners:
    """When the bot speaks: below `report_ask` it is silent, from `report_sure` on it shows a draft card."""

    report_sure: float = 0.9
    report_ask: float = 0.5
    discipline_hotline: str = "12388"
    petition_office: str = "区信访局"


@dataclass(frozen=True)
class Services:
    """`district` is asked anew for each update: a new list takes effect without a restart."""

    store: Store
    texts: Texts
    interpreter: Interpreter
    clock: Clock
    files: Files
    district: Callable[[], District]
    manners: Manners = field(default_factory=Manners)


def services_of(bot_data: dict[str, object]) -> Services:
    """The one accessor."""
    return cast(Services, bot_data["services"])
