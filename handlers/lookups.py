"""Commands that only look: status, mine, why, item, help."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.application.clocks.assignment_clocks import handling_due
from bot.application.loading import Case, load_case
from bot.application.lookups.find_ticket import code_in, find_ticket, may_see, ticket_id_of
from bot.application.lookups.follow_ticket import link_for, share_link
from bot.application.people.identify import ticket_target
from bot.application.records import Subject, SubjectKind, Token
from bot.application.views.others import each_to_release, each_to_start
from bot.application.views.view import assignment_params, parts_params, shown_place, ticket_params
from bot.domain import deadlines, routing
from bot.domain.assignment import Assignment
from bot.domain.catalogue import Item
from bot.domain.chat import ChatKind
from bot.domain.errors import TicketNotFound
from bot.domain.people import Role
from bot.domain.permissions import Action, may
from bot.domain.request import Request, RequestKind, RequestState
from bot.domain.ticket import Sensitivity, Ticket
from handlers.turn import Turn

SHOWN = 10
HELP_OF = {
    Role.STREET_OFFICER: "help-officer",
    Role.DEPARTMENT_LEADER: "help-leader",
    Role.DISPATCHER: "help-hub",
    Role.DISTRICT_LEADER: "help-district",
    Role.LIST_OFFICE: "help-list-office",
    Role.LIAISON: "help-liaison",
    Role.DELEGATE: "help-delegate",
    Role.GRID_WORKER: "help-worker",
}
"""What a person of that role can do where he is by himself, the furthest-reaching role first."""

HELP = {
    ChatKind.STREET: "help-street",
    ChatKind.COMMUNITY: "help-street",
    ChatKind.MIXED: "help-street",
    ChatKind.DEPARTMENT: "help-unit",
    ChatKind.ENFORCEMENT: "help-enforcement",
    ChatKind.HUB: "help-hub",
    ChatKind.LEADERS: "help-leaders",
    ChatKind.PRIVATE: "help-private",
    ChatKind.UNBOUND: "help-unbound",
}


async def status_command(turn: Turn, rest: str) -> None:
    """`/status [编号]`; without a code the ticket that was replied to, else everything of one's own."""
    subject = turn.prepared.subject
    if rest:
        code = code_in(rest)
        if not code:
            raise TicketNotFound()
        ticket = await find_ticket(turn.uow, turn.district, turn.actor, code, now=turn.now)
        await show_status(turn, ticket.id)
    elif subject is not None and (ticket_id := await ticket_id_of(turn.uow, subject)):
        await show_status(turn, ticket_id)
    else:
        await mine_command(turn, "")


async def show_status(turn: Turn, ticket_id: int) -> None:
    """One line of where it stands, for those who may know."""
    case = await load_case(turn.uow, ticket_id)
    if not await may_see(turn.uow, turn.district, turn.actor, case.ticket):
        raise TicketNotFound(code=case.ticket.code)
    own = turn.chat.kind is ChatKind.PRIVATE and case.ticket.reporter_id == turn.person.id
    params = ticket_params(turn.district, case.ticket, whole=own)
    if case.lead is not None:
        params |= assignment_params(turn.district, case.lead)
    if params["sensitive"] and not own:
        params |= {"progress": "", "report": "", "public": "", "handler": ""}
    params["parts"] = _parts(turn, case)
    params["stage"] = str(case.stage)
    params["stage_words"] = turn.word(f"stage-{case.stage}")
    params["text"] = await _link_to(turn, case.ticket)
    await turn.reply("status", params, subject=Subject(SubjectKind.TICKET, ticket_id))


async def _link_to(turn: Turn, ticket: Ticket) -> str:
    shown_in = {ChatKind.PRIVATE, ChatKind.STREET, ChatKind.COMMUNITY}
    target = ticket_target(ticket, turn.district.catalogue)
    open_matter = ticket.sensitivity is not Sensitivity.SENSITIVE and ticket.ending is None
    if turn.chat.kind not in shown_in or not open_matter or not may(turn.actor, Action.FOLLOW, target):
        return ""
    return deep_link(turn, await link_for(turn.uow, ticket.code, now=turn.now))


