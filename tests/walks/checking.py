"""What may never be, in whatever order people did whatever they may; written from the design, not from the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from telegram import Update

from bot.application.loading import load_case
from bot.application.records import Face, Token
from bot.domain.chat import REPORTING_KINDS
from bot.domain.errors import Refusal
from bot.domain.events import first_bad
from bot.domain.permissions import Action
from bot.gateway.work import CURRENT, Work
from handlers.prepare import Prepared
from storage.store import SqlUnitOfWork
from storage.tables.base import metadata
from tests.support.cast import CAST, GROUPS, members
from tests.support.quiet import Quiet
from tests.walks.walking import name_of

OPEN = frozenset({"undelivered", "unsigned", "handling", "answer_drafted", "return_requested", "suspended"})
AT_WORK = OPEN | {"reported"}
LED = frozenset({"joint", "reverse", "enforcement"})
OUTLIVES = frozenset({"dispute"})
REPAINTS = frozenset({"card_refresh"})
"""Due rows that only repaint: nobody is waited for by them."""

TABLES = (
    "ticket", "assignment", "hub_task", "request", "street_question", "meeting", "referral", "street_call", "draft",
    "handover", "due",
)  # fmt: skip

NOBODY_LEFT = ("not-permitted", "no-leader")
"""How a button is refused to everybody who is left, where whoever could press it has given his roles back."""

NOT_YET = ("urge-too-soon", "call-back-asked")
"""A refusal that time alone heals, and that says until when."""

ONLY_HIS = "undo-too-late"
"""How it is refused to everybody but the one who pressed."""

SOMEBODY_ELSE = "own-correction"
"""Another has to press than who did it; whoever else could may have handed his role on."""


@dataclass
class Watch:
    """Looks after each step; remembers what it has seen, so that it need not look at everything again."""

    quiet: Quiet
    seen: dict[int, int] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    buttons_tried: int = 0
    somebody_left: bool = False

    async def faults(self, *, buttons: int = 0, somebody_left: bool = False) -> list[str]:
        """Everything that is wrong now; tries so many of the buttons that have changed since the last look."""
        self.somebody_left = somebody_left
        async with self.quiet.store.read() as uow:
            rows = {name: await _all(uow, name) for name in TABLES}
            changed = await self._changed(uow)
            wrong = _of_all(rows)
            for ticket_id in changed:
                wrong += await _of_stage(uow, rows, ticket_id)
            wrong += await self._of_cards(uow, changed)
            wrong += [f"waits without a row: {kind} of {about}" for about, kind in await uow.dues.forgotten(limit=5)]
        wrong += self._doubled()
        if buttons:
            wrong += await self._dead_buttons(buttons)
        wrong += self.quiet.faults
        self.quiet.faults.clear()
        return wrong

    async def _changed(self, uow: SqlUnitOfWork) -> list[int]:
        event = metadata.tables["event"]
        now = dict(Counter(int(row[0]) for row in await uow.db.rows(select(event.c.ticket_id))))
        found = [number for number, count in now.items() if self.seen.get(number) != count]
        self.seen = now
        return found

    async def _of_cards(self, uow: SqlUnitOfWork, changed: Iterable[int]) -> list[str]:
        """Who looks at a card sees the stage that the parts make."""
        from bot.application.telling import ticket_subject
        from bot.application.views.cards import view_of

        wrong = []
        for ticket_id in changed:
            case = await load_case(uow, ticket_id)
            for card in await uow.cards.of_subject(ticket_subject(ticket_id)):
                if card.face in {Face.CALLER, Face.RESIDENT} and not card.retired:
                    view = await view_of(uow, self.quiet.district, card, now=self.quiet.now)
                    if view is not None and view.params.get("stage", str(case.stage)) != str(case.stage):
                        wrong.append(f"{case.ticket.code}: the card says {view.params['stage']}, it is {case.stage}")
                    if card.wanted_rev > card.shown_rev and not card.dead:
                        wrong.append(f"{case.ticket.code}: its card is behind")
        return wrong

    def _doubled(self) -> list[str]:
        """The same words twice in one chat, within what one person did."""
        count = Counter((said.chat, said.text, said.keys) for said in self.quiet.messenger.fresh)
        return [f"said {n} times in {chat}: {text}" for (chat, text, _), n in count.items() if n > 1]

    async def _dead_buttons(self, most: int) -> list[str]:
        """A button on a card that is refused to everybody who sees it."""
        changed = []
        cards = await self.quiet.tokens(of_cards=True)
        for said, token in reversed(await self.quiet.shown()):
            if self.texts.get((said.chat, said.id)) != said.text and token.token in cards:
                changed.append((said, token))
        self.texts = {(said.chat, said.id): said.text for said in self.quiet.messenger.said.values()}
        wrong = []
        for said, token in changed[:most]:
            self.buttons_tried += 1
            if said.chat in GROUPS or said.chat in CAST:
                refusals = await refused_to_all(self.quiet, token, said.chat)
                if refusals and all(r.startswith(NOT_YET) for r in refusals):
                    continue
                if any(r.startswith(SOMEBODY_ELSE) for r in refusals) or _may_sit_there(token, said.chat, refusals):
                    continue
                if refusals and not (self.somebody_left and all(r.startswith(NOBODY_LEFT) for r in refusals)):
                    wrong.append(
                        f"nobody may press {name_of(token)} {token.subject} in {said.chat}: {refusals}; {said.text}"
                    )
        return wrong


def _may_sit_there(token: Token, chat: int, refusals: set[str]) -> bool:
    """Who pressed without any role may be a member of any group where people report, for all that a bot can know."""
    reporting = chat in GROUPS and GROUPS[chat][0] in REPORTING_KINDS
    return token.action is Action.UNDO and reporting and all(r.startswith(ONLY_HIS) for r in refusals)


async def refused_to_all(quiet: Quiet, token: Token, chat: int) -> set[str]:
    """The refusals, if everybody there is refused; nothing is changed by trying."""
    refusals = set()
    for user in members(chat):
        update = Update.de_json(quiet.update_of_press(user, chat, token.token), quiet.application.bot)
        async with quiet.store.begin() as uow:
            current = CURRENT.set(Work(uow, Prepared(), timedelta(0)))
            try:
                await quiet.application.process_update(update)
                return set()
            except Refusal as refusal:
                refusals.add(f"{refusal.code} {refusal.fields}"[:160])
            finally:
                CURRENT.reset(current)
    return refusals


async def _all(uow: SqlUnitOfWork, name: str) -> list[dict[str, Any]]:
    table = metadata.tables[name]
    return [dict(row._mapping) for row in await uow.db.rows(select(table))]


def _clocks(rows: dict[str, list[dict[str, Any]]]) -> set[tuple[str, int]]:
    return {(str(d["subject_kind"]), d["subject_id"]) for d in rows["due"] if str(d["kind"]) not in REPAINTS}


def _of_all(rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    clocks = _clocks(rows)
    wrong = []
    for ticket in rows["ticket"]:
        wrong += _of_ticket(ticket, rows, clocks)
    for kind, states in WAITING.items():
        for row in rows[kind]:
            held = kind == "meeting" and any(_dispatches(task, row["ticket_id"]) for task in rows["hub_task"])
            if states(row) and (kind, row["id"]) not in clocks and not held:
                wrong.append(f"{kind} {row['id']} waits and has no clock")
    for task in rows["hub_task"]:
        if task["done_at"] is None and task["ticket_id"] and ("hub_task", task["id"]) not in clocks:
            wrong.append(f"the hub's {task['kind']} {task['id']} has no clock")
    return wrong


WAITING = {
    "draft": lambda row: str(row["state"]) == "open",
    "request": lambda row: str(row["state"]) == "open",
    "street_call": lambda row: str(row["state"]) in {"open", "admission"},
    "referral": lambda row: str(row["state"]) == "open",
    "meeting": lambda row: str(row["state"]) == "called",
    "handover": lambda row: row["first"] is not None and row["ended_at"] is None,
}
"""What is waited for until it ends, each with a row of its own."""


def _dispatches(task: dict[str, Any], ticket_id: int | None) -> bool:
    """Whether the hub owes this ticket's dispatch, which the minutes of a meeting will be."""
    return task["ticket_id"] == ticket_id and task["done_at"] is None and str(task["kind"]) == "dispatch"


