"""Requests for time: a unit asks for an extension or a suspension, the other side grants or refuses, silence decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.deadlines import Pause
from bot.domain.errors import AmountMissing, EndMissing, RequestOpen, TooLateToAsk, TooManyRequests
from bot.domain.limits import Limit, LimitUnit, parse_limit


class RequestKind(StrEnum):
    """What is asked for: more time, or that the clock stands still until a day."""

    EXTENSION = "extension"
    SUSPENSION = "suspension"


class RequestState(StrEnum):
    """Where a request stands; `lapsed`: the matter went on without it."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    TAKEN_BACK = "taken_back"


@dataclass(slots=True)
class Request:
    """One request of one round. `amount` is an extension's, as written in the list; `until` ends a suspension.

    A granted suspension stands still from `decided_at` to `ended_at`, while that is empty to `until`.
    """

    id: int
    kind: RequestKind
    ticket_id: int
    assignment_id: int
    round: int
    reason: str
    amount: str
    until: datetime | None
    asked_by: int
    asked_at: datetime
    decide_by: datetime
    state: RequestState = RequestState.OPEN
    decided_at: datetime | None = None
    decided_by: int | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes an answer."""
        return self.state is RequestState.OPEN


def time_given(requests: Iterable[Request], round_: int) -> tuple[list[Pause], list[Limit]]:
    """The pauses and extensions of that round: with its start all that its deadline depends on."""
    granted = [r for r in requests if r.round == round_ and r.state is RequestState.GRANTED]
    pauses = [Pause(r.decided_at, r.ended_at or r.until) for r in granted if r.decided_at and r.until]
    return pauses, [parse_limit(r.amount) for r in granted if r.kind is RequestKind.EXTENSION]


def may_ask(
    requests: Iterable[Request], kind: RequestKind, round_: int, *, at_most: int, due_at: datetime | None, now: datetime
) -> None:
    """Raises `RequestOpen`, `TooManyRequests`, or `TooLateToAsk` once the deadline is over."""
    own = [r for r in requests if r.round == round_]
    if any(r.is_open for r in own):
        raise RequestOpen()
    granted = sum(1 for r in own if r.kind is kind and r.state is RequestState.GRANTED)
    if granted >= at_most:
        raise TooManyRequests(asks=str(kind), count=granted)
    if due_at is not None and now > due_at:
        raise TooLateToAsk(asks=str(kind), due_at=due_at)


_NUMBER = r"(?P<n>\d{1,4}(?:\.\d+)?|半|[一二两三四五六七八九十]{1,3})"
_AMOUNT = re.compile(
    _NUMBER + r"\s*个?\s*(?P<unit>紧急工作时|工作时|工作日|自然日|小时|钟头|天|日|周|星期|礼拜)(?!前|之前|以前)"
)
_HAN = {han: number for number, han in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_DAYS_OF = {"天": 1, "日": 1, "周": 5, "星期": 5, "礼拜": 5}


def amount_in(text: str, limit: Limit) -> Limit:
    """The time that the words ask for, in the unit of that limit where they leave it open; else `AmountMissing`."""
    found = _AMOUNT.search(text)
    if found is None:
        raise AmountMissing(limit=str(limit))
    number, unit = _number(found["n"]), found["unit"]
    if unit in {"小时", "钟头"} and limit.unit.is_hours:
        return Limit(number, limit.unit)
    if unit in _DAYS_OF and not limit.unit.is_hours:
        days = _DAYS_OF[unit] if limit.unit is LimitUnit.WORKING_DAYS or unit in {"天", "日"} else 7
        return Limit(number * days, limit.unit)
    if unit in set(LimitUnit) and LimitUnit(unit) is limit.unit:
        return Limit(number, limit.unit)
    raise AmountMissing(limit=str(limit))


def _number(text: str) -> Decimal:
    if text == "半":
        return Decimal("0.5")
    if text[0] not in _HAN:
        return Decimal(text)
    tens, ten, ones = text.partition("十")
    return Decimal((_HAN.get(tens, 1) * 10 if ten else 0) + (_HAN.get(ones or tens, 0) if ones or not ten else 0))


def end_of(moment: datetime | None, *, now: datetime, latest: datetime) -> datetime:
    """The end of a suspension: later than now and not after `latest`; else `EndMissing`."""
    if moment is None or not now < moment <= latest:
        raise EndMissing(latest_at=latest)
    return moment
