"""Moments, days, limits and codes as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import pytest

from bot.text.filters import FILTERS

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 30, tzinfo=SHANGHAI)


def said(template: str, value: object, *, lang: str = "zh", zone: str = "Asia/Shanghai", **context: Any) -> str:
    environment = jinja2.Environment(autoescape=False)
    environment.filters.update(FILTERS)
    environment.globals |= {"zone": zone, "lang": lang}
    return environment.from_string(template).render(value=value, **context)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "moment", "zh", "en"),
    [
        (SUNDAY, at(2026, 11, 22, 11, 20), "今天 11:20", "today 11:20"),
        (SUNDAY, at(2026, 11, 22, 0, 0), "今天 00:00", "today 00:00"),
        (SUNDAY, at(2026, 11, 21, 23, 59), "昨天 23:59", "yesterday 23:59"),
        (SUNDAY, at(2026, 11, 23, 0, 0), "明天 00:00", "tomorrow 00:00"),
        (SUNDAY, at(2026, 11, 24, 9, 5), "周二 09:05", "Tue 09:05"),
        (SUNDAY, at(2026, 11, 28, 17, 0), "周六 17:00", "Sat 17:00"),
        (SUNDAY, at(2026, 11, 29, 17, 0), "11月29日 17:00", "Nov 29 17:00"),
        (SUNDAY, at(2026, 11, 20, 17, 0), "11月20日 17:00", "Nov 20 17:00"),
        (NEW_YEARS_EVE, at(2027, 1, 1, 0, 0), "明天 00:00", "tomorrow 00:00"),
        (NEW_YEARS_EVE, at(2027, 1, 4, 17, 0), "周一 17:00", "Mon 17:00"),
        (NEW_YEARS_EVE, at(2027, 1, 8, 17, 0), "1月8日 17:00", "Jan 8 17:00"),
        (SUNDAY, at(2025, 11, 3, 8, 0), "2025年11月3日 08:00", "Nov 3, 2025 08:00"),
        (SUNDAY, at(2028, 1, 3, 8, 0), "2028年1月3日 08:00", "Jan 3, 2028 08:00"),
        (SUNDAY, None, "—", "—"),
    ],
)
def test_when(now: datetime, moment: datetime | None, zh: str, en: str) -> None:
    assert said("{{ value|when }}", moment, now=now) == zh
    assert said("{{ value|when }}", moment, now=now, lang="en") == en


@pytest.mark.parametrize("offset", [-12, 0, 5.5, 8, 14])
def test_when_is_the_same_in_whatever_zone_a_moment_is_written(offset: float) -> None:
    zone = timezone(timedelta(hours=offset))
    now, moment = SUNDAY.astimezone(zone), at(2026, 11, 23, 0, 30).astimezone(zone)
    assert said("{{ value|when }}", moment, now=now) == "明天 00:30"


@pytest.mark.parametrize(
    ("zone", "words"), [("Asia/Shanghai", "明天 00:30"), ("UTC", "今天 16:30"), ("Asia/Tokyo", "明天 01:30")]
)
def test_when_is_said_in_the_district_s_zone(zone: str, words: str) -> None:
    moment = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert said("{{ value|when }}", moment, now=datetime(2026, 11, 22, 2, 0, tzinfo=UTC), zone=zone) == words


def test_when_without_a_now_is_the_date() -> None:
    assert said("{{ value|when }}", at(2026, 11, 22, 9, 0)) == "11月22日 09:00"
    assert said("{{ value|when }}", at(2026, 11, 22, 9, 0), now=None, lang="en") == "Nov 22 09:00"


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (at(2026, 11, 22, 23, 59), "11月22日", "Nov 22"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "11月23日", "Nov 23"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "1月1日", "Jan 1"),
        (at(2025, 11, 3, 8, 0), "2025年11月3日", "Nov 3, 2025"),
        (None, "—", "—"),
    ],
)
def test_day(moment: datetime | None, zh: str, en: str) -> None:
    assert said("{{ value|day }}", moment, now=SUNDAY) == zh
    assert said("{{ value|day }}", moment, now=SUNDAY, lang="en") == en


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("1紧急工作时", "1小时", "1 hour"),
        ("0.5紧急工作时", "0.5小时", "0.5 hours"),
        ("2工作时", "2个工作时", "2 working hours"),
        ("1工作日", "1个工作日", "1 working day"),
        ("15 工作日", "15个工作日", "15 working days"),
        ("5自然日", "5天", "5 days"),
        ("长期", "长期", "长期"),
    ],
)
def test_limit(written: str, zh: str, en: str) -> None:
    assert said("{{ value|limit }}", written) == zh
    assert said("{{ value|limit }}", written, lang="en") == en


@pytest.mark.parametrize(("code", "digits"), [("JL-20261122-0007", "0007"), ("JL-20261122-12345", "12345"), ("7", "7")])
def test_short(code: str, digits: str) -> None:
    assert said("{{ value|short }}", code) == digits