def _of_ticket(
    ticket: dict[str, Any], rows: dict[str, list[dict[str, Any]]], clocks: set[tuple[str, int]]
) -> list[str]:
    code, number, ending = ticket["code"], ticket["id"], ticket["ending"]
    parts = [part for part in rows["assignment"] if part["ticket_id"] == number]
    tasks = [task for task in rows["hub_task"] if task["ticket_id"] == number and task["done_at"] is None]
    others = [
        (kind, row["id"])
        for kind in ("meeting", "referral", "street_question", "request")
        for row in rows[kind]
        if row["ticket_id"] == number
    ]
    wrong = []
    held = {("ticket", number), *(("hub_task", task["id"]) for task in tasks), *others}
    for part in parts:
        key = ("assignment", part["id"])
        held.add(key)
        watched = key in clocks or any(task["assignment_id"] == part["id"] for task in tasks)
        if str(part["state"]) in AT_WORK and ending is None and not watched:
            wrong.append(f"{code}: nobody has a clock for part {part['id']}, {part['state']}")
        if ending is not None and (str(part["state"]) in AT_WORK or key in clocks):
            wrong.append(f"{code}: ended, and {part['assignee_code']} is {part['state']}, clock {key in clocks}")
        after = next((p for p in parts if p["id"] == part["yields_to"]), None)
        if str(part["state"]) in OPEN and part["yields_to"] and (after is None or after["ended_at"] is not None):
            wrong.append(f"{code}: {part['assignee_code']} waits for a successor that is gone")
    if ending is None and not held & clocks:
        wrong.append(f"{code}: nobody has a clock")
    if ending is not None:
        owed = [str(task["kind"]) for task in tasks if str(task["kind"]) not in OUTLIVES]
        wrong += [f"{code}: ended, and the hub owes {owed}"] if owed else []
        for kind in ("meeting", "referral", "request"):
            going = [row for row in rows[kind] if row["ticket_id"] == number and _goes_on(kind, row)]
            wrong += [f"{code}: ended, and a {kind} goes on"] if going else []
    leads = [p for p in parts if str(p["state"]) in AT_WORK and p["yields_to"] is None and p["is_lead"]]
    if str(ticket["mode"]) in LED and len(leads) > 1:
        wrong.append(f"{code}: {len(leads)} lead")
    return wrong


