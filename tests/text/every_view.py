"""Every view that the real view functions make, over the values that drive the branches of their texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from bot.application.calls.report_back import OUTCOMES
from bot.application.records import AttachmentUse, Board, Face, Subject, SubjectKind
from bot.application.views.cards import view_of
from bot.domain.assignment import Assignment
from bot.domain.chat import ChatKind
from bot.domain.correction import Correction, Origin
from bot.domain.draft import DraftState
from bot.domain.evaluation import Evaluation, Verdict
from bot.domain.hub_task import WITHOUT_TICKET, HubTask, HubTaskKind
from bot.domain.people import Grant, Role
from bot.domain.request import RequestKind, RequestState
from bot.domain.ticket import Ending, Mode, Sensitivity, Ticket
from tests.text.district import (
    DISTRICT,
    LATER,
    NOW,
    ODD,
    Shelf,
    a_card,
    a_draft,
    a_request,
    a_ticket,
)
from tests.text.showing import YES_NO, S, Views, filled_assignment, filled_ticket, show
from tests.text.ways_view import WAYS

SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=NOW.tzinfo)
PHOTO = AttachmentUse("a1", Subject(SubjectKind.TICKET, 1), "report", NOW)
ANSWER_PHOTO = AttachmentUse("b2", Subject(SubjectKind.ASSIGNMENT, 1), "report_back", NOW)
OLD_USE = AttachmentUse("b2", Subject(SubjectKind.ASSIGNMENT, 9), "report_back", NOW - timedelta(days=400))


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
        _examples,
        _boards,
        *WAYS,
    )
    for source in sources:
        async for view in source():
            yield view


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
            async for view in show(shelf, Face.DRAFT, SubjectKind.DRAFT, now):
                yield view


def _cases(full: bool, sensitivity: Sensitivity, mode: Mode) -> list[tuple[Ticket, tuple[Assignment, ...]]]:
    """A ticket in every ending and none, awaited or not, with a lead in every state and none."""
    cases: list[tuple[Ticket, tuple[Assignment, ...]]] = []
    for ending, state, awaited in product((None, *Ending), (None, *S), YES_NO):
        if awaited and (ending or state):
            continue
        ticket = filled_ticket(sensitivity, full=full, mode=mode, ending=ending, start_awaited=awaited)
        cases.append((ticket, (filled_assignment(state, full=full),) if state else ()))
    return cases


async def _callers() -> Views:
    kinds = (ChatKind.STREET, ChatKind.MIXED, ChatKind.PRIVATE)
    for full, sensitivity, mode, kind in product(YES_NO, Sensitivity, (Mode.SELF, Mode.DIRECT), kinds):
        for ticket, parts in _cases(full, sensitivity, mode):
            shelf = Shelf(ticket=ticket, parts=parts, chat_kind=kind)
            async for view in show(shelf, Face.CALLER, SubjectKind.TICKET):
                yield view


async def _residents() -> Views:
    for full, sensitivity, mode, reader in product(YES_NO, Sensitivity, (Mode.SELF, Mode.DIRECT), (1, 2, None)):
        for ticket, parts in _cases(full, sensitivity, mode):
            shelf = Shelf(ticket=ticket, parts=parts, chat_kind=ChatKind.PRIVATE, reader=reader)
            async for view in show(shelf, Face.RESIDENT, SubjectKind.TICKET):
                yield view


async def _units() -> Views:
    for full, sensitivity, state, ending, emergency, face in product(
        YES_NO, Sensitivity, S, (None, *Ending), YES_NO, (Face.UNIT, Face.DETAIL)
    ):
        ticket = filled_ticket(sensitivity, full=full, ending=ending, emergency=emergency)
        if face is Face.DETAIL:
            ticket.text = ticket.text[:300]
        parts = (filled_assignment(state, full=full),)
        shelf = Shelf(ticket=ticket, parts=parts, uses=(PHOTO,) if full else ())
        async for view in show(shelf, face, SubjectKind.ASSIGNMENT):
            yield view


async def _answers() -> Views:
    for full, state, outcome, photos, reused in product(YES_NO, S, ("", *OUTCOMES), YES_NO, YES_NO):
        shelf = Shelf(
            ticket=filled_ticket(Sensitivity.PUBLIC, full=full),
            parts=(filled_assignment(state, full=full, report_outcome=outcome),),
            uses=(ANSWER_PHOTO,) if photos else (),
            earlier_uses=(OLD_USE,) if reused else (),
        )
        async for view in show(shelf, Face.ANSWER, SubjectKind.ASSIGNMENT):
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
            ticket=filled_ticket(sensitivity, full=full, mode=mode),
            parts=(filled_assignment(state, full=full),),
            chat_kind=kind,
            uses=(ANSWER_PHOTO,) if full else (),
            verdicts=(evaluation,) if evaluation else (),
        )
        async for view in show(shelf, Face.VERIFY, SubjectKind.ASSIGNMENT):
            yield view


async def _batches() -> Views:
    officer = frozenset({Grant(Role.STREET_OFFICER, "JL01"), Grant(Role.DEPARTMENT_LEADER, "D26")})
    for count, full in product((0, 1, 8, 12), YES_NO):
        ticket = filled_ticket(Sensitivity.PUBLIC, full=full)
        answer = filled_assignment(S.ANSWER_DRAFTED, full=full, report_text="办好了\n" * 150 if full else "")
        shelf = Shelf(ticket=ticket, waiting=(ticket,) * count, answers=(answer,) * count, held=officer)
        shelf.setting = [NOW.isoformat(), [1]] if full else None
        for face in (Face.START, Face.RELEASE):
            async for view in show(shelf, face, SubjectKind.PERSON):
                yield view


async def _requests() -> Views:
    for full, sensitivity, kind, state, known, silence in product(
        YES_NO, Sensitivity, RequestKind, RequestState, YES_NO, YES_NO
    ):
        request = a_request(kind, state, reason=f"等配件{ODD}" if full else "等", decided_by=2 if known else None)
        part = filled_assignment(S.SUSPENDED if state is RequestState.GRANTED else S.HANDLING, full=full)
        ticket = filled_ticket(sensitivity, full=full)
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
        parts = (filled_assignment(lead, full=full),) if lead else ()
        shelf = Shelf(ticket=filled_ticket(sensitivity, full=full), parts=parts, tasks=(task,))
        async for view in show(shelf, Face.HUB, SubjectKind.HUB_TASK):
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
            async for view in show(shelf, Face.EXAMPLES, SubjectKind.EXAMPLES):
                yield view


async def _boards() -> Views:
    kinds = (ChatKind.STREET, ChatKind.DEPARTMENT, ChatKind.HUB, ChatKind.PRIVATE)
    for sensitivity, state, count, overdue, kind in product(Sensitivity, (None, *S), (0, 1, 8), YES_NO, kinds):
        parts = (filled_assignment(state, full=True, due_at=NOW - timedelta(hours=overdue)),) if state else ()
        shelf = Shelf(
            ticket=filled_ticket(sensitivity, full=count == 1),
            waiting=(filled_ticket(sensitivity, full=count == 1),) * count,
            parts=parts,
            chat_kind=kind,
            board=Board(1, 1, 1, overdue, 0, NOW),
            held=frozenset({Grant(Role.STREET_OFFICER, "JL01")}),
        )
        async for view in show(shelf, Face.BOARD, SubjectKind.BOARD):
            yield view
    lost = HubTask(1, HubTaskKind.CHAT_LOST, None, None, NOW, LATER, f"7 市政中心（{ODD}）")
    for task in (lost, replace(lost, done_at=NOW, done_by=2)):
        async for view in show(Shelf(tasks=(task,)), Face.HUB, SubjectKind.HUB_TASK):
            yield view
