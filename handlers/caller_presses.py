"""What the buttons of those who call do: street, officer, reporter, resident."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.calls.keep_ticket import convert_ticket, finish_own
from bot.application.calls.redispatch import reopen_ticket
from bot.application.calls.start_calls import start_all, start_call
from bot.application.calls.take_over import take_over
from bot.application.calls.verify import evaluate, give_reason
from bot.application.calls.withdraw_ticket import is_signed, speaks_for_caller, withdraw_ticket
from bot.application.loading import load_open_case
from bot.application.lookups.follow_ticket import ask_call_back, give_feedback, urge
from bot.application.people.identify import ticket_target
from bot.application.records import Card, Face, QuestionKind, SubjectKind, Token
from bot.application.undoing.undo import undo, undo_batch
from bot.application.undoing.undo_admission import undo_admission
from bot.application.undoing.undo_draft import undo_draft
from bot.application.views.others import verify_view
from bot.domain.errors import ButtonStale
from bot.domain.evaluation import Verdict
from bot.domain.permissions import Action, may
from handlers.asking import Press, ask, code_of
from handlers.lookups import link_press, one_by_one, status_press
from handlers.turn import Turn


async def _convert(turn: Turn, token: Token) -> None:
    case = await convert_ticket(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-converted", code=case.ticket.code)


async def _take_over(turn: Turn, token: Token) -> None:
    case = await take_over(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-taken-over", code=case.ticket.code)


async def _finish_own(turn: Turn, token: Token) -> None:
    await finish_own(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-reported")


async def _withdraw(turn: Turn, token: Token) -> None:
    case = await load_open_case(turn.uow, token.subject.id)
    target = ticket_target(case.ticket, turn.district.catalogue)
    if is_signed(case) and speaks_for_caller(turn.actor.all_grants(), target):
        await ask(turn, token, QuestionKind.TEXT, "ask-withdraw", arg="withdraw", code=case.ticket.code)
        return
    case = await withdraw_ticket(turn.uow, turn.district, turn.actor, token.subject.id, "", now=turn.now)
    gone = case.ticket.ending is not None
    turn.toast("answer-withdrawn" if gone else "answer-passed-on", code=case.ticket.code)


async def _undo(turn: Turn, token: Token) -> None:
    if token.subject.kind is SubjectKind.DRAFT:
        await undo_draft(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    elif token.subject.kind is SubjectKind.PERSON:
        await undo_batch(turn.uow, turn.district, turn.actor, now=turn.now)
    elif token.subject.kind is SubjectKind.STREET_CALL:
        await undo_admission(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    else:
        await undo(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-undone", code=await code_of(turn, token.subject))


async def _urge(turn: Turn, token: Token) -> None:
    case = await urge(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-urged", code=case.ticket.code)


async def _add_words(turn: Turn, token: Token) -> None:
    await ask(turn, token, QuestionKind.TEXT, "words-ask", arg="words", code=await code_of(turn, token.subject))


async def _call_back(turn: Turn, token: Token) -> None:
    await ask_call_back(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-call-back")


async def _evaluate(turn: Turn, token: Token) -> None:
    if not token.arg:
        await _show_verification(turn, token)
        return
    if await _only_follows(turn, token):
        await give_feedback(turn.uow, turn.district, turn.actor, token.subject.id, Verdict(token.arg), now=turn.now)
        turn.toast("answer-feedback")
        return
    await evaluate(turn.uow, turn.district, turn.actor, token.subject.id, Verdict(token.arg), now=turn.now)
    turn.toast("answer-evaluated")


async def _show_verification(turn: Turn, token: Token) -> None:
    """The card on which it is said how it went, once more; who may not say it is told so at the press there."""
    card = Card(0, token.subject, turn.chat.id, Face.VERIFY)
    view = await verify_view(turn.uow, turn.district, card, turn.now)
    if view is None:
        raise ButtonStale()
    await turn.reply(view.key, view.params, subject=token.subject, buttons=view.rows)
    turn.toast("answer-reply-below")


async def _only_follows(turn: Turn, token: Token) -> bool:
    assignment = await turn.uow.assignments.get(token.subject.id)
    ticket = await turn.uow.tickets.get(assignment.ticket_id) if assignment else None
    if ticket is None or may(turn.actor, Action.EVALUATE, ticket_target(ticket, turn.district.catalogue)):
        return False
    return any(person.id == turn.person.id for person in await turn.uow.tickets.followers(ticket.id))


async def _give_reason(turn: Turn, token: Token) -> None:
    if not token.arg:
        await ask(turn, token, QuestionKind.EVALUATION_REASON, "reason-ask", code=await code_of(turn, token.subject))
        return
    reason = turn.word(f"button-reason-{token.arg}")
    await give_reason(turn.uow, turn.district, turn.actor, token.subject.id, reason, now=turn.now)
    turn.toast("answer-noted")


async def _start(turn: Turn, token: Token) -> None:
    if token.subject.kind is SubjectKind.PERSON:
        await one_by_one(turn, Action.START)
        return
    await start_call(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-started", count=1)


async def _start_all(turn: Turn, token: Token) -> None:
    started = await start_all(turn.uow, turn.district, turn.actor, now=turn.now)
    turn.toast("answer-started", count=len(started))


async def _reopen(turn: Turn, token: Token) -> None:
    case = await reopen_ticket(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-reopened", code=case.ticket.code)


PRESSES: Mapping[Action, Press] = {
    Action.CONVERT: _convert,
    Action.TAKE_OVER: _take_over,
    Action.FINISH_OWN: _finish_own,
    Action.WITHDRAW: _withdraw,
    Action.UNDO: _undo,
    Action.FOLLOW: link_press,
    Action.STATUS: status_press,
    Action.URGE: _urge,
    Action.ADD_WORDS: _add_words,
    Action.CALL_BACK: _call_back,
    Action.EVALUATE: _evaluate,
    Action.GIVE_REASON: _give_reason,
    Action.START: _start,
    Action.START_ALL: _start_all,
    Action.REOPEN: _reopen,
}
