"""并案 and 拆分 in chats: tickets that belong together, and one that turns out to be two."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.calls.merge_tickets import decide_merge, merge_tickets, request_merge
from bot.application.lookups.find_ticket import code_in, find_ticket, open_here
from bot.application.people.identify import ticket_target
from bot.application.records import OpenQuestion, Token
from bot.domain.errors import TextMissing, TicketNotFound
from bot.domain.permissions import Action, may, require
from bot.domain.ticket import Ticket
from handlers import reports
from handlers.asking import Press, reply_at_the_hub_to_undo
from handlers.turn import Turn
from handlers.words import CODE


async def _named(turn: Turn, words: str) -> tuple[Ticket, str]:
    match = CODE.match(words)
    if match is None:
        raise TicketNotFound()
    ticket = await find_ticket(turn.uow, turn.district, turn.actor, code_in(match.group()), now=turn.now)
    return ticket, words[match.end() :].strip()


async def merge_command(turn: Turn, rest: str) -> None:
    """`并案 0009 0007`: the first goes on as part of the second; by a unit it is a request."""
    source, second = await _named(turn, rest)
    target, _ = await _named(turn, second)
    if may(turn.actor, Action.MERGE, ticket_target(source, turn.district.catalogue)):
        into = await merge_tickets(turn.uow, turn.district, turn.actor, source.id, target.id, now=turn.now)
        await reply_at_the_hub_to_undo(turn, source.id, "merged-noted", code=source.code, target=into.ticket.code)
        return
    await _request(turn, source, target)


async def _request(turn: Turn, source: Ticket, target: Ticket) -> None:
    parts = await turn.uow.assignments.of_ticket(source.id)
    here = {part.id for part in await open_here(turn.uow, turn.district, [turn.chat.of])}
    own = next((part for part in parts if part.id in here), None)
    if own is None:
        require(turn.actor, Action.MERGE, ticket_target(source, turn.district.catalogue))
        return
    await request_merge(turn.uow, turn.district, turn.actor, own.id, target, now=turn.now)
    await turn.reply("merge-noted", code=source.code, target=target.code)


async def duplicate_named(turn: Turn, question: OpenQuestion) -> None:
    """The ground `重复` of a return: which case it repeats."""
    target, _ = await _named(turn, turn.prepared.text.strip())
    case = await request_merge(turn.uow, turn.district, turn.actor, question.subject.id, target, now=turn.now)
    await turn.reply("merge-noted", code=case.ticket.code, target=target.code)


async def split_command(turn: Turn, rest: str) -> None:
    """`拆分 0007 第二件事`: a draft of its own, which remembers where it comes from."""
    source, words = await _named(turn, rest)
    require(turn.actor, Action.SPLIT, ticket_target(source, turn.district.catalogue))
    if not words or turn.prepared.understood is None:
        raise TextMissing()
    draft = await reports.open_from(turn, turn.prepared.understood)
    if draft is None:
        return
    draft.split_from = source.id
    draft.place = draft.place or source.place
    draft.street, draft.community = source.street, draft.community or source.community
    await turn.uow.drafts.save(draft)


async def _merge(turn: Turn, token: Token) -> None:
    agreed = token.arg == "yes"
    await decide_merge(turn.uow, turn.district, turn.actor, token.subject.id, agreed=agreed, now=turn.now)
    turn.toast("answer-merged" if agreed else "answer-not-merged")


PRESSES: Mapping[Action, Press] = {Action.MERGE: _merge}