def _goes_on(kind: str, row: dict[str, Any]) -> bool:
    return str(row["state"]) in {"open", "prepared", "called"}


async def _of_stage(uow: SqlUnitOfWork, rows: dict[str, list[dict[str, Any]]], ticket_id: int) -> list[str]:
    case = await load_case(uow, ticket_id)
    parts = [part for part in rows["assignment"] if part["ticket_id"] == ticket_id]
    tasks = [task for task in rows["hub_task"] if task["ticket_id"] == ticket_id and task["done_at"] is None]
    ticket = next(row for row in rows["ticket"] if row["id"] == ticket_id)
    stage = _stage(ticket, {str(part["state"]) for part in parts}, {str(task["kind"]) for task in tasks})
    wrong = [] if str(case.stage) == stage else [f"{ticket['code']}: the stage is {case.stage}, by its parts {stage}"]
    if first_bad(await uow.events.of_ticket(ticket_id)) is not None:
        wrong.append(f"{ticket['code']}: the chain is broken")
    return wrong


def _stage(ticket: dict[str, Any], states: set[str], owed: set[str]) -> str:
    """Section 4 of the design, written a second time."""
    if ticket["ending"] is not None:
        return str(ticket["ending"])
    if ticket["start_awaited"]:
        return "calling"
    if states & OPEN:
        return "handling"
    if "reported" in states:
        return "verifying"
    return "dispatching" if "accepted" not in states or "dispatch" in owed else "closed"
