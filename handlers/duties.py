"""Duty, leave and handover in the chats: `值班`, `请假`, `交接`, and the press by which the other accepts."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import MessageEntity

from bot.application.clocks.long_breaks import shown
from bot.application.people.hand_over import accept_handover, ask_handover, handover_subject
from bot.application.people.on_duty import SETS_DUTY, on_duty, roster, roster_of, set_duty, without_duty
from bot.application.records import Button, Outgoing, Token
from bot.application.telling import tell
from bot.application.views.view import shown_place
from bot.domain import duty
from bot.domain.chat import ChatKind
from bot.domain.duty import Handover, HandoverKind, Spell
from bot.domain.errors import NothingToHandOver
from bot.domain.naming import party_called
from bot.domain.people import Grant, Person, Role
from bot.domain.permissions import Action
from bot.domain.ticket import Ticket
from handlers import binding
from handlers.asking import Press
from handlers.turn import Turn

LISTED = 5
OWN = (Role.LIAISON, Role.DEPARTMENT_LEADER, Role.HANDLER, Role.STREET_OFFICER)


async def duty_command(turn: Turn, rest: str) -> None:
    """`值班` shows, `值班 10月1日-7日 张三、李四 代理 王五` sets; the hub names the unit first."""
    of, words = _whose(turn, rest)
    if not of:
        await _overview(turn)
        return
    if not words:
        await _show(turn, of)
        return
    mentioned = [person.id for person in await _mentioned(turn)]
    made = await set_duty(turn.uow, turn.district, turn.actor, of, words, now=turn.now, mentioned=mentioned)
    await turn.reply("duty-set", party=turn.district.catalogue.party_name(of), duties=[_line(turn, made)])


def _whose(turn: Turn, rest: str) -> tuple[str, str]:
    if turn.chat.kind in SETS_DUTY:
        return roster_of(turn.district, turn.chat), rest
    first, _, words = rest.partition(" ")
    party = party_called(turn.district.catalogue, first, turn.chat.of[:4]) if first else None
    if party is not None:
        return party.code, words.strip()
    held = sorted(grant.of for grant in turn.actor.grants if grant.role in OWN)
    return (held[0], rest) if held and not turn.chat.is_group else ("", rest)


async def _show(turn: Turn, of: str) -> None:
    lines = [_line(turn, each) for each in await roster(turn.uow, turn.district, of, turn.now)]
    people = await on_duty(turn.uow, turn.district, of, turn.now)
    party = turn.district.catalogue.party_name(of)
    await turn.reply("duty-shown", party=party, duties=lines[:LISTED], people=[person.name for person in people][:4])


async def _overview(turn: Turn) -> None:
    """At the hub: who has said nothing for the coming long break."""
    spell = duty.next_break(turn.district.calendar, turn.district.day(turn.now))
    if turn.chat.kind is not ChatKind.HUB or spell is None:
        await turn.reply("duty-usage")
        return
    missing = await without_duty(turn.uow, turn.district, spell)
    more = max(0, len(missing) - binding.LISTED)
    params = {"missing": missing[: binding.LISTED], "more": more, **shown(turn.district, spell)}
    await turn.reply("duty-missing", params)


def _line(turn: Turn, each: duty.Duty) -> dict[str, object]:
    days = shown(turn.district, Spell(each.first, each.last))
    return {"names": each.names, "deputies": each.deputies, "known": len(each.people), **days}


async def leave_command(turn: Turn, rest: str) -> None:
    """`/leave` gives all roles back; `/leave 10月1日 10月7日 @代理` hands them over for these days."""
    if not rest:
        await binding.leave_command(turn, rest)
        return
    spell, name = duty.read_spell(rest, turn.district.day(turn.now))
    if spell is None or spell.last < turn.district.day(turn.now):
        await turn.reply("leave-usage")
        return
    await _offer(turn, name, spell)


async def handover_command(turn: Turn, rest: str) -> None:
    """`交接 @新人`: he accepts by a press."""
    await _offer(turn, rest, None)


async def _offer(turn: Turn, words: str, spell: Spell | None) -> None:
    name = words.removeprefix("代理").strip(" ：:").lstrip("@").strip()
    to = await person_meant(turn, name)
    if not to and (not name or len(name) > duty.LONGEST_NAME):
        raise NothingToHandOver()
    chat_id, locale = turn.chat.id, turn.locale
    if not turn.chat.is_group:
        if to is None or not to.private_chat_id or not to.reachable:
            await turn.reply("handover-in-group", name=name)
            return
        chat_id, locale = to.private_chat_id, to.locale
    asked = await ask_handover(turn.uow, turn.district, turn.actor, turn.chat, to, name, now=turn.now, spell=spell)
    params = {
        "name": turn.person.name,
        "successor": asked.to_name,
        "party": turn.district.catalogue.party_name(asked.of) if asked.of != "hub" else turn.word("hub"),
        "leave": spell is not None,
        **(shown(turn.district, spell) if spell else {}),
    }
    subject = handover_subject(asked.id)
    button = Button("button-accept-roles", Action.ACCEPT_ROLES, subject)
    message = Outgoing(
        kind="handover-offer", chat_id=chat_id, params=params, buttons=((button,),), subject=subject, locale=locale
    )
    await tell(turn.uow, turn.district, message, now=turn.now)
    if chat_id != turn.chat.id:
        await turn.reply("handover-asked", name=asked.to_name)


async def person_meant(turn: Turn, name: str) -> Person | None:
    mentioned = await _mentioned(turn)
    if mentioned:
        return mentioned[0]
    found = await turn.uow.people.named(name) if name else []
    return found[0] if len(found) == 1 else None


async def _mentioned(turn: Turn) -> list[Person]:
    """Members without a name of their own in Telegram are mentioned by a link, which says who is meant."""
    if turn.message is None:
        return []
    users = [entity.user for entity in turn.message.parse_entities([MessageEntity.TEXT_MENTION])]
    return [
        await turn.uow.people.ensure(user.id, name=user.full_name, username=user.username or "")
        for user in users
        if user is not None and not user.is_bot
    ]


async def _accept(turn: Turn, token: Token) -> None:
    asked, grants, cases = await accept_handover(
        turn.uow, turn.district, turn.actor, turn.chat, token.subject.id, now=turn.now
    )
    before = await turn.uow.people.get(asked.from_id)
    params = {
        "name": before.name if before else "",
        "successor": asked.to_name,
        "party": turn.district.catalogue.party_name(asked.of) if asked.of != "hub" else turn.word("hub"),
        "count": len(cases),
        "leave": asked.kind is HandoverKind.LEAVE,
    }
    await turn.reply("handover-done", params, quote=False)
    if asked.kind is HandoverKind.HANDOVER:
        await _show_cases(turn, grants, cases)
    await _tell_predecessor(turn, asked, before)
    turn.toast("answer-accepted-roles")


async def _show_cases(turn: Turn, grants: list[Grant], cases: list[Ticket]) -> None:
    """Everything open in one message, in private where that is possible."""
    roles = sorted({turn.word(f"role-{grant.role}") for grant in grants})
    lines = []
    for ticket in cases[:LISTED]:
        parts = [part for part in await turn.uow.assignments.of_ticket(ticket.id) if part.is_open]
        due_at = parts[-1].due_at.isoformat() if parts and parts[-1].due_at else None
        place = shown_place(turn.district, ticket)
        hidden = ticket.sensitivity == "sensitive"
        name = "" if hidden else ticket.item_name
        lines.append({"code": ticket.code, "item_name": name, "place": place, "due_at": due_at})
    params = {"roles": roles, "count": len(cases), "cases": lines, "more": max(0, len(cases) - LISTED)}
    if not await turn.reply_private("handover-cases", params):
        await turn.reply("handover-cases", params, quote=False)


async def _tell_predecessor(turn: Turn, asked: Handover, before: Person | None) -> None:
    if before is not None and before.private_chat_id != turn.chat.id:
        await turn.tell_person(before, "handover-accepted", name=asked.to_name, leave=asked.kind is HandoverKind.LEAVE)


PRESSES: Mapping[Action, Press] = {Action.ACCEPT_ROLES: _accept}
