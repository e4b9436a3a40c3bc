"""The duty roster: who is set for which days, and who is there to be told something now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.domain import duty, routing
from bot.domain.duty import Duty, Spell
from bot.domain.errors import DutyNotRead
from bot.domain.people import Actor, Person, Role
from bot.domain.permissions import Action, Target, require

OF_THE_UNIT = (Role.LIAISON, Role.HANDLER, Role.DEPARTMENT_LEADER)


async def on_duty(uow: UnitOfWork, district: District, unit_code: str, now: datetime) -> Sequence[Person]:
    """Whom of that unit to tell in private now, first of all first: its roster's, else liaisons who are not away.

    Empty where nobody of them can be reached; then the group is all there is.
    """
    codes, day = routing.covering_codes(district.catalogue, unit_code), district.day(now)
    set_for_today = [each for each in await uow.duties.ending_after(codes, day) if each.first <= day]
    for each in set_for_today[:1]:
        found = [await uow.people.get(person_id) for person_id in each.people]
        reached = [person for person in found if person is not None and person.reachable and person.private_chat_id]
        if reached:
            return reached
    away = {each.from_id for each in await uow.handovers.away(day)}
    liaisons = await uow.people.holding(Role.LIAISON, codes)
    return [p for p in liaisons if p.reachable and p.private_chat_id and p.id not in away]


async def set_duty(
    uow: UnitOfWork, district: District, actor: Actor, of: str, words: str, *, now: datetime, mentioned: Collection[int]
) -> Duty:
    """`值班 10月1日-7日 张三、李四 代理 王五`; without days the coming long break is meant. Raises `DutyNotRead`."""
    require(actor, Action.SET_DUTY, Target(units=routing.covering_codes(district.catalogue, of)))
    spell, rest = duty.read_spell(words, district.day(now))
    spell = spell or duty.next_break(district.calendar, district.day(now))
    if spell is None or spell.last < district.day(now):
        raise DutyNotRead()
    names, deputies = duty.read_names(rest)
    known = await _known(uow, district, of, [*names, *deputies])
    people = list(dict.fromkeys([*known, *mentioned]))
    return await uow.duties.add(Duty(0, of, spell.first, spell.last, names, deputies, people, actor.id, now))


async def _known(uow: UnitOfWork, district: District, of: str, names: Sequence[str]) -> list[int]:
    """Of these names the persons of that unit, or those whose Telegram name it is; a stranger's namesake is nobody."""
    codes = routing.covering_codes(district.catalogue, of)
    own = {person.id for role in OF_THE_UNIT for person in await uow.people.holding(role, codes)}
    found = []
    for name in names:
        same = await uow.people.named(name)
        found += [p.id for p in same if p.id in own or (p.username and p.username.lower() == name.lower())]
    return found


async def roster(uow: UnitOfWork, district: District, of: str, now: datetime) -> Sequence[Duty]:
    """What is set for that party from today on, earliest first; what a newer line replaced is left out."""
    codes = routing.covering_codes(district.catalogue, of)
    shown: list[Duty] = []
    for each in await uow.duties.ending_after(codes, district.day(now)):
        if not any(other.first <= each.first and each.last <= other.last for other in shown):
            shown.append(each)
    return sorted(shown, key=lambda each: each.first)


async def without_duty(uow: UnitOfWork, district: District, spell: Spell) -> list[str]:
    """The units that have named nobody for all days of that break, by name."""
    set_ = await uow.duties.ending_after(_every(district), spell.first)
    covered: dict[str, set[date]] = {}
    for each in set_:
        days = covered.setdefault(each.of, set())
        days |= {day for day in _days(spell) if each.first <= day <= each.last}
    whole = set(_days(spell))
    return [
        unit.name
        for unit in district.catalogue.units.values()
        if not whole <= covered.get(unit.code, set()) | covered.get(unit.department, set())
    ]


def _every(district: District) -> set[str]:
    return {code for unit in district.catalogue.units.values() for code in (unit.code, unit.department)}


def _days(spell: Spell) -> list[date]:
    return [date.fromordinal(number) for number in range(spell.first.toordinal(), spell.last.toordinal() + 1)]
