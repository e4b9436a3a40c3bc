"""The clock of a meeting: every open meeting has a next step, and each step happens once, in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting import Every, Meeting, MeetingKind, MeetingState, Step, next_beginning, step_after, steps_of

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
HOURS = st.integers(0, 24 * 60).map(lambda h: timedelta(hours=h))


def a_meeting(kind: MeetingKind, *, ahead: timedelta, answers: timedelta) -> Meeting:
    begins = NOW if kind is MeetingKind.CALL_OUT else NOW + ahead
    return Meeting(1, kind, MeetingState.CALLED, 1, "", 1, NOW, begins, "", Every.NEVER, NOW, NOW + answers)


@given(st.sampled_from(MeetingKind), HOURS, HOURS, HOURS)
def test_a_called_meeting_is_never_without_a_clock_before_its_minutes(
    kind: MeetingKind, ahead: timedelta, answers: timedelta, minutes: timedelta
) -> None:
    meeting = a_meeting(kind, ahead=ahead, answers=answers)
    assert meeting.begins_at is not None
    minutes_by = meeting.begins_at + minutes
    steps = steps_of(meeting, minutes_by)
    moments = [moment for moment, _ in steps]
    assert moments == sorted(set(moments)) and all(moment > NOW for moment in moments)
    assert steps[-1][1] in {Step.MINUTES, Step.ANSWERS} and Step.MINUTES in {step for _, step in steps}
    seen, at = [], NOW
    while (following := step_after(meeting, minutes_by, at)) is not None:
        at = following[0]
        seen.append(following)
    assert seen == steps, "one after the other, none left out"
    if kind is not MeetingKind.CALL_OUT and ahead > timedelta(hours=1):
        assert (meeting.begins_at, Step.BEGINS) in steps


def test_who_is_called_to_the_spot_is_not_reminded_of_a_day() -> None:
    meeting = a_meeting(MeetingKind.CALL_OUT, ahead=timedelta(0), answers=timedelta(minutes=30))
    steps = {step for _, step in steps_of(meeting, NOW + timedelta(hours=4))}
    assert steps == {Step.ANSWERS, Step.MINUTES}


def test_what_is_over_or_only_prepared_has_no_clock_of_its_own() -> None:
    meeting = a_meeting(MeetingKind.TALK, ahead=timedelta(days=2), answers=timedelta(hours=4))
    for state in (MeetingState.CLOSED, MeetingState.CANCELLED, MeetingState.PREPARED):
        meeting.state = state
        assert steps_of(meeting, NOW) == []
    meeting.state, meeting.kind = MeetingState.PREPARED, MeetingKind.STANDING
    assert [step for _, step in steps_of(meeting, NOW)] == [Step.INVITE]


def test_the_next_one_of_a_standing_meeting() -> None:
    last = datetime(2027, 1, 31, 9, tzinfo=UTC)
    assert next_beginning(last, Every.MONTH) == datetime(2027, 2, 28, 9, tzinfo=UTC)
    assert next_beginning(last.replace(month=12), Every.MONTH) == datetime(2028, 1, 31, 9, tzinfo=UTC)
    assert next_beginning(last, Every.WEEK) == datetime(2027, 2, 7, 9, tzinfo=UTC)
    assert next_beginning(last, Every.NEVER) is None
