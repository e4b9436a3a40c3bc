"""Item × place → unit, over the demonstration district's list."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.catalogue_files import read_catalogue
from bot.config import load_config, work_calendar
from bot.domain import routing
from bot.domain.catalogue import FirstHandler
from bot.domain.party import PartyKind
from bot.domain.returning import return_until
from bot.domain.ticket import Level

CONFIG = load_config(Path(__file__).resolve().parents[2] / "config.yml")
LIST = read_catalogue(CONFIG.catalogue_paths(), name=CONFIG.catalogue.name)


def test_every_item_has_somebody_in_every_street() -> None:
    for item in LIST.items.values():
        for street in LIST.streets:
            unit = routing.lead_unit(LIST, item, street)
            assert unit is not None, (item.code, street)
            assert unit.street in {"", street} and unit.duty_phone and unit.post


def test_the_office_in_the_street_goes_before_the_department() -> None:
    for street in LIST.streets:
        office = routing.unit_for(LIST, "D34", street)
        assert office is not None and office.code == f"D34-{street}"
    whole = routing.unit_for(LIST, "D26", "JL01")
    assert whole is not None and whole.code == "D26"
    assert routing.unit_for(LIST, "D34", "") is None, "nobody is guessed without a place"


def test_roles_of_the_department_reach_its_offices() -> None:
    assert routing.covering_codes(LIST, "D34-JL01") == {"D34-JL01", "D34"}
    assert routing.covering_codes(LIST, "D26") == {"D26"}
    assert routing.covering_codes(LIST, "JL01") == {"JL01"}


def test_ordinary_goes_direct_and_an_emergency_always() -> None:
    for item in LIST.items.values():
        direct = frozenset({Level.ORDINARY})
        assert routing.goes_direct(item, direct_levels=direct, emergency=True)
        assert routing.goes_direct(item, direct_levels=direct, emergency=False) == (item.level is Level.ORDINARY)
        assert routing.keeps_first(item) == (item.first_handler is not FirstHandler.DEPARTMENT)


def test_a_community_calls_only_from_its_own_chat() -> None:
    assert routing.caller_party("JL01", "JL0101", by_community=True).kind is PartyKind.COMMUNITY
    assert routing.caller_party("JL01", "JL0101", by_community=False).code == "JL01"
    assert routing.caller_party("JL01", "", by_community=True).kind is PartyKind.STREET


@pytest.mark.parametrize(
    ("limit", "hour", "minute", "day"),
    [("2工作时", 11, 0, 23), ("2紧急工作时", 11, 0, 23), ("3工作日", 17, 0, 24), ("1工作日", 9, 30, 24)],
)
def test_a_return_is_possible_for_half_the_limit_or_one_working_day(
    limit: str, hour: int, minute: int, day: int
) -> None:
    calendar = work_calendar(CONFIG)
    until = return_until(datetime(2026, 11, 23, 2, tzinfo=UTC), limit, calendar)
    assert until is not None
    local = until.astimezone(calendar.zone)
    assert (local.day, local.hour, local.minute) == (day, hour, minute)
