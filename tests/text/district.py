"""A district of three items and two units, and the rows that views read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, Board, Card, DraftPresence, Face, Subject, SubjectKind
from bot.calendar_files import default_calendar
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.catalogue import Catalogue, Community, Department, FirstHandler, Item, Street, Unit
from bot.domain.chat import Chat, ChatKind
from bot.domain.correction import Correction
from bot.domain.draft import Draft, DraftState
from bot.domain.evaluation import Evaluation
from bot.domain.hub_task import HubTask
from bot.domain.meeting import Invitation, Meeting
from bot.domain.party import Party, PartyKind
from bot.domain.people import Grant, Person, Role
from bot.domain.referral import Referral
from bot.domain.request import Request, RequestKind, RequestState
from bot.domain.returning import Ruling
from bot.domain.rules import Rules
from bot.domain.situation import Entry, Situation
from bot.domain.street_call import StreetCall, StreetItem
from bot.domain.street_question import StreetQuestion
from bot.domain.ticket import Level, Mode, Sensitivity, Ticket

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOW + timedelta(hours=2)
CODE = "JL-20261123-0007"
ODD = 'O\'Neil & <b>"co"</b>'
"""What people may write that markup must not swallow: each of ' & < > \" and a tag."""

ODD_ESCAPED = "O&#39;Neil &amp; &lt;b&gt;&#34;co&#34;&lt;/b&gt;"


def an_item(code: str = "SZ-03", **changes: object) -> Item:
    values: dict[str, object] = {
        "code": code,
        "domain": "市政设施",
        "name": "道路井盖缺损",
        "scope": "",
        "out_of_scope": "",
        "lead": "市政中心",
        "support": ("通信企业",),
        "street_duty": "放警示桩并看护，辨认井盖权属",
        "first_handler": FirstHandler.DEPARTMENT,
        "level": Level.ORDINARY,
        "sign_limit": "1紧急工作时",
        "handle_limit": "2紧急工作时",
        "emergency": False,
        "enforcement": False,
        "sensitivity": Sensitivity.PUBLIC,
        "resident_reportable": True,
        "legal_basis": "",
    }
    return Item(**(values | changes))  # type: ignore[arg-type]


ITEMS = {
    item.code: item
    for item in (
        an_item(),
        an_item("SR-01", sign_limit="1工作时", handle_limit="3工作日", street_duty="", name="街面保洁与暴露垃圾"),
        an_item("SZ-08", emergency=True, name="燃气泄漏"),
        an_item("XX-01", sensitivity=Sensitivity.SENSITIVE, name="家庭暴力", domain="妇儿保护"),
        an_item("XX-02", sensitivity=Sensitivity.LIMITED, name="群租与出租房管理"),
    )
}
CATALOGUE = Catalogue(
    version=1,
    items=ITEMS,
    departments={
        "D26": Department("D26", "区市政管护中心", "市政中心", (), "部门"),
        "D31": Department("D31", "区通信企业", "通信企业", (), "国企"),
    },
    units={
        "D26": Unit("D26", "D26", "", "区市政管护中心", "000-5550-0126", "值班室"),
        "D31": Unit("D31", "D31", "", "区通信企业", "", "值班室"),
    },
    streets={"JL01": Street("JL01", "望澜街道", (Community("JL0101", "柳荫社区", "JL01", 4),))},
)
STREET_ITEM = StreetItem("JD-01", "协助入户走访和通知居民", "通知居民", (), "2工作时", "2工作日", "清单第1条")
APPROVERS = (frozenset({"list_office", "D26"}), frozenset({"hub", "district_leader"}))
DISTRICT = District(
    CATALOGUE,
    default_calendar(),
    Rules(
        standing_title="分管副书记陈某",
        street_items={"JD-01": STREET_ITEM},
        street_call_clause="街道配合事项清单",
        approvers=APPROVERS,
    ),
)


