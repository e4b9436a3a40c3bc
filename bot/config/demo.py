"""The people and groups of a demonstration district, from one short file and the list: everything bound already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from bot.config.load import ConfigError
from bot.config.sections import Section, Words
from bot.config.sentences import sentence
from bot.config.yaml_lines import read_page
from bot.domain.catalogue import Catalogue
from bot.domain.chat import ChatKind
from bot.domain.people import Grant, Role

HUB = "hub"
_WITHOUT_GRANT = frozenset({Role.RESIDENT, Role.HANDLER})
_POSTS = {
    Role.GRID_WORKER: "网格员",
    Role.STREET_OFFICER: "分管副书记",
    Role.LIAISON: "联络员",
    Role.HANDLER: "承办人",
    Role.DEPARTMENT_LEADER: "分管领导",
    Role.DISPATCHER: "中枢调度员",
    Role.DISTRICT_LEADER: "区领导",
    Role.LIST_OFFICE: "编办",
    Role.DELEGATE: "经办人",
    Role.RESIDENT: "居民",
}


class NamedPerson(Section):
    """Somebody with a name of his own."""

    name: Words
    role: Role
    of: str = ""


class Fill(Section):
    """How many of each there are at least."""

    grid_workers_per_community: Annotated[int, Field(ge=0, le=9)] = 1
    officers_per_street: Annotated[int, Field(ge=0, le=9)] = 1
    liaisons_per_unit: Annotated[int, Field(ge=0, le=9)] = 1
    department_leaders: tuple[str, ...] = ()


class GroupTitles(Section):
    """What groups are called; `{name}` is the party's. `team` is whose offices sit in the enforcement centres."""

    street: Words = "{name}"
    community: Words = "{name}"
    unit: Words = "{name}"
    hub: Words = HUB
    leaders: Words = "leaders"
    communities: tuple[str, ...] = ()
    enforcement: str = ""
    team: str = ""


