"""The caller's card of a ticket, and a resident's parcel-like timeline (text 10)."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.withdraw_ticket import is_signed, speaks_for_caller
from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.lookups.follow_ticket import feedback_on
from bot.application.people.identify import identify, ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card
from bot.application.requests.granting import deciding
from bot.application.telling import assignment_subject, ticket_subject
from bot.application.views.requests import decision_buttons, time_asked
from bot.application.views.undoing import BY_CALLER, BY_RESIDENT, undo_button
from bot.application.views.view import View, assignment_params, parts_params, rows, ticket_params
from bot.application.ways.refer_up import open_referral
from bot.domain.assignment import AssignmentState
from bot.domain.chat import Chat, ChatKind
from bot.domain.commanding import is_commandable
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind
from bot.domain.masking import mask
from bot.domain.meeting import MeetingKind, MeetingState
from bot.domain.party import PartyKind
from bot.domain.permissions import Action, may
from bot.domain.ticket import Ending, Mode, Sensitivity, Stage

REFERABLE = frozenset({Stage.CALLING, Stage.DISPATCHING, Stage.HANDLING})
"""When the street may lay it before its district leader."""


async def caller_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View:
    """How the matter stands, for the group that called; whole only in a private chat."""
    case = await load_case(uow, card.subject.id)
    chat = await uow.chats.get(card.chat_id)
    private = chat is not None and chat.kind is ChatKind.PRIVATE
    params = ticket_params(district, case.ticket, whole=private)
    lead = case.lead
    if lead is not None:
        params |= assignment_params(district, lead)
        if case.ticket.sensitivity is Sensitivity.SENSITIVE and not private:
            params |= {"progress": "", "report": "", "public": "", "handler": ""}
        signer = await uow.people.get(lead.signed_by) if lead.signed_by else None
        params["signer"] = signer.known_as if signer else ""
    params["stage"] = str(case.stage)
    params["kept"] = case.ticket.mode is Mode.SELF
    params["parts"] = parts_params(district, case)
    called = [m for m in await uow.meetings.of_ticket(case.ticket.id) if m.state is MeetingState.CALLED]
    waiting = await open_referral(uow, case.ticket.id) if case.ticket.ending is None else None
    params["referred_until"] = waiting.due_at if waiting else None
    to_spot = bool(called) and called[-1].kind is MeetingKind.CALL_OUT
    params["meeting_at"] = called[-1].begins_at if called else None
    params["spot_at"] = called[-1].answers_by if to_spot else None
    params["reason"] = await _reason(uow, case) if case.stage is Stage.WITHDRAWN else ""
    params["disputed"] = lead is not None and lead.state is AssignmentState.RETURN_REQUESTED
    asked, request = await time_asked(uow, lead, case.ticket, whole=private)
    params |= asked
    key = "caller-card-brief" if chat is not None and chat.kind is ChatKind.MIXED else "caller-card"
    in_street = chat is not None and chat.kind is ChatKind.STREET
    kept_here = {EventKind.REPORTED_BACK} if case.ticket.mode is Mode.SELF else set()
    undo = await undo_button(uow, district, case.ticket.id, BY_CALLER | kept_here, now, seen_in=card.chat_id)
    decides = chat is None or await _decides(uow, district, case, chat)
    buttons = _buttons(case, undo, in_street=in_street, decides=decides)
    if in_street and case.ticket.ending is None:
        buttons = rows(*buttons, [_command(district, case)])
    if request is not None and lead is not None and key == "caller-card":
        action = deciding(district, case.ticket, lead, request.kind)
        if action is Action.GRANT_EXTENSION:
            buttons = rows(decision_buttons(request, action), *buttons)
    if chat is not None and private:
        buttons = await _for_owner(uow, district, case, chat, buttons)
    return View(key, params, buttons)


async def _for_owner(
    uow: UnitOfWork, district: District, case: Case, chat: Chat, buttons: tuple[tuple[Button, ...], ...]
) -> tuple[tuple[Button, ...], ...]:
    """Whoever reported it in private may have handed his role on since, and the report to another reporter."""
    owner = await uow.people.in_private_chat(chat.id)
    if owner is None:
        return ()
    actor = identify(district, owner, await uow.people.grants(owner.id), chat)
    target = ticket_target(case.ticket, district.catalogue, case.assignments)
    his = {Action.UNDO} | ({Action.WITHDRAW} if case.ticket.origin_chat_id == chat.id else set())
    return rows(*([b for b in row if b.action in his or may(actor, b.action, target)] for row in buttons))


async def _reason(uow: UnitOfWork, case: Case) -> str:
    """Why it was withdrawn, for all who see the card: nothing of that is quiet."""
    reasons = [
        text for (_, name), text in sorted((await uow.events.texts_of(case.ticket.id)).items()) if name == "reason"
    ]
    return mask(reasons[-1]) if reasons and case.ticket.sensitivity is Sensitivity.PUBLIC else ""


async def _decides(uow: UnitOfWork, district: District, case: Case, chat: Chat) -> bool:
    """Whether whoever speaks for the caller reads along."""
    target = ticket_target(case.ticket, district.catalogue)
    if chat.kind is not ChatKind.PRIVATE:
        return chat.of in target.streets and chat.kind in {ChatKind.STREET, ChatKind.DEPARTMENT}
    owner = await uow.people.in_private_chat(chat.id)
    return owner is not None and speaks_for_caller(await uow.people.grants(owner.id), target)


def _buttons(case: Case, undo: Button | None, *, in_street: bool, decides: bool) -> tuple[tuple[Button, ...], ...]:
    subject = ticket_subject(case.ticket.id)
    if case.ticket.ending is not None:
        closed = decides and case.ticket.ending is Ending.CLOSED
        return rows([undo, Button("button-reopen", Action.REOPEN, subject) if closed else None])
    if case.stage is Stage.VERIFYING:
        return rows([undo])
    own = case.ticket.mode is Mode.SELF and case.lead is not None and case.lead.is_open
    urge = Button("button-urge", Action.URGE, subject) if case.stage is Stage.HANDLING and not own else None
    done = convert = resume = None
    if own and case.lead is not None:
        if in_street and case.lead.state is AssignmentState.SUSPENDED:
            resume = Button("button-resume", Action.RESUME, assignment_subject(case.lead.id))
        done = Button("button-finish-own", Action.FINISH_OWN, assignment_subject(case.lead.id))
        convert = Button("button-convert", Action.CONVERT, subject)
    withdraw = Button("button-withdraw", Action.WITHDRAW, subject) if decides or not is_signed(case) else None
    # what a department asks of a street is no resident's matter
    public = case.ticket.sensitivity is not Sensitivity.SENSITIVE and case.ticket.mode is not Mode.TWO_WAY
    link = Button("button-resident-link", Action.FOLLOW, subject) if public else None
    over = None
    if in_street and case.ticket.caller.kind is PartyKind.COMMUNITY:
        over = Button("button-take-over", Action.TAKE_OVER, subject)
    up = (
        Button("button-refer-up", Action.REFER_UP, subject)
        if in_street and not own and case.stage in REFERABLE
        else None
    )
    return rows([done, resume, convert, urge], [withdraw, link], [over, up], [undo])


def _command(district: District, case: Case) -> Button | None:
    """`执法调度` where the list gives the item to enforcement; then `呼应` as long as somebody is on the way."""
    subject = ticket_subject(case.ticket.id)
    if case.ticket.mode is Mode.ENFORCEMENT and case.stage is Stage.HANDLING:
        return Button("button-further", Action.COMMAND, subject, arg="further")
    commandable = is_commandable(district.catalogue, district.rules.enforcement, case.ticket)
    return Button("button-command", Action.COMMAND, subject) if commandable and case.stage in REFERABLE else None


async def resident_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View:
    """Public progress: no person's name, no internal words."""
    case = await load_case(uow, card.subject.id)
    ticket, lead = case.ticket, case.lead
    reporter = await uow.people.in_private_chat(card.chat_id)
    own = ticket.origin_chat_id == card.chat_id or (reporter is not None and reporter.id == ticket.reporter_id)
    params = ticket_params(district, ticket, whole=own)
    params |= {"stage": str(case.stage), "created_at": ticket.created_at, "kept": ticket.mode is Mode.SELF}
    params["parts"] = [{"unit": part["unit"], "stands": part["stands"]} for part in parts_params(district, case)]
    buttons: list[list[Button | None]] = []
    if lead is not None:
        params |= assignment_params(district, lead)
        unit = district.catalogue.units.get(lead.assignee.code)
        params |= {"phone": unit.duty_phone if unit else "", "dispatched_at": lead.dispatched_at}
        params["report"] = ""
        params["feedback"] = await feedback_on(uow, lead, reporter.id) if reporter is not None else ""
        if case.stage is Stage.VERIFYING and not params["feedback"]:
            subject = assignment_subject(lead.id)
            buttons.append([Button(f"button-{v}", Action.EVALUATE, subject, arg=str(v)) for v in Verdict])
    if ticket.ending is None:
        subject = ticket_subject(ticket.id)
        more = [
            Button("button-add-words", Action.ADD_WORDS, subject),
            Button("button-call-back", Action.CALL_BACK, subject),
        ]
        withdraw = Button("button-withdraw", Action.WITHDRAW, subject) if own and not is_signed(case) else None
        buttons.append([*more, withdraw])
    if reporter is not None:
        by, here = reporter.id, card.chat_id
        buttons.append([await undo_button(uow, district, ticket.id, BY_RESIDENT, now, seen_in=here, by=by)])
    return View("resident-card", params, rows(*buttons))