def _parts(turn: Turn, case: Case) -> list[dict[str, object]]:
    """Each unit's part in a word, where there are several."""
    told = ("unit", "state", "stands", "is_lead", "due_at", "provisional")
    return [{name: part[name] for name in told} for part in parts_params(turn.district, case)]


def _line(turn: Turn, case: Case) -> dict[str, object]:
    ticket = case.ticket
    hidden = ticket.sensitivity is Sensitivity.SENSITIVE and ticket.reporter_id != turn.person.id
    return {
        "code": ticket.code,
        "item_name": "" if hidden else ticket.item_name,
        "place": shown_place(turn.district, ticket),
        "stage_words": turn.word(f"stage-{case.stage}"),
        "parts": [] if hidden else _parts(turn, case),
        "due_at": case.lead.due_at.isoformat() if case.lead and case.lead.due_at else None,
    }


async def mine_command(turn: Turn, rest: str) -> None:
    """`/mine`: what this person reported or follows, in private (in a group only his public matters)."""
    tickets = await turn.uow.tickets.of_person(turn.person.id, limit=SHOWN)
    if turn.chat.is_group:
        tickets = [t for t in tickets if t.sensitivity is Sensitivity.PUBLIC and t.origin_chat_id == turn.chat.id]
    cases = [_line(turn, await load_case(turn.uow, ticket.id)) for ticket in tickets]
    await turn.reply("mine", cases=cases)


async def item_command(turn: Turn, rest: str) -> None:
    """`/item 关键词`: who is responsible, how long, whom to ring."""
    word = rest.strip()
    if not word:
        await turn.reply("item-ask")
        return
    found = await matching_items(turn, word)
    if not found:
        await turn.reply("item-not-found", word="" if turn.chat.is_group else word[:20])
        return
    await turn.reply("item-found", items=[_item_params(turn, item) for item in found[:3]])


async def matching_items(turn: Turn, word: str) -> list[Item]:
    """By code, name, scope, then by what the words are understood to mean."""
    items = turn.district.catalogue.items
    if word.upper() in items:
        return [items[word.upper()]]
    named = [item for item in items.values() if word in item.name]
    scoped = [item for item in items.values() if word in item.scope and item not in named]
    if named or scoped:
        return named + scoped
    understood = turn.prepared.understood
    guesses = understood.items if understood else ()
    return [items[guess.code] for guess in guesses[:2] if guess.code in items and guess.confidence > 0.2]


def _item_params(turn: Turn, item: Item) -> dict[str, object]:
    catalogue = turn.district.catalogue
    homes = [turn.chat.of[:4], *(grant.of[:4] for grant in turn.actor.grants)]
    street = next((home for home in homes if home in catalogue.streets), "")
    unit = routing.lead_unit(catalogue, item, street)
    offices = routing.offices_of(catalogue, item) if unit is None else []
    return {
        "name": item.name,
        "code": item.code,
        "unit": catalogue.party_name(unit.code) if unit else item.lead,
        "post": unit.post if unit else "",
        "phones": [unit.duty_phone] if unit else [f"{office.name} {office.duty_phone}" for office in offices],
        "sign_limit": item.sign_limit,
        "handle_limit": item.handle_limit,
        "first": turn.word(f"first-{item.first_handler}"),
    }


async def why_command(turn: Turn, rest: str) -> None:
    """`/why 编号`: every interval of the handling deadline, in words."""
    subject = turn.prepared.subject
    if rest:
        ticket = await find_ticket(turn.uow, turn.district, turn.actor, code_in(rest), now=turn.now)
        case = await load_case(turn.uow, ticket.id)
    else:
        ticket_id = await ticket_id_of(turn.uow, subject) if subject else None
        if ticket_id is None:
            raise TicketNotFound(code="")
        case = await load_case(turn.uow, ticket_id)
        if not await may_see(turn.uow, turn.district, turn.actor, case.ticket):
            raise TicketNotFound(code=case.ticket.code)
    lead = case.lead
    if lead is None:
        await show_status(turn, case.ticket.id)
        return
    due = await handling_due(turn.uow, turn.district, lead)
    lines = [_interval_words(turn, interval) for interval in due.intervals[:30]]
    lines += [_extension_words(turn, request) for request in await _extensions(turn, lead)]
    await turn.reply(
        "why",
        code=case.ticket.code,
        unit=turn.district.catalogue.party_name(lead.assignee.code),
        limit=lead.handle_limit,
        start_at=lead.clock_start.isoformat(),
        due_at=due.due_at.isoformat() if due.due_at else None,
        provisional=due.provisional,
        lines=lines,
        emergency=await _emergency_of(turn, case.ticket.street),
    )