class PeopleFile(Section):
    """The file as it is written."""

    first_person_id: Annotated[int, Field(gt=0)]
    first_group_id: Annotated[int, Field(lt=0)]
    surnames: Words
    given: Annotated[tuple[Words, ...], Field(min_length=1)]
    named: tuple[NamedPerson, ...] = ()
    fill: Fill = Fill()
    groups: GroupTitles = GroupTitles()


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demonstration; `grants` are held from the start, residents and handlers hold none."""

    id: int
    name: str
    role: Role
    of: str
    post: str

    @property
    def grants(self) -> frozenset[Grant]:
        """What the person may do by name."""
        return frozenset() if self.role in _WITHOUT_GRANT else frozenset({Grant(self.role, self.of)})


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """A group that is bound from the start, with the ids of its members."""

    id: int
    title: str
    kind: ChatKind
    of: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """All people and groups, in the order in which the page shows them."""

    people: tuple[DemoPerson, ...]
    groups: tuple[DemoGroup, ...]


def load_demo(path: Path, catalogue: Catalogue) -> Demo:
    """The people and groups of that file over that list; raises `ConfigError` with every mistake and its line."""
    page = read_page(path.read_text(encoding="utf-8-sig"))
    mistakes = [(line, words) for line, words in page.mistakes]
    try:
        written = PeopleFile.model_validate(page.values)
    except ValidationError as error:
        mistakes += [(page.line_of(e["loc"]), sentence(e, PeopleFile)) for e in error.errors(include_url=False)]
        raise _error(path, mistakes) from None
    mistakes += [(page.line_of(key), words) for key, words in _unknown(written, catalogue)]
    if mistakes:
        raise _error(path, mistakes)
    people = tuple(_People(written, catalogue).everybody())
    return Demo(people, tuple(_groups(written.first_group_id, written.groups, catalogue, people)))


def _error(path: Path, mistakes: list[tuple[int, str]]) -> ConfigError:
    return ConfigError([f"{path.name}, line {line}: {words}." for line, words in sorted(mistakes)])


def _unknown(written: PeopleFile, catalogue: Catalogue) -> Iterator[tuple[tuple[str | int, ...], str]]:
    places = catalogue.streets.keys() | catalogue.communities.keys()
    parties = places | catalogue.departments.keys() | catalogue.units.keys() | {HUB}
    for number, person in enumerate(written.named):
        if person.role is not Role.RESIDENT and person.of not in parties:
            yield ("named", number), f"{person.name} is of “{person.of}”, which the list does not have"
    for code in written.fill.department_leaders:
        if code not in catalogue.departments:
            yield ("fill", "department_leaders"), f"{code} is no department of the list"
    if written.groups.team and written.groups.team not in catalogue.departments:
        yield ("groups", "team"), f"{written.groups.team} is no department of the list"
    for code in written.groups.communities:
        if code not in catalogue.communities:
            yield ("groups", "communities"), f"{code} is no community of the list"


@dataclass(slots=True)
class _People:
    """Makes everybody, the named first, and never the same name twice."""

    written: PeopleFile
    catalogue: Catalogue
    _made: list[DemoPerson] = field(default_factory=list)

    def everybody(self) -> list[DemoPerson]:
        """The people in the order of their ids."""
        names = self._names()
        for person in self.written.named:
            self._add(person.name, person.role, person.of)
        fill = self.written.fill
        for role, codes, count in (
            (Role.GRID_WORKER, self.catalogue.communities, fill.grid_workers_per_community),
            (Role.STREET_OFFICER, self.catalogue.streets, fill.officers_per_street),
            (Role.LIAISON, self.catalogue.units, fill.liaisons_per_unit),
            (Role.DEPARTMENT_LEADER, fill.department_leaders, 1),
        ):
            for code in codes:
                there = sum(person.role is role and person.of == code for person in self._made)
                for _ in range(count - there):
                    self._add(next(names), role, code)
        return self._made

    def _add(self, name: str, role: Role, of: str) -> None:
        where = self.catalogue.party_name(of) if of and of != HUB else ""
        number = self.written.first_person_id + len(self._made)
        self._made.append(DemoPerson(number, name, role, of, f"{where}{_POSTS[role]}"))

    def _names(self) -> Iterator[str]:
        taken = {person.name for person in self.written.named}
        surnames, given = self.written.surnames, self.written.given
        for number in range(len(surnames) * len(given)):
            name = surnames[number % len(surnames)] + given[(number + number // len(surnames)) % len(given)]
            if name not in taken:
                taken.add(name)
                yield name


def _groups(
    first_id: int, titles: GroupTitles, catalogue: Catalogue, people: Iterable[DemoPerson]
) -> Iterator[DemoGroup]:
    members: dict[tuple[ChatKind, str], list[int]] = {}
    for person in people:
        for place in _memberships(person, catalogue, titles.team):
            members.setdefault(place, []).append(person.id)
    wanted = [(ChatKind.STREET, code, titles.street.format(name=s.name)) for code, s in catalogue.streets.items()]
    for code in titles.communities:
        name = catalogue.communities[code].name
        wanted.append((ChatKind.COMMUNITY, code, titles.community.format(name=name)))
    for code in catalogue.units:
        wanted.append((ChatKind.DEPARTMENT, code, titles.unit.format(name=catalogue.party_name(code))))
    wanted += [(ChatKind.HUB, HUB, titles.hub), (ChatKind.LEADERS, HUB, titles.leaders)]
    if titles.enforcement:
        wanted += [
            (ChatKind.ENFORCEMENT, code, titles.enforcement.format(name=street.name))
            for code, street in catalogue.streets.items()
        ]
    for number, (kind, code, title) in enumerate(wanted):
        yield DemoGroup(first_id - number, title, kind, code, tuple(members.get((kind, code), ())))


def _memberships(person: DemoPerson, catalogue: Catalogue, team: str) -> Iterator[tuple[ChatKind, str]]:
    if person.role is Role.GRID_WORKER:
        street = catalogue.communities[person.of].street if person.of in catalogue.communities else person.of
        yield ChatKind.STREET, street
        yield ChatKind.COMMUNITY, person.of
    elif person.role is Role.STREET_OFFICER:
        yield ChatKind.STREET, person.of
        yield ChatKind.ENFORCEMENT, person.of
        yield from ((ChatKind.COMMUNITY, c.code) for c in catalogue.streets[person.of].communities)
    elif person.role is Role.DISTRICT_LEADER or (person.role is Role.DELEGATE and person.of == HUB):
        yield ChatKind.LEADERS, HUB
    elif person.of == HUB:
        yield ChatKind.HUB, HUB
    elif person.role is not Role.RESIDENT:
        yield from (
            (ChatKind.DEPARTMENT, unit.code)
            for unit in catalogue.units.values()
            if person.of in {unit.code, unit.department}
        )
        unit = catalogue.units.get(person.of)
        if unit is not None and unit.street and unit.department == team:
            yield ChatKind.ENFORCEMENT, unit.street
