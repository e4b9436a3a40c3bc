"""How moments and limits are said: as people say them, in the district's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import jinja2

_WEEKDAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NEAR = {
    "zh": {-1: "昨天", 0: "今天", 1: "明天"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
_LIMIT_WORDS = {
    "zh": {"紧急工作时": "小时", "工作时": "个工作时", "工作日": "个工作日", "自然日": "天"},
    "en": {"紧急工作时": " hour", "工作时": " working hour", "工作日": " working day", "自然日": " day"},
}
_HUB = {"zh": "中枢", "en": "the hub"}
_OFFICES = {
    "zh": {"hub": "联席会议", "list_office": "编办", "district_leader": "区委区政府"},
    "en": {
        "hub": "joint meeting",
        "list_office": "list office",
        "district_leader": "district committee and government",
    },
}
_HALF_A_YEAR = 183
_LEFT = {
    "zh": ("，还有", ("不到 1 小时", "约 {} 小时", "约半天", "约 {} 天")),
    "en": (", ", ("less than an hour left", "about {} h left", "about half a day left", "about {} d left")),
}
_SPANS = (
    (120.0, 1.0, {"zh": "{} 秒", "en": "{} s"}),
    (7200.0, 60.0, {"zh": "{} 分钟", "en": "{} min"}),
    (172800.0, 3600.0, {"zh": "{} 小时", "en": "{} h"}),
    (float("inf"), 86400.0, {"zh": "{} 天", "en": "{} d"}),
)
_HALF_A_DAY, _HOURS_OF_A_DAY, _MOST_HOURS_LEFT = 3.5, 12, 7 * 24


@jinja2.pass_context
def when(context: jinja2.runtime.Context, moment: datetime | None) -> str:
    """`今天 11:20`, `明天 09:00`, `周三 17:00` within six days, else `12月3日 17:00`; without `now` always the date."""
    if moment is None:
        return "—"
    zone, language = ZoneInfo(str(context["zone"])), str(context["lang"])
    local = moment.astimezone(zone)
    now = context.get("now")
    clock = f"{local:%H:%M}"
    if not isinstance(now, datetime):
        return f"{_day(local.date(), language)} {clock}"
    today = now.astimezone(zone).date()
    distance = (local.date() - today).days
    if distance in _NEAR[language]:
        return f"{_NEAR[language][distance]} {clock}"
    if 1 < distance < 7:
        return f"{_WEEKDAYS[language][local.weekday()]} {clock}"
    return f"{_day(local.date(), language, today)} {clock}"


def _day(day: date, language: str, today: date | None = None) -> str:
    far = today is not None and abs((day - today).days) > _HALF_A_YEAR
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日" if far else f"{day.month}月{day.day}日"
    name = f"{_MONTHS[day.month - 1]} {day.day}"
    return f"{name}, {day.year}" if far else name


@jinja2.pass_context
def day(context: jinja2.runtime.Context, moment: datetime | None) -> str:
    """`11月22日`; with its year where that is more than half a year away."""
    if moment is None:
        return "—"
    zone, now = ZoneInfo(str(context["zone"])), context.get("now")
    today = now.astimezone(zone).date() if isinstance(now, datetime) else None
    return _day(moment.astimezone(zone).date(), str(context["lang"]), today)


@jinja2.pass_context
def weekday(context: jinja2.runtime.Context, moment: datetime) -> str:
    """`周一`."""
    return _WEEKDAYS[str(context["lang"])][moment.astimezone(ZoneInfo(str(context["zone"]))).weekday()]


@jinja2.pass_context
def left(context: jinja2.runtime.Context, moment: datetime | None) -> str:
    """`，还有约半天`, coarse, since a card is not edited for it alone; empty where that says nothing."""
    now = context.get("now")
    if moment is None or not isinstance(now, datetime) or moment <= now:
        return ""
    before, words = _LEFT[str(context["lang"])]
    hours = (moment - now).total_seconds() / 3600
    if hours >= _MOST_HOURS_LEFT:
        return ""
    if hours > _HOURS_OF_A_DAY:
        return f"{before}{words[3].format(round(hours / 24) or 1)}"
    place = 0 if hours < 1 else 1 if hours < _HALF_A_DAY else 2
    return f"{before}{words[place].format(round(hours))}"


@jinja2.pass_context
def span(context: jinja2.runtime.Context, seconds: float) -> str:
    """`40 秒`, `5 分钟`, `3 小时`, `4 天`: how long something has lasted, in the unit that says it best."""
    language = str(context["lang"])
    size, words = next((size, words) for below, size, words in _SPANS if seconds < below)
    return words[language].format(round(seconds / size))


@jinja2.pass_context
def limit(context: jinja2.runtime.Context, written: str) -> str:
    """`1紧急工作时` is said `1小时`, `3工作日` is said `3个工作日`; what is no limit is said as written."""
    language = str(context["lang"])
    for unit, said in _LIMIT_WORDS[language].items():
        if written.endswith(unit):
            amount = written.removesuffix(unit).strip()
            return amount + said + ("s" if language == "en" and amount != "1" else "")
    return written


@jinja2.pass_context
def party(context: jinja2.runtime.Context, name: str) -> str:
    """A party as it is said; the hub, which no list names, has its word here."""
    return _HUB[str(context["lang"])] if name == "hub" else name


@jinja2.pass_context
def office(context: jinja2.runtime.Context, code: str, name: str) -> str:
    """Who admits what is not on the list, by what it decides as: the hub is the joint meeting; a department, by name."""
    return _OFFICES[str(context["lang"])].get(code, name)


def short(code: str) -> str:
    """The last digits, enough inside a chat."""
    return code.rsplit("-", 1)[-1]


FILTERS: dict[str, Callable[..., str]] = {
    "when": when,
    "day": day,
    "limit": limit,
    "left": left,
    "span": span,
    "party": party,
    "office": office,
    "short": short,
    "weekday": weekday,
}
