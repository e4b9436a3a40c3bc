"""Requests for time: how much the words ask for, who may still ask, and that only what was granted counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar_files import default_calendar
from bot.domain import deadlines
from bot.domain.errors import AmountMissing, EndMissing, RequestOpen, TooLateToAsk, TooManyRequests
from bot.domain.limits import Limit, parse_limit
from bot.domain.request import Request, RequestKind, RequestState, amount_in, end_of, may_ask, time_given

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CALENDAR = default_calendar()
DAYS, HOURS = parse_limit("3工作日"), parse_limit("4工作时")


def a_request(kind: RequestKind, state: RequestState, **changes: object) -> Request:
    values: dict[str, object] = {
        "id": 1, "kind": kind, "ticket_id": 1, "assignment_id": 1, "round": 1, "reason": "等配件",
        "amount": "1工作日" if kind is RequestKind.EXTENSION else "",
        "until": None if kind is RequestKind.EXTENSION else NOW + timedelta(days=30),
        "asked_by": 1, "asked_at": NOW, "decide_by": NOW, "state": state, "decided_at": NOW,
    }  # fmt: skip
    return Request(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "limit", "amount"),
    [
        ("延期 2个工作日，等配件", DAYS, "2工作日"),
        ("再给三天", DAYS, "3工作日"),
        ("要延一周", DAYS, "5工作日"),
        ("十二天", DAYS, "12工作日"),
        ("延长半小时", HOURS, "0.5工作时"),
        ("2小时就行", parse_limit("1紧急工作时"), "2紧急工作时"),
        ("多1.5个工作时", HOURS, "1.5工作时"),
        ("两周", parse_limit("10自然日"), "14自然日"),
        ("0007 延期 2天 等 3 个零件", DAYS, "2工作日"),
    ],
)
def test_how_much_the_words_ask_for(text: str, limit: Limit, amount: str) -> None:
    assert str(amount_in(text, limit)) == amount


@pytest.mark.parametrize(("text", "limit"), [("等配件", DAYS), ("两小时", DAYS), ("3天", HOURS), ("3天前就报了", DAYS)])
def test_words_without_an_amount_in_that_unit(text: str, limit: Limit) -> None:
    with pytest.raises(AmountMissing):
        amount_in(text, limit)


def test_who_may_still_ask() -> None:
    granted = a_request(RequestKind.EXTENSION, RequestState.GRANTED)
    may_ask([granted], RequestKind.EXTENSION, 1, at_most=2, due_at=NOW, now=NOW)
    may_ask([granted, granted], RequestKind.EXTENSION, 2, at_most=2, due_at=NOW, now=NOW)
    may_ask([granted, granted], RequestKind.SUSPENSION, 1, at_most=1, due_at=NOW, now=NOW)
    with pytest.raises(TooManyRequests):
        may_ask([granted, granted], RequestKind.EXTENSION, 1, at_most=2, due_at=NOW, now=NOW)
    with pytest.raises(RequestOpen):
        may_ask([a_request(RequestKind.SUSPENSION, RequestState.OPEN)], RequestKind.EXTENSION, 1, at_most=2,
                due_at=NOW, now=NOW)  # fmt: skip
    with pytest.raises(TooLateToAsk):
        may_ask([], RequestKind.EXTENSION, 1, at_most=2, due_at=NOW, now=NOW + timedelta(seconds=1))


@pytest.mark.parametrize("end", [None, NOW, NOW + timedelta(days=8)])
def test_a_suspension_has_an_end_ahead(end: datetime | None) -> None:
    with pytest.raises(EndMissing):
        end_of(end, now=NOW, latest=NOW + timedelta(days=7))


requests = st.lists(
    st.builds(
        a_request,
        st.sampled_from(RequestKind),
        st.sampled_from(RequestState),
        round=st.integers(1, 2),
        decided_at=st.integers(0, 100).map(lambda hours: NOW + timedelta(hours=hours)),
        ended_at=st.none() | st.integers(100, 200).map(lambda hours: NOW + timedelta(hours=hours)),
    ),
    max_size=5,
)


@given(requests, st.randoms())
def test_only_what_was_granted_in_this_round_counts_in_any_order(found: list[Request], order: object) -> None:
    def due(some: list[Request]) -> datetime | None:
        pauses, extensions = time_given(some, 1)
        return deadlines.due_at(NOW, DAYS, CALENDAR, pauses, extensions).due_at

    counts = [r for r in found if r.state is RequestState.GRANTED and r.round == 1]
    mixed = list(found)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert due(found) == due(mixed) == due(counts)
    assert due(counts) >= due([])  # type: ignore[operator]
