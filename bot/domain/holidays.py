"""The 13 statutory days off by law, for years whose notice is not published; no moved and no make-up days.

The days: 全国年节及纪念日放假办法 in force from 2025 (元旦 1, 春节 4, 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3).
The dates: the lunar calendar of GB/T 33661; two independent lunar libraries and computed new moons agreed on every
row, and the published notices confirm the years that have one (see the tests).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from bot.domain.errors import Refusal

# 正月初一, 清明, 五月初五, 八月十五, each as month and day
_MOVING = {
    2025: "0129 0404 0531 1006",
    2026: "0217 0405 0619 0925",
    2027: "0206 0405 0609 0915",
    2028: "0126 0404 0528 1003",
    2029: "0213 0404 0616 0922",
    2030: "0203 0405 0605 0912",
    2031: "0123 0405 0624 1001",
    2032: "0211 0404 0612 0919",
    2033: "0131 0404 0601 0908",
    2034: "0219 0405 0620 0927",
    2035: "0208 0405 0610 0916",
    2036: "0128 0404 0530 1004",
    2037: "0215 0404 0618 0924",
    2038: "0204 0405 0607 0913",
    2039: "0124 0405 0527 1002",
    2040: "0212 0404 0614 0920",
    2041: "0201 0404 0603 0910",
    2042: "0122 0404 0622 0928",
    2043: "0210 0405 0611 0917",
    2044: "0130 0404 0531 1005",
    2045: "0217 0404 0619 0925",
    2046: "0206 0404 0608 0915",
    2047: "0126 0405 0529 1004",
    2048: "0214 0404 0615 0922",
    2049: "0202 0404 0604 0911",
    2050: "0123 0404 0623 0930",
}


class BeyondCalendar(Refusal):
    """The days of `year` are not known: neither its notice nor its lunar dates are in the tables."""

    code: ClassVar[str] = "beyond-calendar"


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """The statutory days of the year on their own dates, with their names; raises BeyondCalendar."""
    if year not in _MOVING:
        raise BeyondCalendar(year=year)
    new_year, qingming, duanwu, zhongqiu = (date.fromisoformat(f"{year}{word}") for word in _MOVING[year].split())
    days = {date(year, 1, 1): "元旦", qingming: "清明节", duanwu: "端午节", zhongqiu: "中秋节"}
    days |= {new_year + timedelta(shift): "春节" for shift in (-1, 0, 1, 2)}
    days |= {date(year, 5, day): "劳动节" for day in (1, 2)}
    for day in (1, 2, 3):
        shared = days.get(date(year, 10, day))
        days[date(year, 10, day)] = f"国庆节、{shared}" if shared else "国庆节"
    return MappingProxyType(days)
