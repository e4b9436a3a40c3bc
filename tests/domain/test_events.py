"""The chain of a ticket's history shows what was changed, left out or put elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.events import GENESIS, Event, EventKind, canonical, chained, digest, first_bad

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def history(*kinds: EventKind) -> list[Event]:
    events, previous = [], GENESIS
    for seq, kind in enumerate(kinds, 1):
        at = NOW + timedelta(minutes=seq)
        body = canonical(ticket_id=1, seq=seq, at=at, kind=kind, actor=7, detail={"n": seq})
        previous = chained(previous, body)
        events.append(Event(1, seq, at, kind, 7, body, previous))
    return events


CHAIN = history(EventKind.REPORTED, EventKind.DISPATCHED, EventKind.SIGNED, EventKind.REPORTED_BACK)


def test_a_whole_chain_holds() -> None:
    assert first_bad(CHAIN) is None and first_bad([]) is None


@pytest.mark.parametrize("place", range(4))
def test_any_change_is_named_where_it_was_made(place: int) -> None:
    for changed in (
        replace(CHAIN[place], body=CHAIN[place].body.replace('"n":', '"m":')),
        replace(CHAIN[place], kind=EventKind.WITHDRAWN),
        replace(CHAIN[place], actor_id=8),
        replace(CHAIN[place], hash="0" * 64),
    ):
        forged = [*CHAIN[:place], changed, *CHAIN[place + 1 :]]
        found = first_bad(forged)
        assert found is not None and found.seq == place + 1


def test_an_event_left_out_or_in_another_order_is_found() -> None:
    assert first_bad([CHAIN[0], *CHAIN[2:]]) == CHAIN[2]
    assert first_bad([CHAIN[1], CHAIN[0], *CHAIN[2:]]) == CHAIN[1]
    assert first_bad([CHAIN[0], CHAIN[0], *CHAIN[1:]]) == CHAIN[0]


def test_a_rehashed_forgery_breaks_at_the_next_event() -> None:
    body = CHAIN[1].body.replace('"n":2', '"n":9')
    forged = replace(CHAIN[1], body=body, hash=chained(CHAIN[0].hash, body))
    assert first_bad([CHAIN[0], forged, *CHAIN[2:]]) == CHAIN[2]


def test_the_form_is_one_whatever_the_order_of_the_detail() -> None:
    left = canonical(ticket_id=1, seq=1, at=NOW, kind=EventKind.SIGNED, actor=None, detail={"a": 1, "b": "柳"})
    right = canonical(ticket_id=1, seq=1, at=NOW, kind=EventKind.SIGNED, actor=None, detail={"b": "柳", "a": 1})
    assert left == right and "柳" in left and " " not in left


def test_texts_stand_in_the_chain_only_as_salted_digests() -> None:
    assert digest("a", "13812345678") != digest("b", "13812345678")
    assert "13812345678" not in digest("a", "13812345678")
