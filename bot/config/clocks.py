"""What the district chooses about requests for time."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.config.sections import LimitText, Positive, Section


class Silence(StrEnum):
    """What becomes of a request that nobody answers in time."""

    REFUSE = "refuse"
    GRANT = "grant"


class RequestsSection(Section):
    """How often time may be asked for in one round, how long an answer may take, and what silence means."""

    answer_within: LimitText = "4工作时"
    silence: Silence = Silence.REFUSE
    extensions: Positive = 2
    suspensions: Positive = 1
    longest_suspension_days: Annotated[int, Field(ge=1, le=730)] = 180
