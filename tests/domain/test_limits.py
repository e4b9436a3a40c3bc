"""Limits as the list of items writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.limits import InvalidLimit, Limit, LimitUnit, UnitsDiffer, parse_limit

hours = st.builds(
    Limit,
    st.decimals("0.0001", 10_000, places=4),
    st.sampled_from([LimitUnit.WORKING_HOURS, LimitUnit.RUNNING_HOURS]),
)
days = st.builds(
    Limit,
    st.integers(1, 10_000).map(Decimal),
    st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS]),
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0.5紧急工作时", "0.5", LimitUnit.RUNNING_HOURS),
        ("4工作时", "4", LimitUnit.WORKING_HOURS),
        (" 15 工作日 ", "15", LimitUnit.WORKING_DAYS),
        ("2自然日", "2", LimitUnit.CALENDAR_DAYS),
        ("2.0工作日", "2", LimitUnit.WORKING_DAYS),
    ],
)
def test_a_written_limit_is_read(text: str, value: str, unit: LimitUnit) -> None:
    assert parse_limit(text) == Limit(Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "工作日",
        "3",
        "3天",
        "-1工作日",
        "0工作时",
        "0.0紧急工作时",
        "1.5工作日",
        "0.5自然日",
        "３工作日",
        "1e2工作时",
        "NaN工作时",
        ".5工作时",
        "3工作日3工作日",
        "0.00001工作时",
        "10001自然日",
    ],
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(InvalidLimit) as refused:
        parse_limit(text)
    assert refused.value.code == "invalid-limit"
    assert "text" in refused.value.fields


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-3"])
def test_no_amount_is_refused(value: str) -> None:
    with pytest.raises(InvalidLimit):
        Limit(Decimal(value), LimitUnit.WORKING_HOURS)


@given(hours | days)
def test_what_is_written_is_read_back(limit: Limit) -> None:
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize("text", ["0.5紧急工作时", "10工作日", "100自然日", "1.25工作时"])
def test_a_limit_is_written_as_in_the_list(text: str) -> None:
    assert str(parse_limit(text)) == text


def test_an_extension_of_the_same_unit_adds() -> None:
    assert parse_limit("3工作日") + parse_limit("2工作日") == parse_limit("5工作日")
    assert str(parse_limit("0.5工作时") + parse_limit("0.5工作时")) == "1工作时"


def test_an_extension_of_another_unit_is_refused() -> None:
    with pytest.raises(UnitsDiffer) as refused:
        parse_limit("3工作日") + parse_limit("2自然日")
    assert refused.value.fields == {"limit": "3工作日", "extension": "2自然日"}
