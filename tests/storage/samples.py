"""Values that say something in every field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.application.records import (
    Button,
    Card,
    Face,
    OutboxStatus,
    Outgoing,
    Priority,
    Subject,
    SubjectKind,
)
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.catalogue import Catalogue, Community, Department, FirstHandler, Item, Street, Unit
from bot.domain.correction import Correction, Origin
from bot.domain.draft import Draft, DraftState
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.party import Party, PartyKind
from bot.domain.permissions import Action
from bot.domain.request import Request, RequestKind, RequestState
from bot.domain.ticket import Ending, Level, Mode, Sensitivity, Ticket

NOW = datetime(2026, 11, 22, 1, 30, 15, 123456, tzinfo=UTC)
TICKET = Subject(SubjectKind.TICKET, 7)
DRAFT = Subject(SubjectKind.DRAFT, 3)


def later(**much: float) -> datetime:
    return NOW + timedelta(**much)


def a_draft(author_id: int, chat_id: int, **other: Any) -> Draft:
    values: dict[str, Any] = {
        "id": 0,
        "state": DraftState.OPEN,
        "author_id": author_id,
        "chat_id": chat_id,
        "message_id": 11,
        "text": "3号楼前 <井盖> 坏了 & 有人摔倒",
        "place": "3号楼前",
        "street": "JL01",
        "community": "JL0103",
        "caller": Party(PartyKind.COMMUNITY, "JL0103"),
        "created_at": NOW,
        "updated_at": later(seconds=5),
        "item": "SC-01",
        "candidates": ["SC-01", "SC-02"],
        "sure": True,
        "danger": True,
        "asked": True,
        "choosing": True,
        "photo_hashes": ["a" * 64],
        "message_ids": [11, 12],
        "media_group": "album-1",
        "ticket_id": 99,
        "segments": [{"text": "井盖坏了", "place": "", "candidates": ["SC-01"]}],
        "split_from": 98,
        "discreet": True,
        "turn": 2,
    }
    return Draft(**(values | other))


def a_ticket(reporter_id: int, chat_id: int | None = None, **other: Any) -> Ticket:
    values: dict[str, Any] = {
        "id": 0,
        "code": "",
        "mode": Mode.DIRECT,
        "level": Level.COMPLEX,
        "item": "SC-01",
        "item_name": "井盖缺失破损",
        "catalogue_version": 4,
        "sensitivity": Sensitivity.LIMITED,
        "emergency": True,
        "text": "井盖坏了",
        "place": "3号楼前",
        "street": "JL01",
        "community": "JL0103",
        "caller": Party(PartyKind.STREET, "JL01"),
        "reporter_id": reporter_id,
        "created_at": NOW,
        "origin_chat_id": chat_id,
        "origin_message_id": 11,
        "danger": True,
        "start_authority": "standing",
        "street_action": "先围挡",
        "merged_into": 5,
        "split_from": 6,
        "foreign_ids": {"12345": "A-1"},
        "supervised": True,
        "ordered_by": 7,
        "start_since": NOW,
        "start_due_at": later(hours=2),
        "start_ladder": [{"at": "due", "tells": ["deputy"]}],
    }
    return Ticket(**(values | other))


ENDED: dict[str, Any] = {"ending": Ending.MERGED, "ended_at": later(days=1), "start_awaited": True}


def a_request(assignment: Assignment, **other: Any) -> Request:
    values: dict[str, Any] = {
        "id": 0,
        "kind": RequestKind.SUSPENSION,
        "ticket_id": assignment.ticket_id,
        "assignment_id": assignment.id,
        "round": 2,
        "reason": "等产权单位 & 停水",
        "amount": "2工作日",
        "until": later(days=3),
        "asked_by": 5,
        "asked_at": NOW,
        "decide_by": later(hours=4),
        "state": RequestState.GRANTED,
        "decided_at": later(hours=1),
        "decided_by": 6,
        "ended_at": later(hours=2),
    }
    return Request(**(values | other))


def an_assignment(ticket_id: int, **other: Any) -> Assignment:
    values: dict[str, Any] = {
        "id": 0,
        "ticket_id": ticket_id,
        "assignee": Party(PartyKind.UNIT, "D34-JL03"),
        "state": AssignmentState.UNSIGNED,
        "round": 2,
        "sign_limit": "0.5紧急工作时",
        "handle_limit": "3工作日",
        "dispatched_at": NOW,
        "clock_start": later(minutes=11),
        "sign_due_at": later(hours=1),
        "due_at": later(days=3),
        "provisional": True,
        "is_lead": False,
        "prior_state": AssignmentState.UNDELIVERED,
        "delivered_at": later(minutes=1),
        "signed_at": later(minutes=2),
        "signed_by": 21,
        "handler_id": 22,
        "handler_name": "李强",
        "reported_at": later(hours=2),
        "reported_by": 23,
        "report_text": "已更换井盖",
        "report_public": "已处理",
        "report_outcome": "done",
        "last_progress": "已到现场",
        "last_progress_at": later(hours=1),
        "last_mover": 24,
        "last_moved_at": later(hours=2),
        "ladder": [{"at": "50%", "tell": "liaison"}],
        "task": "更换井盖",
        "set_out_at": later(minutes=3),
        "arrived_at": later(minutes=20),
        "yields_to": 25,
        "word_owed": True,
    }
    return Assignment(**(values | other))


def a_hub_task(**other: Any) -> HubTask:
    values: dict[str, Any] = {
        "id": 0,
        "kind": HubTaskKind.DISPATCH,
        "ticket_id": None,
        "assignment_id": None,
        "created_at": NOW,
        "due_at": later(hours=2),
        "note": "无人值班",
        "claimed_by": 32,
        "claimed_until": later(minutes=10),
        "time_limit": "2工作时",
        "ladder": [{"at": "due", "tells": ["dispatcher"]}],
    }
    return HubTask(**(values | other))


def an_outgoing(chat_id: int, **other: Any) -> Outgoing:
    values: dict[str, Any] = {
        "kind": "unit-called",
        "chat_id": chat_id,
        "params": {"code": "JL-20261122-0007", "n": 3, "tags": ["急"]},
        "buttons": ((Button("sign", Action.SIGN, TICKET, "x", {"n": 1}, "https://example.org"),), ()),
        "subject": TICKET,
        "reply_to": 44,
        "silent": True,
        "priority": Priority.EMERGENCY,
        "dedupe_key": "ticket:7:called",
        "locale": "zh",
        "attachment_hashes": ("a" * 64, "b" * 64),
        "not_before": later(minutes=-1),
        "status": OutboxStatus.QUEUED,
        "attempts": 1,
        "available_at": 10.5,
        "sent_text": "旧文",
        "message_id": 77,
        "last_error": "timeout",
        "created_at": NOW,
    }
    return Outgoing(**(values | other))


def a_correction(**other: Any) -> Correction:
    """Somebody chose another item."""
    values: dict[str, Any] = {
        "id": 0,
        "text": "井盖没了",
        "item": "SZ-03",
        "origin": Origin.CHANGE_ITEM,
        "subject_kind": SubjectKind.DRAFT,
        "subject_id": 3,
        "by": None,
        "at": NOW,
        "was": "ZF-03",
    }
    return Correction(**(values | other))


def a_card(chat_id: int, **other: Any) -> Card:
    values: dict[str, Any] = {"id": 0, "subject": TICKET, "chat_id": chat_id, "face": Face.UNIT}
    return Card(**(values | other))


def a_catalogue() -> Catalogue:
    item = Item(
        code="SC-01",
        domain="市容",
        name="井盖缺失",
        scope="道路井盖",
        out_of_scope="小区内",
        lead="城管局",
        support=("水务局", "交警"),
        street_duty="先围挡",
        first_handler=FirstHandler.STREET,
        level=Level.GRAVE,
        sign_limit="0.5紧急工作时",
        handle_limit="3工作日",
        emergency=True,
        enforcement=True,
        sensitivity=Sensitivity.SENSITIVE,
        resident_reportable=True,
        legal_basis="条例第三条",
    )
    communities = (Community("JL0102", "兰亭社区", "JL01", 4), Community("JL0101", "金桥社区", "JL01", 5))
    department = Department("D01", "城市管理局", "城管局", ("城管", "市容局"), "部门")
    return Catalogue(
        version=0,
        items={"SC-02": _renamed(item, "SC-02"), "SC-01": item},
        departments={"D01": department},
        units={"D01-JL01": Unit("D01-JL01", "D01", "JL01", "城管一中队", "12345678", "值班队长")},
        streets={"JL01": Street("JL01", "金兰街道", communities), "JL02": Street("JL02", "锦绣街道", ())},
        name="2026年11月",
    )


def _renamed(item: Item, code: str) -> Item:
    values = {name: getattr(item, name) for name in item.__slots__}
    return Item(**(values | {"code": code, "support": ()}))
