"""逆向派单 in chats: the street's press and word, the leader's presses, and his one sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.application.records import OpenQuestion, QuestionKind, Subject, SubjectKind, Token
from bot.application.reporting.confirm_draft import Way, confirm_draft
from bot.application.ways.order_down import confirm_order, hear_order, order_meeting, order_to
from bot.application.ways.refer_up import load_referral, pass_on, propose, refer_up, referral_subject
from bot.domain.order import read_order
from bot.domain.permissions import Action
from bot.domain.reading import Reading
from bot.domain.referral import OrderUnclear
from handlers.asking import Press, ticket_and_rest
from handlers.meeting_words import ask_words, time_zone, when_and_where
from handlers.reports import reading_of
from handlers.turn import Turn
from nlu.types import Act


async def refer_command(turn: Turn, rest: str) -> None:
    """`报区领导 0007 [建议]`, by the street's officer."""
    ticket, words = await ticket_and_rest(turn, rest)
    await _refer(turn, ticket.id, words)


async def _refer(turn: Turn, ticket_id: int, words: str) -> None:
    referral, leader, case = await refer_up(turn.uow, turn.district, turn.actor, ticket_id, words, now=turn.now)
    params = {"code": case.ticket.code, "name": leader.name}
    if words:
        await turn.reply("referred", params, subject=referral_subject(referral.id))
    else:
        await ask_words(turn, referral_subject(referral.id), "proposal", "referred-ask", **params)


async def _press_refer(turn: Turn, token: Token) -> None:
    ticket_id = token.subject.id
    if token.subject.kind is SubjectKind.DRAFT:
        case = await confirm_draft(turn.uow, turn.district, turn.actor, ticket_id, Way.REFER, now=turn.now)
        ticket_id = case.ticket.id
    await _refer(turn, ticket_id, "")
    turn.toast("answer-referred")


async def _to_proposal(turn: Turn, question: OpenQuestion) -> None:
    _, case = await propose(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text)
    await turn.reply("proposal-noted", code=case.ticket.code)


async def _order(turn: Turn, token: Token) -> None:
    arg, _, rest = token.arg.partition(":")
    number = token.subject.id
    if arg == "to":
        case = await order_to(turn.uow, turn.district, turn.actor, number, rest, now=turn.now)
        turn.toast("answer-ordered", code=case.ticket.code)
    elif arg == "meet":
        case = await order_meeting(turn.uow, turn.district, turn.actor, number, now=turn.now)
        turn.toast("answer-order-meeting", code=case.ticket.code)
    elif arg == "pass":
        case = await pass_on(turn.uow, turn.district, turn.actor, number, now=turn.now)
        turn.toast("answer-order-passed", code=case.ticket.code)
    elif arg == "confirm":
        await _confirm(turn, token.subject, rest)
    else:
        _, case = await load_referral(turn.uow, turn.district, turn.actor, number)
        await ask_words(turn, token.subject, "order", "order-ask", code=case.ticket.code)
        turn.toast("answer-reply-below")


async def _confirm(turn: Turn, subject: Subject, mark: str) -> None:
    order, case = await confirm_order(turn.uow, turn.district, turn.actor, subject.id, mark, now=turn.now)
    turn.toast("answer-order-meeting" if order.meets else "answer-ordered", code=case.ticket.code)


async def _to_order(turn: Turn, question: OpenQuestion) -> None:
    words = turn.prepared.text
    meets = when_and_where(words, turn.now, time_zone(turn))
    await hear_order(turn.uow, turn.district, turn.actor, question.subject.id, words, meets, turn.chat, now=turn.now)


async def leader_says(turn: Turn) -> bool:
    """Whether a leader's free sentence in private decides the one matter that waits for him; which, if there are several."""
    waiting = await turn.uow.referrals.waiting_for(turn.person.id) if turn.prepared.text else ()
    tickets = [await turn.uow.tickets.get(each.ticket_id) for each in waiting]
    said = [read_order(turn.prepared.text, turn.district.catalogue, one.street) for one in tickets if one]
    if not any(order.is_clear for order in said):
        understood = turn.prepared.understood
        silent = understood is not None and reading_of(turn, understood) is Reading.SILENT
        if said and silent and understood and understood.act not in {Act.GREETING, Act.HELP}:
            raise OrderUnclear()
        return False
    if len(waiting) > 1:
        await turn.reply("order-which", codes=[ticket.code for ticket in tickets if ticket])
        return True
    subject = referral_subject(waiting[0].id)
    await _to_order(turn, OpenQuestion(turn.person.id, turn.chat.id, QuestionKind.TEXT, subject, turn.now, turn.now))
    return True


REFERRAL_WORDS: Mapping[str, Callable[[Turn, OpenQuestion], Awaitable[None]]] = {
    "proposal": _to_proposal,
    "order": _to_order,
}
"""What free words answer, by the question's `arg`."""

PRESSES: Mapping[Action, Press] = {
    Action.REFER_UP: _press_refer,
    Action.ORDER: _order,
}
