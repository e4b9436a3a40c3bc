"""When chats and leaders are given their digests."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field

from bot.config.sections import LimitText, LocalTime, Section


class DigestsSection(Section):
    """Local times on working days; a chat may choose others. Leaders are given decisions at most once a day.

    An officer is woken for calls that wait to be started at most once in `officers_every`.
    """

    times: Annotated[tuple[LocalTime, ...], Field(max_length=4)] = (time(9), time(15))
    leaders_at: LocalTime = time(9)
    officers_every: LimitText = "1.8工作时"
    summary_at: LocalTime = time(16, 30)
