"""When two reports are one matter: near place and similar words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.similarity import Said, likeness, most_alike, nearness

LAMP = Said("柳荫路12号门口路灯不亮了，晚上一片黑", "柳荫路12号门口")


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (Said("柳荫路12号路灯不亮，一片黑", "柳荫路12号"), True),
        (Said("柳荫路16号旁边的路灯坏了，晚上一片黑", "柳荫路16号旁边"), True),
        (Said("路灯不亮了，晚上一片黑，柳荫路", "柳荫路"), True),
        (Said("澜桥东街路灯不亮了，晚上一片黑", "澜桥东街"), False),
        (Said("柳荫路188号路灯不亮", "柳荫路188号"), False),
        (Said("", ""), False),
    ],
)
def test_what_is_offered_at_one_half(other: Said, alike: bool) -> None:
    assert (likeness(LAMP, other) >= 0.5) is alike, likeness(LAMP, other)


def test_a_place_that_is_not_said_is_not_another_place() -> None:
    assert nearness(LAMP, Said("路灯不亮了")) is None
    assert nearness(LAMP, Said("路灯不亮", "澜桥东街")) == 0.0
    assert nearness(LAMP, Said("路灯不亮", "柳荫路188号")) == 0.2


def test_the_most_alike_comes_first() -> None:
    others = [Said("柳荫路40号路灯不亮", "柳荫路40号"), LAMP, Said("别的事", "别处路1号")]
    assert [number for _, number in most_alike(LAMP, others, at_least=0.4)] == [1, 0]


WORDS = st.text(alphabet="柳荫路号灯不亮12桥街水积的了 ，", max_size=20)


@given(WORDS, WORDS, WORDS, WORDS)
def test_it_is_a_share_and_has_no_sides(one: str, place: str, other: str, other_place: str) -> None:
    first, second = Said(one, place), Said(other, other_place)
    assert 0.0 <= likeness(first, second) <= 1.0
    assert likeness(first, second) == likeness(second, first)
