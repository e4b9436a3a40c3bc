"""Every view that the real view functions make, over the values that drive the branches of their texts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from bot.application.calls.report_back import OUTCOMES
from bot.application.records import AttachmentUse, Board, Face, Subject, SubjectKind
from bot.application.views.cards import view_of
from bot.application.views.view import View
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.chat import ChatKind
from bot.domain.correction import Correction, Origin
from bot.domain.draft import DraftState
from bot.domain.evaluation import Evaluation, Verdict
from bot.domain.hub_task import WITHOUT_TICKET, HubTask, HubTaskKind
from bot.domain.meeting import Every, Invitation, Meeting, MeetingKind, MeetingState, Reply
from bot.domain.party import Party, PartyKind
from bot.domain.people import Grant, Role
from bot.domain.referral import Referral, ReferralState
from bot.domain.request import RequestKind, RequestState
from bot.domain.returning import Ground, Outcome, Ruling
from bot.domain.situation import Entry, EntryKind, Situation, SituationState
from bot.domain.street_call import OFFICES, StreetCall, StreetCallState
from bot.domain.street_question import StreetQuestion
from bot.domain.ticket import Ending, Mode, Sensitivity, Ticket
from tests.text.district import (
    DISTRICT,
    FULL_ASSIGNMENT,
    LATER,
    NOW,
    ODD,
    Shelf,
    a_card,
    a_draft,
    a_request,
    a_ticket,
    an_assignment,
)

S = AssignmentState
ITEM_OF = {Sensitivity.PUBLIC: "SZ-03", Sensitivity.SENSITIVE: "XX-01", Sensitivity.LIMITED: "XX-02"}
YES_NO = (False, True)
WRITTEN = {EntryKind.NOTED, EntryKind.ACTED}
SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=NOW.tzinfo)
PHOTO = AttachmentUse("a1", Subject(SubjectKind.TICKET, 1), "report", NOW)
ANSWER_PHOTO = AttachmentUse("b2", Subject(SubjectKind.ASSIGNMENT, 1), "report_back", NOW)
OLD_USE = AttachmentUse("b2", Subject(SubjectKind.ASSIGNMENT, 9), "report_back", NOW - timedelta(days=400))

MINUTES = f"市政中心：更换灯头{ODD}，3工作日（牵头）\n公安分局：维持秩序，2小时\n望澜街道：看护，三日内"
MEETS = "明天下午3点请市政中心、公安分局开会"

Views = AsyncIterator[View]


async def every_view() -> Views:
    """All of them; a view function that has nothing to show gives none."""
    sources: tuple[Callable[[], Views], ...] = (
        _drafts,
        _callers,
        _residents,
        _units,
        _answers,
        _verifications,
        _batches,
        _hub_tasks,
        _requests,
        _street_calls,
        _situations,
        _meetings,
        _rulings,
        _referrals,
        _examples,
        _teams,
        _boards,
    )
    for source in sources:
        async for view in source():
            yield view


async def _show(shelf: Shelf, face: Face, kind: SubjectKind, now: datetime = NOW) -> Views:
    view = await view_of(shelf.as_uow(), DISTRICT, a_card(face, kind), now=now)
    if view is not None:
        yield view


def _ticket(sensitivity: Sensitivity, *, full: bool, **changes: object) -> Ticket:
    """`full`: everything that can stand in a ticket, with odd characters; else no more than has to."""
    item = ITEM_OF[sensitivity] if full else ""
    shown = {"item": item, "item_name": DISTRICT.catalogue.items[item].name if item else "", "sensitivity": sensitivity}
    if full:
        shown |= {"text": f"盖子没了\n{ODD}" + "长" * 400, "place": f"柳荫路45号{ODD}", "start_authority": "陈某"}
    else:
        shown |= {"text": "", "place": "", "community": ""}
    return a_ticket(**(shown | changes))


def _assignment(state: AssignmentState, *, full: bool, **changes: object) -> Assignment:
    return an_assignment(state, **((FULL_ASSIGNMENT if full else {}) | changes))


async def _drafts() -> Views:
    similar = tuple(a_ticket(code=f"JL-20261122-000{n}") for n in range(1, 5))
    for kind, danger, rich, item, now in product(
        (ChatKind.STREET, ChatKind.PRIVATE), YES_NO, YES_NO, ("SZ-03", "SR-01", "SZ-08", "XX-01"), (NOW, SUNDAY_NIGHT)
    ):
        draft = a_draft(item=item, danger=danger, photo_hashes=["a1"] if rich else [])
        draft.segments = (
            [{"text": text, "place": "", "candidates": [item]} for text in ("井盖没了", "路灯不亮")] if rich else []
        )
        draft.place, draft.community = (f"柳荫路45号{ODD}", "JL0101") if rich else ("", "")
        draft.text = f"{ODD}" * 20 if rich else ""
        variants = [
            draft,
            replace(draft, choosing=True),
            replace(draft, sure=False, candidates=[], item=""),
            replace(draft, asked=True),
            replace(draft, state=DraftState.EXPIRED),
            replace(draft, state=DraftState.JOINED, ticket_id=1),
            replace(draft, state=DraftState.DISCARDED),
        ]
        for variant in variants:
            shelf = Shelf(draft=variant, ticket=a_ticket(), chat_kind=kind, similar=similar)
            async for view in _show(shelf, Face.DRAFT, SubjectKind.DRAFT, now):
                yield view


def _cases(full: bool, sensitivity: Sensitivity, mode: Mode) -> list[tuple[Ticket, tuple[Assignment, ...]]]:
    """A ticket in every ending and none, awaited or not, with a lead in every state and none."""
    cases: list[tuple[Ticket, tuple[Assignment, ...]]] = []
    for ending, state, awaited in product((None, *Ending), (None, *S), YES_NO):
        if awaited and (ending or state):
            continue
        ticket = _ticket(sensitivity, full=full, mode=mode, ending=ending, start_awaited=awaited)
        cases.append((ticket, (_assignment(state, full=full),) if state else ()))
    return cases


async def _callers() -> Views:
    kinds = (ChatKind.STREET, ChatKind.MIXED, ChatKind.PRIVATE)
    for full, sensitivity, mode, kind in product(YES_NO, Sensitivity, (Mode.SELF, Mode.DIRECT), kinds):
        for ticket, parts in _cases(full, sensitivity, mode):
            shelf = Shelf(ticket=ticket, parts=parts, chat_kind=kind)
            async for view in _show(shelf, Face.CALLER, SubjectKind.TICKET):
                yield view


async def _residents() -> Views:
    for full, sensitivity, mode, reader in product(YES_NO, Sensitivity, (Mode.SELF, Mode.DIRECT), (1, 2, None)):
        for ticket, parts in _cases(full, sensitivity, mode):
            shelf = Shelf(ticket=ticket, parts=parts, chat_kind=ChatKind.PRIVATE, reader=reader)
            async for view in _show(shelf, Face.RESIDENT, SubjectKind.TICKET):
                yield view


async def _units() -> Views:
    for full, sensitivity, state, ending, emergency, face in product(
        YES_NO, Sensitivity, S, (None, *Ending), YES_NO, (Face.UNIT, Face.DETAIL)
    ):
        ticket = _ticket(sensitivity, full=full, ending=ending, emergency=emergency)
        if face is Face.DETAIL:
            ticket.text = ticket.text[:300]
        parts = (_assignment(state, full=full),)
        shelf = Shelf(ticket=ticket, parts=parts, uses=(PHOTO,) if full else ())
        async for view in _show(shelf, face, SubjectKind.ASSIGNMENT):
            yield view


async def _answers() -> Views:
    for full, state, outcome, photos, reused in product(YES_NO, S, ("", *OUTCOMES), YES_NO, YES_NO):
        shelf = Shelf(
            ticket=_ticket(Sensitivity.PUBLIC, full=full),
            parts=(_assignment(state, full=full, report_outcome=outcome),),
            uses=(ANSWER_PHOTO,) if photos else (),
            earlier_uses=(OLD_USE,) if reused else (),
        )
        async for view in _show(shelf, Face.ANSWER, SubjectKind.ASSIGNMENT):
            yield view


async def _verifications() -> Views:
    given = [Evaluation(1, 1, 1, 1, v, 1, NOW, r) for v, r in product((None, *Verdict), ("", f"没人到场{ODD}"))]
    for full, sensitivity, mode, kind, state, evaluation in product(
        YES_NO,
        Sensitivity,
        (Mode.SELF, Mode.DIRECT),
        (ChatKind.STREET, ChatKind.PRIVATE),
        (S.REPORTED, S.HANDLING, S.ACCEPTED, S.CANCELLED),
        (None, *given),
    ):
        shelf = Shelf(
            ticket=_ticket(sensitivity, full=full, mode=mode),
            parts=(_assignment(state, full=full),),
            chat_kind=kind,
            uses=(ANSWER_PHOTO,) if full else (),
            verdicts=(evaluation,) if evaluation else (),
        )
        async for view in _show(shelf, Face.VERIFY, SubjectKind.ASSIGNMENT):
            yield view


async def _batches() -> Views:
    officer = frozenset({Grant(Role.STREET_OFFICER, "JL01"), Grant(Role.DEPARTMENT_LEADER, "D26")})
    for count, full in product((0, 1, 8, 12), YES_NO):
        ticket = _ticket(Sensitivity.PUBLIC, full=full)
        answer = _assignment(S.ANSWER_DRAFTED, full=full, report_text="办好了\n" * 150 if full else "")
        shelf = Shelf(ticket=ticket, waiting=(ticket,) * count, answers=(answer,) * count, held=officer)
        shelf.setting = [NOW.isoformat(), [1]] if full else None
        for face in (Face.START, Face.RELEASE):
            async for view in _show(shelf, face, SubjectKind.PERSON):
                yield view


async def _requests() -> Views:
    for full, sensitivity, kind, state, known, silence in product(
        YES_NO, Sensitivity, RequestKind, RequestState, YES_NO, YES_NO
    ):
        request = a_request(kind, state, reason=f"等配件{ODD}" if full else "等", decided_by=2 if known else None)
        part = _assignment(S.SUSPENDED if state is RequestState.GRANTED else S.HANDLING, full=full)
        ticket = _ticket(sensitivity, full=full)
        shelf = Shelf(ticket=ticket, parts=(replace(part, round=1),), requests=(request,))
        district = DISTRICT.with_rules(silence_grants=silence)
        faces = ((Face.REQUEST, SubjectKind.REQUEST), (Face.UNIT, SubjectKind.ASSIGNMENT))
        for face, subject in (*faces, (Face.CALLER, SubjectKind.TICKET)):
            view = await view_of(shelf.as_uow(), district, a_card(face, subject), now=NOW)
            if view is not None:
                yield view


async def _hub_tasks() -> Views:
    for full, sensitivity, kind, done, lead, known in product(
        YES_NO, Sensitivity, HubTaskKind, YES_NO, (None, *S), YES_NO
    ):
        task = HubTask(1, kind, 1, 1, NOW, LATER, note=f"权属为通信企业{ODD}" if full else "")
        if kind in WITHOUT_TICKET:
            task.ticket_id = task.assignment_id = None
            task.note = f"D26 市政中心（{ODD}）"
        task.done_at, task.done_by = (NOW, 2 if known else None) if done else (None, None)
        parts = (_assignment(lead, full=full),) if lead else ()
        shelf = Shelf(ticket=_ticket(sensitivity, full=full), parts=parts, tasks=(task,))
        async for view in _show(shelf, Face.HUB, SubjectKind.HUB_TASK):
            yield view


async def _street_calls() -> Views:
    words, at = ("granted", "refused"), NOW.isoformat()
    approvals = [{"approver": name, "word": word, "by": "2", "at": at} for name in OFFICES for word in words]
    for state, sensitive, kind, full in product(StreetCallState, YES_NO, (ChatKind.HUB, ChatKind.PRIVATE), YES_NO):
        call = StreetCall(1, state, "D26", "JL01", f"帮忙录入档案{ODD}", 1, 1, 5, NOW, sensitive)
        call.candidates, call.approvals = (["JD-01"] * 3, approvals[:4]) if full else ([], [])
        shelf = Shelf(ticket=_ticket(Sensitivity.PUBLIC, full=full), chat_kind=kind, street_call=call)
        for face in (Face.STREET_CALL, Face.APPROVAL):
            async for view in _show(shelf, face, SubjectKind.STREET_CALL):
                yield view


async def _meetings() -> Views:
    party = Party(PartyKind.DEPARTMENT, "D26")
    for full, sensitivity, kind, state, reply in product(
        YES_NO, Sensitivity, MeetingKind, MeetingState, (None, *Reply)
    ):
        ticket = None if kind is MeetingKind.STANDING else _ticket(sensitivity, full=full)
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
            async for view in _show(shelf, face, subject):
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
            ticket=_ticket(sensitivity, full=True, origin_chat_id=1, origin_message_id=5),
            parts=(_assignment(S.RETURN_REQUESTED, full=True),),
            tasks=(task,),
            draft=a_draft(item="SZ-03"),
            rulings=(own, earlier),
            questions=(asked,) if known else (),
        )
        async for view in _show(shelf, Face.HUB, SubjectKind.HUB_TASK):
            yield view


async def _referrals() -> Views:
    for full, sensitivity, state, held in product(YES_NO, Sensitivity, ReferralState, (None, S.HANDLING)):
        referral = Referral(1, 1, state, 1, 2, NOW, LATER)
        if full:
            referral.proposal = f"建议市政中心牵头{ODD}"
            referral.words, referral.decided_by = f"请通信企业牵头{ODD}", 2
        parts = (_assignment(held, full=full),) if held else ()
        shelf = Shelf(ticket=_ticket(sensitivity, full=full), parts=parts, referrals=(referral,))
        said = (
            ("请市政中心牵头，三日内", None),
            (f"请市政中心牵头、公安配合{ODD}", None),
            ("开个协调会", None),
            (MEETS, LATER),
        )
        for words, meets_at in said if full else (("", None),):
            spoken = replace(referral, words=words, meets_at=meets_at)
            for face in (Face.LEADER, Face.ORDER):
                async for view in _show(replace(shelf, referrals=(spoken,)), face, SubjectKind.REFERRAL):
                    yield view
        ordered = _ticket(sensitivity, full=full, mode=Mode.REVERSE, ordered_by=2)
        for face, subject in ((Face.UNIT, SubjectKind.ASSIGNMENT), (Face.CALLER, SubjectKind.TICKET)):
            async for view in _show(replace(shelf, ticket=ordered), face, subject):
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
            waiting=(_ticket(Sensitivity.PUBLIC, full=full),) if full else (),
        )
        async for view in _show(shelf, Face.SITUATION, SubjectKind.SITUATION):
            yield view


async def _examples() -> Views:
    item = Correction(1, f"盖子没了{ODD}" + "长" * 200, "SZ-03", Origin.CHANGE_ITEM, "draft", 1, 1, NOW)
    odd = [
        replace(item, was="SR-01"),
        replace(item, item="", origin=Origin.NOT_A_REPORT, was="SZ-03"),
        replace(item, item="", origin=Origin.RETURN_GRANTED, unit="D26", was="SR-01"),
        replace(item, item="", origin=Origin.HUB_DISPATCH, unit="D99"),
    ]
    for count, page in product((0, 1, 4), (None, 1, 7)):
        waiting = tuple(odd[n % 4] for n in range(count))
        for learned in ((), (replace(odd[0], released_at=NOW), replace(odd[1], id=2, released_at=NOW))):
            shelf = Shelf(
                corrections=waiting,
                released=learned,
                setting=page,
                draft=a_draft(candidates=["SZ-03"]),
                ticket=a_ticket(),
            )
            async for view in _show(shelf, Face.EXAMPLES, SubjectKind.EXAMPLES):
                yield view


async def _teams() -> Views:
    team = Party(PartyKind.TEAM, "D26")
    for full, sensitivity, state, out, there in product(YES_NO, Sensitivity, S, YES_NO, YES_NO):
        ticket = _ticket(sensitivity, full=full, mode=Mode.ENFORCEMENT, ordered_by=2)
        part = _assignment(state, full=full, assignee=team, task="")
        part.set_out_at, part.arrived_at = NOW if out else None, LATER if there else None
        for parts in ((part,), (part, replace(part, id=2, assignee=Party(PartyKind.TEAM, "D31")))):
            shelf = Shelf(ticket=ticket, parts=parts)
            for face, subject in ((Face.UNIT, SubjectKind.ASSIGNMENT), (Face.CALLER, SubjectKind.TICKET)):
                async for view in _show(shelf, face, subject):
                    yield view


async def _boards() -> Views:
    kinds = (ChatKind.STREET, ChatKind.DEPARTMENT, ChatKind.HUB, ChatKind.PRIVATE)
    for sensitivity, state, count, overdue, kind in product(Sensitivity, (None, *S), (0, 1, 8), YES_NO, kinds):
        parts = (_assignment(state, full=True, due_at=NOW - timedelta(hours=overdue)),) if state else ()
        shelf = Shelf(
            ticket=_ticket(sensitivity, full=count == 1),
            waiting=(_ticket(sensitivity, full=count == 1),) * count,
            parts=parts,
            chat_kind=kind,
            board=Board(1, 1, 1, overdue, 0, NOW),
            held=frozenset({Grant(Role.STREET_OFFICER, "JL01")}),
        )
        async for view in _show(shelf, Face.BOARD, SubjectKind.BOARD):
            yield view
    lost = HubTask(1, HubTaskKind.CHAT_LOST, None, None, NOW, LATER, f"7 市政中心（{ODD}）")
    for task in (lost, replace(lost, done_at=NOW, done_by=2)):
        async for view in _show(Shelf(tasks=(task,)), Face.HUB, SubjectKind.HUB_TASK):
            yield view