async def _emergency_of(turn: Turn, street: str) -> str:
    """What the emergency is called that is declared in that street now."""
    return next((one.title for one in await turn.uow.situations.active() if street in one.streets), "")


def _interval_words(turn: Turn, interval: deadlines.Interval) -> str:
    start = turn.district.local(interval.start)
    end = turn.district.local(interval.end or turn.now)
    # a make-up day bears the name of the holiday that it is worked for
    is_made_up = interval.reason is deadlines.Reason.MAKE_UP
    name = (not is_made_up and interval.name) or turn.word(f"reason-{interval.reason}")
    counted = turn.word("counted") if interval.counts else turn.word("not-counted")
    return f"{_span(start, end)} {name} {counted}"


async def _extensions(turn: Turn, lead: Assignment) -> list[Request]:
    own = [r for r in await turn.uow.requests.of_assignment(lead.id) if r.round == lead.round]
    return [r for r in own if r.kind is RequestKind.EXTENSION and r.state is RequestState.GRANTED]


def _extension_words(turn: Turn, request: Request) -> str:
    granted = turn.district.local(request.decided_at or request.asked_at)
    return turn.word("extended-line", amount=request.amount, at=granted)


def _span(start: datetime, end: datetime) -> str:
    if start.time() == end.time() == time.min and start < end:
        last = end.date() - timedelta(days=1)
        first = f"{start.month}/{start.day}"
        return first if last == start.date() else f"{first}–{last.month}/{last.day}"
    if start.date() == end.date():
        return f"{start.month}/{start.day} {start:%H:%M}–{end:%H:%M}"
    return f"{start.month}/{start.day} {start:%H:%M} – {end.month}/{end.day} {end:%H:%M}"


async def help_command(turn: Turn, rest: str) -> None:
    """What can be done here by this person."""
    roles = sorted({turn.word(f"role-{grant.role}") for grant in turn.actor.grants})
    await turn.reply(_help_key(turn), {"roles": roles})


def _help_key(turn: Turn) -> str:
    held = {grant.role for grant in turn.actor.grants}
    if turn.chat.kind is ChatKind.PRIVATE:
        return next((key for role, key in HELP_OF.items() if role in held), HELP[ChatKind.PRIVATE])
    if turn.chat.kind is ChatKind.STREET and turn.actor.holds(Role.STREET_OFFICER, turn.chat.of):
        return HELP_OF[Role.STREET_OFFICER]
    return HELP[turn.chat.kind]


def deep_link(turn: Turn, secret: str) -> str:
    """The address by which a resident opens his ticket."""
    return f"https://t.me/{turn.context.bot.username}?start={secret}"


async def link_press(turn: Turn, token: Token) -> None:
    """`居民链接`: to whoever asks for it, in private where that is possible."""
    ticket = await turn.uow.tickets.get(token.subject.id)
    code = ticket.code if ticket else ""
    secret = await share_link(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    params = {"code": code, "text": deep_link(turn, secret)}
    if not await turn.reply_private("resident-link", params, subject=token.subject):
        await turn.reply("resident-link", params, subject=token.subject)
    turn.toast("answer-link-below")


async def status_press(turn: Turn, token: Token) -> None:
    """How a ticket stands, or everything of one's own."""
    if ticket_id := await ticket_id_of(turn.uow, token.subject):
        await show_status(turn, ticket_id)
    else:
        await mine_command(turn, "")
    turn.toast("answer-noted")


async def one_by_one(turn: Turn, action: Action) -> None:
    """`逐件看`: each case that waits for this person by itself, with its words and its button."""
    view = each_to_start if action is Action.START else each_to_release
    shown = await view(turn.uow, turn.district, turn.person.id)
    for each in shown:
        await turn.reply(each.key, each.params, buttons=each.rows)
    turn.toast("answer-reply-below" if shown else "nothing-to-do")
