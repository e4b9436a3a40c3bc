"""Published years from chinesecalendar and from files, and that the two agree."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from bot.calendar_files import (
    HolidayFileInvalid,
    NoticeNotPublished,
    default_calendar,
    published_from_chinesecalendar,
    read_holiday_file,
    read_notices,
    seeded_years,
)
from bot.domain.holidays import statutory_days
from bot.domain.work_calendar import DayKind, NoticeDay, PublishedYear, WorkCalendar

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "holidays"


def notice_of_2027() -> list[dict[str, object]]:
    """An invented notice: the statutory days, a bridge day and its make-up Saturday."""
    off = [{"name": name, "date": str(day), "isOffDay": True} for day, name in statutory_days(2027).items()]
    return [
        *off,
        {"name": "国庆节", "date": "2027-10-04", "isOffDay": True},
        {"name": "国庆节", "date": "2027-10-09", "isOffDay": False},
    ]


def written(folder: Path, content: object) -> Path:
    """A file with that JSON."""
    path = folder / "year.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_seed_answers_as_chinesecalendar_on_every_day() -> None:
    calendar = default_calendar()
    day = date(seeded_years().start, 1, 1)
    while day.year in seeded_years():
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(1)


def test_the_seed_names_days_in_chinese() -> None:
    (table,) = published_from_chinesecalendar([2026])
    assert NoticeDay(date(2026, 10, 10), "国庆节", False) in table.days
    assert NoticeDay(date(2026, 2, 16), "春节", True) in table.days
    assert all(day.date.year == 2026 for day in table.days)


def test_a_year_that_the_seed_lacks_is_refused() -> None:
    with pytest.raises(NoticeNotPublished) as refused:
        published_from_chinesecalendar([2026, seeded_years().stop])
    assert refused.value.fields == {"year": seeded_years().stop}


def test_a_file_is_read(tmp_path: Path) -> None:
    table = read_holiday_file(written(tmp_path, {"year": 2027, "papers": [], "days": notice_of_2027()}))
    assert table.year == 2027
    assert NoticeDay(date(2027, 10, 9), "国庆节", False) in table.days
    calendar = default_calendar(imported=[table])
    assert calendar.is_published(2027)
    assert calendar.day(date(2027, 10, 9)).kind is DayKind.MAKE_UP
    assert not calendar.is_working_day(date(2027, 10, 4))
    assert default_calendar().is_working_day(date(2027, 10, 4))


def test_an_imported_year_stands_above_the_seed() -> None:
    changed = PublishedYear(2026, (NoticeDay(date(2026, 11, 23), "临时", True),))
    calendar = default_calendar(imported=[changed])
    assert not calendar.is_working_day(date(2026, 11, 23))
    assert calendar.is_working_day(date(2026, 10, 1))


def test_a_file_without_days_is_not_a_published_year(tmp_path: Path) -> None:
    with pytest.raises(NoticeNotPublished):
        read_holiday_file(written(tmp_path, {"year": 2027, "papers": [], "days": []}))


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"year": 2027},
        {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-32", "isOffDay": True}]},
        {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": "true"}]},
        {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01"}]},
        {"year": 2027, "days": notice_of_2027()[:-3]},
        {"year": 2027, "days": [*notice_of_2027(), notice_of_2027()[0]]},
        {"year": 2060, "days": notice_of_2027()},
    ],
)
def test_a_file_that_is_no_whole_notice_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(HolidayFileInvalid) as refused:
        read_holiday_file(written(tmp_path, content))
    assert {"path", "detail"} == refused.value.fields.keys()


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"\xff{")
    for path in (broken, tmp_path / "none.json"):
        with pytest.raises(HolidayFileInvalid):
            read_holiday_file(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is not beside the checkout")
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_seed_and_files_agree_on_every_day(year: int) -> None:
    from_file = WorkCalendar((read_holiday_file(SHARED / f"holiday-cn_{year}.json"),))
    seeded = WorkCalendar(published_from_chinesecalendar([year]))
    day = date(year, 1, 1)
    while day.year == year:
        file_day, seed_day = from_file.day(day), seeded.day(day)
        assert (file_day.is_working, file_day.kind) == (seed_day.is_working, seed_day.kind), day
        assert seed_day.name in file_day.name
        day += timedelta(1)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is not beside the checkout")
def test_the_empty_file_of_2027_publishes_nothing() -> None:
    with pytest.raises(NoticeNotPublished):
        read_holiday_file(SHARED / "holiday-cn_2027.json")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is not beside the checkout")
def test_both_forms_of_the_shared_folder_say_the_same_of_2026() -> None:
    many = {table.year: table for table in read_notices(SHARED / "npm_chinese-days_1.5.7.json")}
    [alone] = read_notices(SHARED / "holiday-cn_2026.json")
    from_both = [{(day.date, day.is_off) for day in table.days} for table in (many[2026], alone)]
    assert from_both[0] == from_both[1]


@pytest.mark.parametrize("content", [{"holidays": {}}, {"holidays": {"2027-13-01": "x"}, "workdays": {}}])
def test_a_broken_file_of_many_years_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(HolidayFileInvalid):
        read_notices(written(tmp_path, content))