def a_ticket(**changes: object) -> Ticket:
    values: dict[str, object] = {
        "id": 1,
        "code": CODE,
        "mode": Mode.DIRECT,
        "level": Level.ORDINARY,
        "item": "SZ-03",
        "item_name": "道路井盖缺损",
        "catalogue_version": 1,
        "sensitivity": Sensitivity.PUBLIC,
        "emergency": False,
        "text": "盖子没了，老人差点踩空",
        "place": "柳荫路45号门口",
        "street": "JL01",
        "community": "JL0101",
        "caller": Party(PartyKind.STREET, "JL01"),
        "reporter_id": 1,
        "created_at": NOW - timedelta(hours=3),
    }
    return Ticket(**(values | changes))  # type: ignore[arg-type]


def an_assignment(state: AssignmentState = AssignmentState.HANDLING, **changes: object) -> Assignment:
    values: dict[str, object] = {
        "id": 1,
        "ticket_id": 1,
        "assignee": Party(PartyKind.DEPARTMENT, "D26"),
        "state": state,
        "round": 1,
        "sign_limit": "1紧急工作时",
        "handle_limit": "2紧急工作时",
        "dispatched_at": NOW - timedelta(hours=2),
        "clock_start": NOW - timedelta(hours=2),
        "sign_due_at": None,
        "due_at": None,
    }
    return Assignment(**(values | changes))  # type: ignore[arg-type]


FULL_ASSIGNMENT: dict[str, object] = {
    "round": 2,
    "sign_due_at": LATER,
    "due_at": LATER,
    "provisional": True,
    "signed_at": NOW - timedelta(days=1),
    "signed_by": 2,
    "handler_name": ODD,
    "reported_at": NOW,
    "report_text": "更换井盖并加固",
    "report_public": f"井盖已更换，感谢反映。{ODD}",
    "report_outcome": "partly",
    "last_progress": "已到现场",
    "task": f"更换井盖{ODD}",
    "last_progress_at": NOW - timedelta(hours=1),
}


def a_draft(**changes: object) -> Draft:
    values: dict[str, object] = {
        "id": 1,
        "state": DraftState.OPEN,
        "author_id": 1,
        "chat_id": 1,
        "message_id": 5,
        "text": "柳荫路45号井盖没了",
        "place": "柳荫路45号门口",
        "street": "JL01",
        "community": "JL0101",
        "caller": Party(PartyKind.STREET, "JL01"),
        "created_at": NOW,
        "updated_at": NOW,
        "item": "SZ-03",
        "candidates": ["SZ-03", "SR-01", "SZ-08"],
        "sure": True,
    }
    return Draft(**(values | changes))  # type: ignore[arg-type]


def a_request(kind: RequestKind, state: RequestState = RequestState.OPEN, **changes: object) -> Request:
    values: dict[str, object] = {
        "id": 1,
        "kind": kind,
        "ticket_id": 1,
        "assignment_id": 1,
        "round": 1,
        "reason": "等配件",
        "amount": "2紧急工作时" if kind is RequestKind.EXTENSION else "",
        "until": LATER if kind is RequestKind.SUSPENSION else None,
        "asked_by": 1,
        "asked_at": NOW - timedelta(hours=1),
        "decide_by": LATER,
        "state": state,
        "decided_at": None if state is RequestState.OPEN else NOW,
    }
    return Request(**(values | changes))  # type: ignore[arg-type]


def a_card(face: Face, kind: SubjectKind) -> Card:
    return Card(id=1, subject=Subject(kind, 1), chat_id=1, face=face)


