"""执法调度 in chats: the officer's command and further calls, and the team's 收到, 出发, 到场."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.application.loading import load_open_case
from bot.application.people.identify import ticket_target
from bot.application.records import Button, OpenQuestion, Subject, Token
from bot.application.telling import assignment_subject
from bot.application.ways.command_team import call_further, command_team, show_scene, team_moves
from bot.domain.commanding import teams_to_call
from bot.domain.errors import TextMissing, UnitUnknown
from bot.domain.naming import parties_in
from bot.domain.permissions import Action, require
from handlers.asking import Press, ticket_and_rest
from handlers.incoming import place_of
from handlers.meeting_words import ask_words
from handlers.turn import Turn

OFFERED = 4


async def command_command(turn: Turn, rest: str) -> None:
    """`执法调度 0007`, by the street's officer."""
    ticket, _ = await ticket_and_rest(turn, rest)
    case = await command_team(turn.uow, turn.district, turn.actor, ticket.id, now=turn.now)
    await turn.reply("commanded", code=case.ticket.code)


async def further_command(turn: Turn, rest: str) -> None:
    """`呼应 0007 交警`."""
    ticket, words = await ticket_and_rest(turn, rest)
    if not words:
        raise TextMissing()
    await _call(turn, ticket.id, words)


async def _call(turn: Turn, ticket_id: int, words: str) -> None:
    ticket = await turn.uow.tickets.get(ticket_id)
    found = parties_in(turn.district.catalogue, words, ticket.street if ticket else "")
    units = [party.code for party in found if party.code in turn.district.catalogue.units]
    if not units:
        raise UnitUnknown(unit=words[:20])
    for code in units:
        case = await call_further(turn.uow, turn.district, turn.actor, ticket_id, code, now=turn.now)
    names = [turn.district.catalogue.party_name(code) for code in units]
    await turn.reply("called-further", code=case.ticket.code, units=names)


async def _command(turn: Turn, token: Token) -> None:
    arg, _, code = token.arg.partition(":")
    if arg == "call":
        await call_further(turn.uow, turn.district, turn.actor, token.subject.id, code, now=turn.now)
        turn.toast("answer-called-further", name=turn.district.catalogue.party_name(code))
    elif arg == "further":
        await _offer(turn, token.subject)
    elif arg == "other":
        case = await load_open_case(turn.uow, token.subject.id)
        require(turn.actor, Action.COMMAND, ticket_target(case.ticket, turn.district.catalogue))
        await ask_words(turn, token.subject, "further", "further-ask", code=case.ticket.code)
        turn.toast("answer-reply-below")
    else:
        case = await command_team(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        turn.toast("answer-commanded", code=case.ticket.code)


async def _offer(turn: Turn, subject: Subject) -> None:
    case = await load_open_case(turn.uow, subject.id)
    require(turn.actor, Action.COMMAND, ticket_target(case.ticket, turn.district.catalogue))
    catalogue, rules = turn.district.catalogue, turn.district.rules.enforcement
    there = {part.assignee.code for part in case.assignments if part.is_open}
    units = [unit for unit in teams_to_call(catalogue, rules, case.ticket) if unit.code not in there]
    buttons = [
        Button(
            "button-to",
            Action.COMMAND,
            subject,
            arg=f"call:{unit.code}",
            params={"name": catalogue.party_name(unit.code)},
        )
        for unit in units[:OFFERED]
    ]
    other = Button("button-further-other", Action.COMMAND, subject, arg="other")
    pairs = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    await turn.reply("further-offer", subject=subject, buttons=(*pairs, (other,)), code=case.ticket.code)
    turn.toast("answer-reply-below")


async def _move(turn: Turn, token: Token) -> None:
    arrived = token.arg == "arrived"
    case, part = await team_moves(turn.uow, turn.district, turn.actor, token.subject.id, arrived=arrived, now=turn.now)
    if arrived and case.ticket.emergency:
        await ask_words(turn, assignment_subject(part.id), "scene", "meeting-ask-spot", code=case.ticket.code)
    turn.toast("answer-there" if arrived else "answer-set-out", code=case.ticket.code)


async def _to_further(turn: Turn, question: OpenQuestion) -> None:
    await _call(turn, question.subject.id, turn.prepared.text)


async def _to_scene(turn: Turn, question: OpenQuestion) -> None:
    photo = turn.prepared.photo
    if photo is not None:
        await turn.uow.attachments.add(photo, at=turn.now)
    place = place_of(turn.message) or turn.prepared.text
    photos = (photo.hash,) if photo else ()
    case = await show_scene(turn.uow, turn.district, turn.actor, question.subject.id, place, photos, now=turn.now)
    await turn.reply("spot-noted", subject=question.subject, code=case.ticket.code)


COMMAND_WORDS: Mapping[str, Callable[[Turn, OpenQuestion], Awaitable[None]]] = {
    "further": _to_further,
    "scene": _to_scene,
}
"""What free words answer, by the question's `arg`."""

PRESSES: Mapping[Action, Press] = {Action.COMMAND: _command, Action.MOVE: _move}
