"""The clock of a meeting: who has not answered, what is near, what begins, whose minutes are owed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.meetings.call_meeting import schedule_meeting
from bot.application.meetings.meeting_messages import meeting_params, meeting_subject, raise_meeting, wake_invited
from bot.application.ports import UnitOfWork
from bot.application.records import Button, DueKind, DueRow, Priority
from bot.application.telling import tell_hub
from bot.domain.hub_task import HubTaskKind
from bot.domain.meeting import Invitation, Meeting, MeetingKind, Step, unanswered
from bot.domain.permissions import Action


@dataclass(frozen=True, slots=True)
class _Judged:
    """A meeting at one of its moments."""

    uow: UnitOfWork
    district: District
    meeting: Meeting
    case: Case | None
    invited: Sequence[Invitation]
    step: Step
    now: datetime

    async def tell_the_hub(self, kind: str, button: Button | None = None, **more: object) -> None:
        """Tells the hub, once for each moment."""
        params = meeting_params(self.district, self.meeting, self.case) | more
        await tell_hub(
            self.uow,
            self.district,
            kind,
            params,
            now=self.now,
            subject=meeting_subject(self.meeting.id),
            buttons=((button,),) if button else (),
            priority=Priority.REMINDER,
            dedupe_key=f"meeting:{self.meeting.id}:{kind}:{self.now.isoformat(timespec='minutes')}",
        )

    async def wake(self, invited: Sequence[Invitation], kind: str) -> None:
        """Wakes these."""
        for each in invited:
            key = f"{kind}:{self.step}:{self.meeting.version}"
            await wake_invited(self.uow, self.district, self.meeting, self.case, each, kind, key, now=self.now)

    def names(self, invited: Sequence[Invitation]) -> list[str]:
        """The parties by name."""
        return [self.district.catalogue.party_name(each.party.code) for each in invited]


async def judge_meeting(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """The step that is due, and then the next one."""
    known = await uow.meetings.get(row.subject.id)
    if known is None or not known.is_open:
        return
    case = await load_case(uow, known.ticket_id, for_update=True) if known.ticket_id else None
    meeting = await uow.meetings.get(row.subject.id, for_update=True)
    if meeting is None or not meeting.is_open:
        return
    invited = await uow.invitations.of_meeting(meeting.id)
    step = Step(row.arg)
    await STEPS[step](_Judged(uow, district, meeting, case, invited, step, now))
    await raise_meeting(uow, meeting)
    if step is not Step.MINUTES:
        await schedule_meeting(uow, district, meeting, after=row.next_check_at)


async def _invite(it: _Judged) -> None:
    send = Button("button-send-invitations", Action.CALL_MEETING, meeting_subject(it.meeting.id), arg="send")
    await it.tell_the_hub("meeting-not-sent", send)


async def _answers(it: _Judged) -> None:
    silent = unanswered(it.invited)
    if not silent:
        return
    await it.tell_the_hub("meeting-unanswered", names=it.names(silent))
    await it.wake(silent, "meeting-asked-again")


async def _remind(it: _Judged) -> None:
    if it.meeting.begins_at is not None and it.now < it.meeting.begins_at:
        await it.wake([each for each in it.invited if each.comes], "meeting-near")
        await it.wake(unanswered(it.invited), "meeting-asked-again")


async def _begins(it: _Judged) -> None:
    if it.meeting.kind is not MeetingKind.CALL_OUT:
        await it.tell_the_hub("meeting-begins", _minutes_button(it.meeting))


async def _minutes(it: _Judged) -> None:
    """Asked for until they are there; not aloud as long as the hub's duty to dispatch has a clock of its own."""
    owed = it.case.hub_tasks if it.case is not None else ()
    if not any(task.is_open and task.kind is HubTaskKind.DISPATCH for task in owed):
        await it.tell_the_hub("meeting-minutes-owed", _minutes_button(it.meeting))
    again = it.district.due_moment(it.now, it.district.rules.meetings.minutes_limit)
    await it.uow.dues.put(meeting_subject(it.meeting.id), DueKind.MEETING, again, arg=str(Step.MINUTES))


def _minutes_button(meeting: Meeting) -> Button:
    return Button("button-write-minutes", Action.WRITE_MINUTES, meeting_subject(meeting.id))


STEPS: Mapping[Step, Callable[[_Judged], Awaitable[None]]] = {
    Step.INVITE: _invite,
    Step.ANSWERS: _answers,
    Step.DAY_BEFORE: _remind,
    Step.HOUR_BEFORE: _remind,
    Step.BEGINS: _begins,
    Step.MINUTES: _minutes,
}