@dataclass
class Shelf:
    """The reading side of a unit of work over a handful of values: every row is found by any id."""

    ticket: Ticket | None = None
    parts: tuple[Assignment, ...] = ()
    tasks: tuple[HubTask, ...] = ()
    draft: Draft | None = None
    chat_kind: ChatKind = ChatKind.STREET
    held: frozenset[Grant] = frozenset()
    uses: tuple[AttachmentUse, ...] = ()
    earlier_uses: tuple[AttachmentUse, ...] = ()
    verdicts: tuple[Evaluation, ...] = ()
    waiting: tuple[Ticket, ...] = ()
    answers: tuple[Assignment, ...] = ()
    similar: tuple[Ticket, ...] = ()
    board: Board | None = None
    rulings: tuple[Ruling, ...] = ()
    questions: tuple[StreetQuestion, ...] = ()
    reader: int | None = 1
    requests: tuple[Request, ...] = ()
    street_call: StreetCall | None = None
    situation: Situation | None = None
    log: tuple[Entry, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    invited: tuple[Invitation, ...] = ()
    cards: tuple[Card, ...] = ()
    referrals: tuple[Referral, ...] = ()
    corrections: tuple[Correction, ...] = ()
    released: tuple[Correction, ...] = ()
    setting: object = None

    def as_uow(self) -> UnitOfWork:
        people = {1: Person(1, 101, ODD), 2: Person(2, 102, "张工")}
        found = SimpleNamespace(
            tickets=SimpleNamespace(
                get=_always(self.ticket),
                by_code=_always(self.ticket),
                awaiting_start=_always(self.waiting),
                similar=_always(self.similar),
                listed=_always(self.waiting),
                open_in=_always(self.waiting),
                joined_counts=_always({1: 2}),
            ),
            boards=SimpleNamespace(get=_always(self.board)),
            assignments=SimpleNamespace(
                get=_always(next(iter(self.parts), None)),
                of_ticket=_always(self.parts),
                of_tickets=_always({1: self.parts}),
                open_of=_always(self.parts * len(self.waiting)),
                answers_to_release=_always(self.answers),
            ),
            meetings=SimpleNamespace(get=_always(next(iter(self.meetings), None)), of_ticket=_always(self.meetings)),
            invitations=SimpleNamespace(get=_always(next(iter(self.invited), None)), of_meeting=_always(self.invited)),
            referrals=SimpleNamespace(
                get=_always(next(iter(self.referrals), None)),
                of_ticket=_always(self.referrals),
                ordered_by=_always(3 if self.referrals else 0),
            ),
            cards=SimpleNamespace(of_subject=_always(self.cards)),
            hub_tasks=SimpleNamespace(
                get=_always(next(iter(self.tasks), None)),
                of_ticket=_always(self.tasks),
                of_tickets=_always({1: ()}),
                open=_always(self.tasks),
            ),
            rulings=SimpleNamespace(of_ticket=_always(self.rulings), of_item=_always(self.rulings)),
            street_questions=SimpleNamespace(of_ticket=_always(self.questions)),
            presences=SimpleNamespace(at_draft=_always(self._at_draft(people))),
            drafts=SimpleNamespace(get=_always(self.draft), by_message=_always(self.draft)),
            street_calls=SimpleNamespace(get=_always(self.street_call)),
            situations=SimpleNamespace(get=_always(self.situation), entries=_always(self.log)),
            chats=SimpleNamespace(
                get=_always(Chat(1, -100, self.chat_kind)), bound=_always((Chat(1, -100, self.chat_kind),))
            ),
            people=SimpleNamespace(
                get=_by_id(people),
                grants=_always(self.held),
                in_private_chat=_always(people.get(self.reader or 0)),
                holding=_always(()),
                resting=_always(((people[2], Grant(Role.LIAISON, "D26")),)),
            ),
            attachments=SimpleNamespace(of=_always(self.uses), used=_always(self.earlier_uses)),
            requests=SimpleNamespace(
                get=_always(next(iter(self.requests), None)), of_assignment=_always(self.requests)
            ),
            evaluations=SimpleNamespace(of_ticket=_always(self.verdicts)),
            corrections=SimpleNamespace(waiting=_always(self.corrections), released=_always(self.released)),
            settings=SimpleNamespace(get=_always(self.setting)),
            events=SimpleNamespace(of_ticket=_always(()), texts_of=_always({(1, "reason"): ODD})),
        )
        return cast(UnitOfWork, found)

    def _at_draft(self, people: Mapping[int, Person]) -> DraftPresence | None:
        if self.draft is None:
            return None
        author = people.get(self.draft.author_id)
        return DraftPresence(self.draft, author, self.held, Chat(1, -100, self.chat_kind))


def _always(value: object) -> Callable[..., Awaitable[object]]:
    async def found(*_: object, **__: object) -> object:
        return value

    return found


def _by_id(people: dict[int, Person]) -> Callable[[int], Awaitable[Person | None]]:
    async def found(person_id: int) -> Person | None:
        return people.get(person_id)

    return found
