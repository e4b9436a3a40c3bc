"""One line is read as people write it; long breaks and digests fall on the right days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.calendar_files import default_calendar
from bot.domain import digest, duty
from bot.domain.duty import Spell
from bot.domain.errors import DigestTimesInvalid, DutyNotRead

TODAY = date(2026, 9, 25)
CALENDAR = default_calendar()


@pytest.mark.parametrize(
    ("words", "first", "last", "rest"),
    [
        ("10月1日-7日 张三", date(2026, 10, 1), date(2026, 10, 7), "张三"),
        ("10.1-10.7 张三 代理 李四", date(2026, 10, 1), date(2026, 10, 7), "张三 代理 李四"),
        ("10月1日 10月7日 @李四", date(2026, 10, 1), date(2026, 10, 7), "@李四"),
        ("2026-10-01 至 2026-10-07 张三", date(2026, 10, 1), date(2026, 10, 7), "张三"),
        ("从10/1到10/7张三", date(2026, 10, 1), date(2026, 10, 7), "张三"),
        ("10月30日到3日 张三", date(2026, 10, 30), date(2026, 11, 3), "张三"),
        ("明天 张三", date(2026, 9, 26), date(2026, 9, 26), "张三"),
        ("明天到后天 张三", date(2026, 9, 26), date(2026, 9, 27), "张三"),
        ("1月1日 张三", date(2027, 1, 1), date(2027, 1, 1), "张三"),
        ("12月31日-1月2日 张三", date(2026, 12, 31), date(2027, 1, 2), "张三"),
    ],
)
def test_days_are_read_as_people_write_them(words: str, first: date, last: date, rest: str) -> None:
    assert duty.read_spell(words, TODAY) == (Spell(first, last), rest)


@pytest.mark.parametrize("words", ["13月1日 张三", "2月30日 张三", "10月7日-10月1日 张三", "10月1日-40日 张三"])
def test_days_that_cannot_be_are_refused(words: str) -> None:
    with pytest.raises(DutyNotRead):
        duty.read_spell(words, TODAY)


def test_names_and_deputies() -> None:
    assert duty.read_spell("张三、李四", TODAY) == (None, "张三、李四")
    assert duty.read_names("张三、@li_si （代理：王五，赵六）") == (["张三", "li_si"], ["王五", "赵六"])
    for words in ("", "、、", "代理 王五", "一 " * 7, "名" * 21):
        with pytest.raises(DutyNotRead):
            duty.read_names("、".join(f"人{n}" for n in range(7)) if words == "一 " * 7 else words)


def test_long_breaks_and_the_day_on_which_they_are_asked_about() -> None:
    spell = duty.next_break(CALENDAR, TODAY - digest.ONE_DAY)
    assert spell == Spell(date(2026, 9, 25), date(2026, 9, 27))
    spell = duty.next_break(CALENDAR, date(2026, 9, 28))
    assert spell == Spell(date(2026, 10, 1), date(2026, 10, 7))
    assert duty.asked_on(CALENDAR, spell) == date(2026, 9, 28)
    assert duty.next_break(CALENDAR, date(2026, 2, 11)) == Spell(date(2026, 2, 15), date(2026, 2, 23))
    assert duty.asked_on(CALENDAR, Spell(date(2026, 2, 15), date(2026, 2, 23))) == date(2026, 2, 12)


def test_digests_come_on_working_days_only() -> None:
    times = (time(9), time(15))
    thursday = datetime(2026, 9, 24, 7, 0, tzinfo=UTC)  # 15:00 in the district, before three days off
    assert digest.next_moment(CALENDAR, times, thursday) == datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
    assert digest.next_moment(CALENDAR, (), thursday) is None
    assert digest.days_off_after(CALENDAR, date(2026, 9, 24)) == 3
    assert digest.first_working_noon(CALENDAR, date(2026, 9, 24)) == datetime(2026, 9, 28, 4, 0, tzinfo=UTC)
    last = [day for day in range(14, 29) if digest.is_last_working_day_of_the_week(CALENDAR, date(2026, 9, day))]
    assert last == [20, 24], "the make-up Sunday ends its week, the day before the festival the next"


@pytest.mark.parametrize("words", ["", "25:00", "9:75", "每天", "9 10 11 12 13", "09:00 谢谢"])
def test_times_that_are_none(words: str) -> None:
    with pytest.raises(DigestTimesInvalid):
        digest.parse_times(words)


def test_times_as_people_write_them() -> None:
    assert digest.parse_times("15:00、9点，8：30") == (time(8, 30), time(9), time(15))
