"""Before three or more days off: every unit and street is asked once who is on duty, and the hub is told who has not said."""

from __future__ import annotations

from datetime import date, datetime

from bot.application.district import District
from bot.application.people.on_duty import SETS_DUTY, roster, roster_of, without_duty
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow, Outgoing, Priority, Subject, SubjectKind
from bot.application.telling import tell, tell_hub
from bot.domain import duty
from bot.domain.duty import Spell
from bot.domain.work_calendar import ONE_DAY

EVERYBODY = Subject(SubjectKind.CHAT, 0)
"""The whole district waits with one row."""

LISTED = 12


async def plan_breaks(uow: UnitOfWork, district: District, *, now: datetime) -> None:
    """The opening of the day on which the next long break is to be asked about, or told of, later than now."""
    waiting = await uow.dues.moment_of(EVERYBODY, DueKind.BREAK)
    if waiting is not None and waiting <= now:
        return
    today = district.day(now)
    for _ in range(2):
        spell = duty.next_break(district.calendar, today)
        if spell is None:
            return
        eve = spell.first - ONE_DAY
        for day, what in ((duty.asked_on(district.calendar, spell), "ask"), (eve, "tell")):
            moment = district.calendar.at(day, district.calendar.office[0].opens)
            if moment > now:
                await uow.dues.put(EVERYBODY, DueKind.BREAK, moment, arg=what)
                return
        today = spell.last


async def before_break(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Asks the units and streets, or on the last morning tells the hub who is missing."""
    await plan_breaks(uow, district, now=now)
    spell = duty.next_break(district.calendar, district.day(now))
    if spell is None:
        return
    if row.arg == "ask":
        await _ask_units(uow, district, spell, now=now)
    elif missing := await without_duty(uow, district, spell):
        params = {"missing": missing[:LISTED], "more": max(0, len(missing) - LISTED), **shown(district, spell)}
        key = f"break:{spell.first.isoformat()}"
        await tell_hub(uow, district, "duty-missing", params, now=now, priority=Priority.REMINDER, dedupe_key=key)


async def _ask_units(uow: UnitOfWork, district: District, spell: Spell, *, now: datetime) -> None:
    params = shown(district, spell)
    for chat in await uow.chats.all_bound():
        if chat.kind not in SETS_DUTY or chat.unreachable_since is not None:
            continue
        set_ = await roster(uow, district, roster_of(district, chat), now)
        if any(each.first <= spell.first and spell.last <= each.last for each in set_):
            continue
        message = Outgoing(
            kind="duty-ask",
            chat_id=chat.id,
            params=params,
            priority=Priority.DIGEST,
            dedupe_key=f"break:{spell.first.isoformat()}:c{chat.id}",
        )
        await tell(uow, district, message, now=now)


def shown(district: District, spell: Spell) -> dict[str, object]:
    """The break as texts name it."""
    return {
        "first_at": _noon(district, spell.first),
        "last_at": _noon(district, spell.last),
        "days": (spell.last - spell.first).days + 1,
    }


def _noon(district: District, day: date) -> str:
    return district.calendar.at(day, district.calendar.office[0].closes).isoformat()
