"""The people and groups of the demonstration district."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalogue_files import read_catalogue
from bot.config import ConfigError, load_config
from bot.config.demo import Demo, load_demo
from bot.domain.catalogue import Catalogue
from bot.domain.chat import ChatKind
from bot.domain.people import Grant, Role

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = ROOT / "examples" / "jinlan" / "people.yml"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(load_config(ROOT / "config.yml", {}).catalogue_paths())


@pytest.fixture(scope="module")
def demo(catalogue: Catalogue) -> Demo:
    return load_demo(PEOPLE, catalogue)


def test_everybody_can_be_reached(demo: Demo, catalogue: Catalogue) -> None:
    groups = {(group.kind, group.of): group for group in demo.groups}
    assert {of for kind, of in groups if kind is ChatKind.DEPARTMENT} == catalogue.units.keys()
    assert {of for kind, of in groups if kind is ChatKind.STREET} == catalogue.streets.keys()
    assert (ChatKind.HUB, "hub") in groups and (ChatKind.LEADERS, "hub") in groups
    assert all(group.members for group in demo.groups)


def test_each_community_unit_and_street_has_its_person(demo: Demo, catalogue: Catalogue) -> None:
    held = {(person.role, person.of) for person in demo.people}
    assert {(Role.GRID_WORKER, code) for code in catalogue.communities} <= held
    assert {(Role.LIAISON, code) for code in catalogue.units} <= held
    assert {(Role.STREET_OFFICER, code) for code in catalogue.streets} <= held


def test_names_and_ids_are_unique_and_always_the_same(demo: Demo, catalogue: Catalogue) -> None:
    assert len({person.name for person in demo.people}) == len(demo.people)
    assert len({person.id for person in demo.people} | {group.id for group in demo.groups}) == len(demo.people) + len(
        demo.groups
    )
    assert load_demo(PEOPLE, catalogue) == demo


def test_residents_and_handlers_hold_nothing_by_name(demo: Demo) -> None:
    by_role = {person.role: person for person in demo.people}
    assert by_role[Role.RESIDENT].grants == frozenset()
    assert by_role[Role.HANDLER].grants == frozenset()
    assert by_role[Role.DISPATCHER].grants == {Grant(Role.DISPATCHER, "hub")}


def test_the_leaders_that_config_names_are_there(demo: Demo) -> None:
    leaders = {person.name for person in demo.people if person.role is Role.DISTRICT_LEADER}
    assert {leader.name for leader in load_config(ROOT / "config.yml", {}).leaders} == leaders


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("role: dispatcher, of: hub", "role: boss, of: hub", "role “boss” is none of"),
        ("role: liaison, of: D26", "role: liaison, of: D99", "张敏 is of “D99”, which the list does not have"),
        ("communities: [JL0101]", "communities: [JL0199]", "JL0199 is no community of the list"),
        ("department_leaders: [D01,", "department_leaders: [D00,", "D00 is no department of the list"),
        ("liaisons_per_unit: 1", "liaisons_per_unit: many", "“many” is no whole number"),
        ("surnames:", "surname:", "surname is no setting; did you mean surnames?"),
    ],
)
def test_a_mistake_is_a_sentence_with_its_line(
    tmp_path: Path, catalogue: Catalogue, old: str, new: str, expected: str
) -> None:
    text = PEOPLE.read_text(encoding="utf-8")
    file = tmp_path / "people.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(ConfigError) as raised:
        load_demo(file, catalogue)
    assert any(
        expected in words and words.startswith(f"people.yml, line {line}:") for words in raised.value.sentences
    ), raised.value.sentences
