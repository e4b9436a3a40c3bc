"""Which streets a district leader answers for."""

from __future__ import annotations

from bot.domain.leading import StreetLeader, streets_led

STREETS = ("JL01", "JL02", "JL05")
LEADERS = (StreetLeader("贺明远", "区委副书记", frozenset({"JL01", "JL02"})), StreetLeader("沈知秋"))


def test_a_leader_answers_for_the_streets_that_config_gives_him() -> None:
    assert streets_led(LEADERS, "贺明远", STREETS) == {"JL01", "JL02"}
    assert streets_led(LEADERS, "贺明远", ("JL05",)) == frozenset()


def test_who_has_no_streets_in_config_or_is_not_there_answers_for_all() -> None:
    assert streets_led(LEADERS, "沈知秋", STREETS) == set(STREETS)
    assert streets_led((), "某某", STREETS) == set(STREETS)
