"""Limits as people say them: `三日内`, `3个工作日`, `2小时`, `尽快`; read to the list's own spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.limits import InvalidLimit, Limit, LimitUnit

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"(?P<number>\d+(?:\.\d+)?|半|[一二两三四五六七八九十]{1,3})"
_UNITS = {
    "紧急工作时": LimitUnit.RUNNING_HOURS,
    "工作小时": LimitUnit.WORKING_HOURS,
    "工作时": LimitUnit.WORKING_HOURS,
    "工作日": LimitUnit.WORKING_DAYS,
    "自然日": LimitUnit.CALENDAR_DAYS,
    "小时": LimitUnit.RUNNING_HOURS,
    "钟头": LimitUnit.RUNNING_HOURS,
    "天": LimitUnit.CALENDAR_DAYS,
    "日": LimitUnit.CALENDAR_DAYS,
}
_SAID = re.compile(_NUMBER + r"\s*个?\s*(?P<unit>" + "|".join(_UNITS) + r")(?!\s*[号:：点])(?:之内|以内|内)?")
_SOON = re.compile("尽快|抓紧|第一时间")
SOON = Limit(Decimal(1), LimitUnit.WORKING_DAYS)
"""What `尽快` is read as; it is shown back before anything goes out."""


@dataclass(frozen=True, slots=True)
class SpokenLimit:
    """text[start:end] says this limit."""

    limit: Limit
    start: int
    end: int


def limit_said(text: str) -> SpokenLimit | None:
    """The last limit in the text, else what `尽快` means; None where nothing is said or nothing that is a limit."""
    for match in reversed(list(_SAID.finditer(text))):
        try:
            return SpokenLimit(Limit(_number(match["number"]), _UNITS[match["unit"]]), *match.span())
        except InvalidLimit:
            continue
    soon = _SOON.search(text)
    return SpokenLimit(SOON, *soon.span()) if soon else None


def _number(said: str) -> Decimal:
    if said == "半":
        return Decimal("0.5")
    if said[0].isdigit():
        return Decimal(said)
    tens, ten, ones = said.partition("十")
    if ten:
        return Decimal((_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0))
    return Decimal(_DIGITS[said[0]]) if len(said) == 1 else Decimal(0)
