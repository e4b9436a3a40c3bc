"""The duty roster: who is set for which days, and who is there to be told something now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.domain import duty, routing
from bot.domain.chat import Chat, ChatKind
from bot.domain.commanding import stationed_team
from bot.domain.duty import Duty, Spell
from bot.domain.errors import DutyNotRead
from bot.domain.people import Actor, Person, Role
from bot.domain.permissions import Action, Target, require

OF_THE_UNIT = (Role.LIAISON, Role.HANDLER, Role.DEPARTMENT_LEADER)
OF_THE_STREET = (Role.STREET_OFFICER, Role.GRID_WORKER)
SETS_DUTY = frozenset({ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT, ChatKind.STREET})
"""The groups whose party has a roster."""


async def on_duty(uow: UnitOfWork, district: District, code: str, now: datetime) -> Sequence[Person]:
    """Whom of that party to tell in private now, first of all first: its roster's, else those who answer for it.

    For a unit those are its liaisons, for a street or community its grid workers, else its officers; nobody who is
    away. Empty where none of them can be reached; then the group is all there is.
    """
    set_ = await _set_for_today(uow, district, code, now)
    if set_:
        return set_
    if _street_of(district, code):
        workers = await _present(uow, district, Role.GRID_WORKER, {code}, now)
        return workers or await _present(uow, district, Role.STREET_OFFICER, {_street_of(district, code)}, now)
    return await _present(uow, district, Role.LIAISON, routing.covering_codes(district.catalogue, code), now)


async def officers_of(uow: UnitOfWork, district: District, street: str, now: datetime) -> Sequence[Person]:
    """The street's officers whom the bot can write to, those on duty today first, those away not at all."""
    first = {person.id for person in await _set_for_today(uow, district, street, now)}
    officers = await _present(uow, district, Role.STREET_OFFICER, {street}, now)
    return sorted(officers, key=lambda person: person.id not in first)


def roster_of(district: District, chat: Chat) -> str:
    """Whose roster is meant in that group: an enforcement centre's is its stationed team's."""
    team = None
    if chat.kind is ChatKind.ENFORCEMENT:
        team = stationed_team(district.catalogue, district.rules.enforcement, chat.of)
    return team.code if team else chat.of


async def _set_for_today(uow: UnitOfWork, district: District, code: str, now: datetime) -> list[Person]:
    day = district.day(now)
    found = await uow.duties.ending_after(_rosters(district, code), day)
    for each in [each for each in found if each.first <= day][:1]:
        resting = {person.id for person, _ in await uow.people.resting(_rosters(district, code))}
        people = [await uow.people.get(person_id) for person_id in each.people if person_id not in resting]
        return [person for person in people if person is not None and person.reachable and person.private_chat_id]
    return []


async def _present(
    uow: UnitOfWork, district: District, role: Role, codes: Collection[str], now: datetime
) -> list[Person]:
    away = {each.from_id for each in await uow.handovers.away(district.day(now))}
    held = await uow.people.holding(role, set(codes))
    return [p for p in held if p.reachable and p.private_chat_id and p.id not in away]


def _street_of(district: District, code: str) -> str:
    community = district.catalogue.communities.get(code)
    return community.street if community else code if code in district.catalogue.streets else ""


def _rosters(district: District, code: str) -> frozenset[str]:
    """Whose rosters hold for that party: its department's too, its street's too."""
    return routing.covering_codes(district.catalogue, code) | ({_street_of(district, code)} - {""})


async def set_duty(
    uow: UnitOfWork, district: District, actor: Actor, of: str, words: str, *, now: datetime, mentioned: Collection[int]
) -> Duty:
    """`值班 10月1日-7日 张三、李四 代理 王五`; without days the coming long break is meant. Raises `DutyNotRead`."""
    streets = frozenset({_street_of(district, of)} - {""})
    require(actor, Action.SET_DUTY, Target(streets=streets, units=routing.covering_codes(district.catalogue, of)))
    spell, rest = duty.read_spell(words, district.day(now))
    spell = spell or duty.next_break(district.calendar, district.day(now))
    if spell is None or spell.last < district.day(now):
        raise DutyNotRead()
    names, deputies = duty.read_names(rest)
    known = await _known(uow, district, of, [*names, *deputies])
    people = list(dict.fromkeys([*known, *mentioned]))
    return await uow.duties.add(Duty(0, of, spell.first, spell.last, names, deputies, people, actor.id, now))


async def _known(uow: UnitOfWork, district: District, of: str, names: Sequence[str]) -> list[int]:
    """Of these names the persons of that party, or those whose Telegram name it is; a stranger's namesake is nobody."""
    codes = routing.covering_codes(district.catalogue, of)
    roles: tuple[Role, ...] = OF_THE_UNIT
    if street := _street_of(district, of):
        codes |= {street} | {c.code for c in district.catalogue.communities.values() if c.street == street}
        roles = OF_THE_STREET
    own = {person.id for role in roles for person in await uow.people.holding(role, codes)}
    found = []
    for name in names:
        same = await uow.people.named(name)
        found += [p.id for p in same if p.id in own or (p.username and p.username.lower() == name.lower())]
    return found


async def roster(uow: UnitOfWork, district: District, of: str, now: datetime) -> Sequence[Duty]:
    """What is set for that party from today on, earliest first; what a newer line replaced is left out."""
    codes = _rosters(district, of)
    shown: list[Duty] = []
    for each in await uow.duties.ending_after(codes, district.day(now)):
        if not any(other.first <= each.first and each.last <= other.last for other in shown):
            shown.append(each)
    return sorted(shown, key=lambda each: each.first)


async def without_duty(uow: UnitOfWork, district: District, spell: Spell) -> list[str]:
    """The units and streets that have named nobody for all days of that break, by name."""
    set_ = await uow.duties.ending_after(_every(district), spell.first)
    covered: dict[str, set[date]] = {}
    for each in set_:
        days = covered.setdefault(each.of, set())
        days |= {day for day in _days(spell) if each.first <= day <= each.last}
    whole = set(_days(spell))
    units = [
        unit.name
        for unit in district.catalogue.units.values()
        if not whole <= covered.get(unit.code, set()) | covered.get(unit.department, set())
    ]
    return units + [s.name for s in district.catalogue.streets.values() if not whole <= covered.get(s.code, set())]


def _every(district: District) -> set[str]:
    units = {code for unit in district.catalogue.units.values() for code in (unit.code, unit.department)}
    return units | set(district.catalogue.streets)


def _days(spell: Spell) -> list[date]:
    return [date.fromordinal(number) for number in range(spell.first.toordinal(), spell.last.toordinal() + 1)]
