"""Whether two reports are about the same matter: near place, similar words. Pure; the item is compared by the caller.

Words are compared by pairs of characters without what every complaint says; a place by its name and its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SAID_BY_ALL = re.compile(
    r"请问|请|投诉|举报|反映|反应|咨询|求助|希望|建议|关于|要求|强烈|再次|尽快|领导|有关部门|相关部门|政府|部门|问题|什么时候"
    r"|何时|为什么|怎么|如何|能否|是否|可以|一直|多次|严重|解决|处理|管理|管管|我们|居民|业主|市民|老百姓|小区"
    r"|[A-Z]\d*[市区县省镇]|的|了|在|是|有|和|与|对|不|没|被|到|太|很|都|也|还|把|让|给|吗|呢|啊|吧"
)
_NOT_WORDS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
_PLACE = re.compile(
    r"[\u4e00-\u9fffA-Z0-9]{2,6}?(?:大道|路|街|巷|弄|桥|小区|花园|花苑|家园|公寓|新城|新村|广场|公园|小学|中学|学校|幼儿园|医院|市场|地铁站|站|村|苑|庭|府|湾|城)"
)
_NUMBER = re.compile(r"(\d{1,5})\s*号")
_BEFORE_PLACE = re.compile(r"^(?:[在的是和与到对请投诉举报反映咨询希望关于]|[A-Z]\d*[市区县省])+")
NEAR = 30
"""House numbers of one road that are no farther apart are one place."""


@dataclass(frozen=True, slots=True)
class Said:
    """A report as it is compared."""

    text: str
    place: str = ""


def likeness(one: Said, other: Said) -> float:
    """From 0 (nothing in common) to 1 (the same words about the same place)."""
    words = _dice(_pairs(one.text), _pairs(other.text))
    near = nearness(one, other)
    if near is None:
        return words
    return 0.0 if near == 0.0 and words < 0.8 else 0.5 * near + 0.5 * words


def nearness(one: Said, other: Said) -> float | None:
    """1 at the same place, 0 at another one, in between on the same road far away; None where a place is not said."""
    named, others = _places(one), _places(other)
    if not named or not others:
        return None
    if not any(_same_name(a, b) for a in named for b in others):
        return 0.0
    number, second = _number(one), _number(other)
    if number is None or second is None:
        return 0.8
    return 1.0 if abs(number - second) <= NEAR else 0.2


def _same_name(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short in long


def _places(said: Said) -> frozenset[str]:
    found = _PLACE.findall(said.place) or _PLACE.findall(said.text)
    names = (_BEFORE_PLACE.sub("", name) for name in found)
    return frozenset(name for name in names if len(name) > 2 or name[:1].isdigit())


def _number(said: Said) -> int | None:
    found = _NUMBER.search(said.place) or _NUMBER.search(said.text)
    return int(found.group(1)) if found else None


def _pairs(text: str) -> frozenset[str]:
    words = _SAID_BY_ALL.sub(" ", text)
    runs = _NOT_WORDS.sub(" ", words).split()
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def most_alike(said: Said, others: Iterable[Said], *, at_least: float) -> list[tuple[float, int]]:
    """How alike and which of the others, the most alike first; those below `at_least` are left out."""
    scores = ((likeness(said, other), number) for number, other in enumerate(others))
    return sorted((pair for pair in scores if pair[0] >= at_least), key=lambda pair: (-pair[0], pair[1]))
