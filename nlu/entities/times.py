"""Time expressions, resolved to a moment by the clock that is passed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nlu.types import Entity, EntityKind

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_N = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2, "大后": 3}
_PARTS = {
    "凌晨": 3, "清早": 7, "清晨": 7, "早上": 8, "早晨": 8, "早": 8, "上午": 10, "中午": 12, "午间": 12,
    "下午": 15, "傍晚": 18, "晚上": 20, "晚": 20, "夜里": 22, "半夜": 23, "深夜": 23, "夜": 22,
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_DAY = (
    r"(?P<day>大前|大后|前|昨|今|当|明|后)(?:天|日|儿个?|(?=早|晚|晨|夜|上午|下午))"
    r"|(?P<week>这|本|上上|上|下|下下)?(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-6])"
    r"|(?P<year>20\d\d)[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_date>\d{1,2})(?!\d)"
    rf"|(?P<other_month>上|下|本|这)个?月(?P<other_date>{_N})(?:日|号)"
    rf"|(?:(?P<which>20\d\d|去|今|明)年)?(?:(?P<month>{_N})月)(?P<date>{_N})(?:日|号)"
    rf"|(?P<only>{_N})(?:日|号)(?![楼院线门桥店])(?={_PART}|[之以]?前|[左右以]|\s|[,，。；;、!！?？早晚]|$)"
)
_CLOCK = (
    rf"(?P<hour>{_N})(?:[:：](?P<colon>\d{{2}})|[点时](?:钟|(?P<half>半)|(?P<quarter>一刻|三刻)|(?P<minute>{_N})分?)?)"
)
_MOMENT = re.compile(
    rf"(?:(?:{_DAY})(?:\s*的?\s*(?P<part>{_PART}))?(?:\s*的?\s*{_CLOCK})?|(?P<part2>{_PART})\s*(?:{_CLOCK.replace('?P<', '?P<b_')})|(?<![\d.:：月]){_CLOCK.replace('?P<', '?P<c_')}(?!\d))"
)
_DISTANCE = re.compile(
    rf"(?<![月\d])(?P<n>半|{_N}|\d{{1,3}})(?:个)?(?P<half>半)?(?P<unit>分钟|小时|钟头|天|日|周|星期|礼拜|月)(?:之|以)?(?P<way>前|后|内)"
)
_NOW = re.compile(r"刚刚|刚才|刚|现在|此刻|目前")
_UNITS = {
    "分钟": 1,
    "小时": 60,
    "钟头": 60,
    "天": 1440,
    "日": 1440,
    "周": 10080,
    "星期": 10080,
    "礼拜": 10080,
    "月": 43200,
}
LONG_AGO = timedelta(days=270)


def find_times(text: str, now: datetime | None, zone: ZoneInfo) -> Iterator[Entity]:
    """Time expressions in the order of the text; `value` is ISO 8601 in `zone`, None without `now` or if impossible."""
    local = now.astimezone(zone) if now else None
    found: list[tuple[int, int]] = []
    for pattern, resolve in ((_DISTANCE, _distance), (_MOMENT, _moment), (_NOW, _present)):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in found):
                continue
            found.append(match.span())
            moment = resolve(match, local) if local else None
            yield Entity(
                EntityKind.TIME,
                match.group(),
                match.start(),
                match.end(),
                moment.isoformat(timespec="minutes") if moment else None,
            )


def read_number(text: str) -> int:
    """An integer below 100 in digits or in Chinese numerals."""
    if text.isdigit():
        return int(text)
    tens, sep, ones = text.partition("十")
    if sep:
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[c]) for c in text))


def _present(_match: re.Match[str], now: datetime) -> datetime:
    return now


def _distance(match: re.Match[str], now: datetime) -> datetime:
    amount = 0.5 if match["n"] == "半" else read_number(match["n"]) + (0.5 if match["half"] else 0)
    step = timedelta(minutes=amount * _UNITS[match["unit"]])
    return now - step if match["way"] == "前" else now + step


def _moment(match: re.Match[str], now: datetime) -> datetime | None:
    day = _day(match, now)
    if day is None:
        return None
    prefix = next((p for p in ("", "b_", "c_") if match[f"{p}hour"]), None)
    part = match["part"] or match["part2"]
    hour, minute = (_PARTS[part], 0) if part else (0, 0)
    if prefix is not None:
        clock = _clock(match, prefix, part)
        if clock is None:
            return None
        hour, minute = clock
    return day.replace(hour=hour % 24, minute=minute) + timedelta(days=hour // 24)


def _clock(match: re.Match[str], prefix: str, part: str | None) -> tuple[int, int] | None:
    hour = read_number(match[f"{prefix}hour"])
    minute = read_number(match[f"{prefix}colon"] or match[f"{prefix}minute"] or "0")
    if match[f"{prefix}half"]:
        minute = 30
    if match[f"{prefix}quarter"]:
        minute = 15 if match[f"{prefix}quarter"] == "一刻" else 45
    if part and hour < 12 and (_PARTS[part] >= 15 or (part in ("中午", "午间") and hour < 4)):
        hour += 12
    if part and hour == 12 and _PARTS[part] >= 20:
        hour = 24
    return (hour, minute) if hour <= 24 and minute < 60 else None


def _day(match: re.Match[str], now: datetime) -> datetime | None:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if match["day"]:
        return today + timedelta(days=_DAYS[match["day"]])
    if match["weekday"]:
        return _weekday(match["week"] or "这", match["weekday"], today)
    try:
        if match["year"]:
            return today.replace(int(match["year"]), int(match["iso_month"]), int(match["iso_date"]))
        if match["other_month"]:
            months = today.year * 12 + today.month - 1 + {"上": -1, "下": 1}.get(match["other_month"], 0)
            return today.replace(months // 12, months % 12 + 1, read_number(match["other_date"]))
        if match["month"]:
            which = match["which"] or "今"
            year = int(which) if which.isdigit() else today.year + {"去": -1, "明": 1}.get(which, 0)
            named = today.replace(year, read_number(match["month"]), read_number(match["date"]))
            # in December the 8th of January is the next one
            return named.replace(year + 1) if not match["which"] and today - named > LONG_AGO else named
        if match["only"]:
            return today.replace(day=read_number(match["only"]))
    except ValueError:
        return None
    return today


def _weekday(week: str, name: str, today: datetime) -> datetime:
    number = int(name) - 1 if name.isdigit() else "一二三四五六".find(name) if name not in "日天" else 6
    weeks = {"这": 0, "本": 0, "上": -1, "上上": -2, "下": 1, "下下": 2}[week]
    return today + timedelta(days=number - today.weekday() + 7 * weeks)
