"""The views of the ways beside the direct call: two-way, meetings, rulings, leaders, emergencies, enforcement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from bot.application.records import Face, SubjectKind
from bot.domain.chat import ChatKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.meeting import Every, Invitation, Meeting, MeetingKind, MeetingState, Reply
from bot.domain.party import Party, PartyKind
from bot.domain.referral import Referral, ReferralState
from bot.domain.returning import Ground, Outcome, Ruling
from bot.domain.situation import Entry, EntryKind, Situation, SituationState
from bot.domain.street_call import OFFICES, StreetCall, StreetCallState
from bot.domain.street_question import StreetQuestion
from bot.domain.ticket import Mode, Sensitivity
from tests.text.district import (
    LATER,
    NOW,
    ODD,
    Shelf,
    a_card,
    a_draft,
)
from tests.text.showing import YES_NO, S, Views, filled_assignment, filled_ticket, show

WRITTEN = {EntryKind.NOTED, EntryKind.ACTED}
MINUTES = f"市政中心：更换灯头{ODD}，3工作日（牵头）\n公安分局：维持秩序，2小时\n望澜街道：看护，三日内"
MEETS = "明天下午3点请市政中心、公安分局开会"


async def _street_calls() -> Views:
    words, at = ("granted", "refused"), NOW.isoformat()
    approvals = [{"approver": name, "word": word, "by": "2", "at": at} for name in OFFICES for word in words]
    for state, sensitive, kind, full in product(StreetCallState, YES_NO, (ChatKind.HUB, ChatKind.PRIVATE), YES_NO):
        call = StreetCall(1, state, "D26", "JL01", f"帮忙录入档案{ODD}", 1, 1, 5, NOW, sensitive)
        call.candidates, call.approvals = (["JD-01"] * 3, approvals[:4]) if full else ([], [])
        shelf = Shelf(ticket=filled_ticket(Sensitivity.PUBLIC, full=full), chat_kind=kind, street_call=call)
        for face in (Face.STREET_CALL, Face.APPROVAL):
            async for view in show(shelf, face, SubjectKind.STREET_CALL):
                yield view


async def _meetings() -> Views:
    party = Party(PartyKind.DEPARTMENT, "D26")
    for full, sensitivity, kind, state, reply in product(
        YES_NO, Sensitivity, MeetingKind, MeetingState, (None, *Reply)
    ):
        ticket = None if kind is MeetingKind.STANDING else filled_ticket(sensitivity, full=full)
        meeting = Meeting(1, kind, state, 1 if ticket else None, "联席会议", 1, NOW, every=Every.MONTH)
        called = state is not MeetingState.PREPARED
        meeting.begins_at = LATER if full or called else None
        meeting.invited_at, meeting.answers_by = (NOW, LATER) if called else (None, None)
        meeting.where = f"区政府302{ODD}" if full else ""
        arrived = NOW if reply is Reply.ARRIVED else None
        invited = Invitation(1, 1, party, reply, 2 if full else None, NOW, ODD if full else "李工", arrived)
        shelf = Shelf(
            ticket=ticket,
            meetings=(meeting,),
            invited=(invited,) * (4 if full else 1),
            cards=(a_card(Face.INVITATION, SubjectKind.INVITATION),) if full else (),
        )
        meeting.minutes = MINUTES if full else MINUTES.splitlines()[0]
        faces = ((Face.MEETING, SubjectKind.MEETING), (Face.MINUTES, SubjectKind.MEETING))
        for face, subject in (*faces, (Face.INVITATION, SubjectKind.INVITATION)):
            async for view in show(shelf, face, subject):
                yield view


def a_ruling(
    ground: Ground, number: int, outcome: Outcome | None, *, ticket_id: int = 1, dispute: bool = False
) -> Ruling:
    to_unit = "" if outcome is None else "D31"
    return Ruling(1, ticket_id, 1, "SZ-03", "D26", number, ground, "D31", NOW, 2, 1, dispute, outcome, to_unit, NOW, 2)


async def _rulings() -> Views:
    asked = StreetQuestion(1, 1, 1, 1, 2, NOW, LATER, 1, 1, NOW, 1)
    for sensitivity, ground, number, outcome, dispute, known in product(
        Sensitivity, Ground, (1, 2), (None, *Outcome), YES_NO, YES_NO
    ):
        kind = HubTaskKind.DISPUTE if dispute else HubTaskKind.RULING
        task = HubTask(1, kind, 1, 1, NOW, LATER)
        task.done_at, task.done_by = (NOW, 2 if known else None) if outcome else (None, None)
        own = a_ruling(ground, number, outcome, dispute=dispute)
        earlier = a_ruling(ground, 1, Outcome.MOVED, ticket_id=9) if known else own
        shelf = Shelf(
            ticket=filled_ticket(sensitivity, full=True, origin_chat_id=1, origin_message_id=5),
            parts=(filled_assignment(S.RETURN_REQUESTED, full=True),),
            tasks=(task,),
            draft=a_draft(item="SZ-03"),
            rulings=(own, earlier),
            questions=(asked,) if known else (),
        )
        async for view in show(shelf, Face.HUB, SubjectKind.HUB_TASK):
            yield view


async def _referrals() -> Views:
    for full, sensitivity, state, held in product(YES_NO, Sensitivity, ReferralState, (None, S.HANDLING)):
        referral = Referral(1, 1, state, 1, 2, NOW, LATER)
        if full:
            referral.proposal = f"建议市政中心牵头{ODD}"
            referral.words, referral.decided_by = f"请通信企业牵头{ODD}", 2
        parts = (filled_assignment(held, full=full),) if held else ()
        shelf = Shelf(ticket=filled_ticket(sensitivity, full=full), parts=parts, referrals=(referral,))
        said = (
            ("请市政中心牵头，三日内", None),
            (f"请市政中心牵头、公安配合{ODD}", None),
            ("开个协调会", None),
            (MEETS, LATER),
        )
        for words, meets_at in said if full else (("", None),):
            spoken = replace(referral, words=words, meets_at=meets_at)
            for face in (Face.LEADER, Face.ORDER):
                async for view in show(replace(shelf, referrals=(spoken,)), face, SubjectKind.REFERRAL):
                    yield view
        ordered = filled_ticket(sensitivity, full=full, mode=Mode.REVERSE, ordered_by=2)
        for face, subject in ((Face.UNIT, SubjectKind.ASSIGNMENT), (Face.CALLER, SubjectKind.TICKET)):
            async for view in show(replace(shelf, ticket=ordered), face, subject):
                yield view


async def _situations() -> Views:
    said = [
        Entry(1, 1, kind, "JL01", "JL01", 1, NOW, f"转移三户{ODD}" * 9 if kind in WRITTEN else "") for kind in EntryKind
    ]
    hidden = Entry(2, 1, EntryKind.ACTED, "JL01", "JL01", 1, NOW, "敏感的事", True)
    for state, kind, full in product(SituationState, (ChatKind.HUB, ChatKind.STREET), YES_NO):
        situation = Situation(1, state, f"暴雨内涝{ODD}" if full else "暴雨", ["JL01"], 1, 1, NOW, NOW)
        situation.ended_at = LATER if state is SituationState.ENDED else None
        shelf = Shelf(
            chat_kind=kind,
            situation=situation,
            log=(*said, hidden) if full else (),
            waiting=(filled_ticket(Sensitivity.PUBLIC, full=full),) if full else (),
        )
        async for view in show(shelf, Face.SITUATION, SubjectKind.SITUATION):
            yield view


async def _teams() -> Views:
    team = Party(PartyKind.TEAM, "D26")
    for full, sensitivity, state, out, there in product(YES_NO, Sensitivity, S, YES_NO, YES_NO):
        ticket = filled_ticket(sensitivity, full=full, mode=Mode.ENFORCEMENT, ordered_by=2)
        part = filled_assignment(state, full=full, assignee=team, task="")
        part.set_out_at, part.arrived_at = NOW if out else None, LATER if there else None
        for parts in ((part,), (part, replace(part, id=2, assignee=Party(PartyKind.TEAM, "D31")))):
            shelf = Shelf(ticket=ticket, parts=parts)
            for face, subject in ((Face.UNIT, SubjectKind.ASSIGNMENT), (Face.CALLER, SubjectKind.TICKET)):
                async for view in show(shelf, face, subject):
                    yield view


WAYS: tuple[Callable[[], Views], ...] = (_street_calls, _meetings, _rulings, _referrals, _situations, _teams)
