"""Button presses: a token names an action and a subject; the tables judge the present; one answer, after the commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from telegram import Update

from bot.application.change_draft import ask_place, choose_item, discard_draft, load_open_draft, offer_items
from bot.application.confirm_draft import Way, confirm_draft, join_ticket
from bot.application.follow_ticket import ask_call_back, give_feedback, see_whole, urge
from bot.application.identify import ticket_target
from bot.application.keep_ticket import convert_ticket, finish_own
from bot.application.loading import Case, load_assignment, load_open_case
from bot.application.records import OpenQuestion, QuestionKind, Subject, SubjectKind, Token
from bot.application.redispatch import (
    dispatch_by_hub,
    note_told,
    refuse_return,
    reopen_ticket,
)
from bot.application.report_back import draft_answer, edit_answer, release_all, release_answer, send_answer
from bot.application.start_calls import start_all, start_call
from bot.application.undo import undo
from bot.application.verify import evaluate, give_reason
from bot.application.views.view import shown_place
from bot.application.withdraw_ticket import is_signed, withdraw_ticket
from bot.application.work_on import sign_assignment
from bot.domain.assignment import ALLOWED_TRANSITIONS, AssignmentState
from bot.domain.errors import ButtonStale, TransitionNotAllowed
from bot.domain.evaluation import Verdict
from bot.domain.people import Role
from bot.domain.permissions import Action, Target, may, require
from bot.domain.ticket import Sensitivity
from handlers.lookups import link_press, one_by_one, status_press
from handlers.turn import Turn, turn_of

ASKED_OF_THE_ENTITLED = frozenset(
    {Action.PROGRESS, Action.HAND_ON, Action.RETURN, Action.EDIT_ANSWER, Action.DISPATCH, Action.DECLINE}
)
LEADS_TO = {Action.RETURN: AssignmentState.RETURN_REQUESTED, Action.EDIT_ANSWER: AssignmentState.REPORTED}
"""Where an assignment must be able to go for words to be of use; for the others it is enough that it is open."""
ANSWER_TIME = timedelta(hours=12)
FORM_TIME = timedelta(minutes=10)
Press = Callable[[Turn, Token], Awaitable[None]]


async def pressed(update: Update, context: object) -> None:
    """Every callback query; an unknown or expired token is one sentence."""
    query = update.callback_query
    turn = await turn_of(update, context)
    if query is None or turn is None:
        return
    token = await turn.uow.tokens.get(query.data or "")
    if token is None or token.expires_at < turn.now or token.chat_id != turn.chat.id:
        raise ButtonStale()
    await _round_holds(turn, token)
    await PRESSES[token.action](turn, token)


async def _round_holds(turn: Turn, token: Token) -> None:
    if token.subject.kind is SubjectKind.ASSIGNMENT and token.round:
        assignment = await turn.uow.assignments.get(token.subject.id)
        if assignment is None or assignment.round != token.round:
            raise ButtonStale()


async def _ask(turn: Turn, token: Token, kind: QuestionKind, key: str, *, arg: str = "", **params: object) -> None:
    """The next words of this person here are the answer; who could not give it is told so before he writes."""
    if token.action in ASKED_OF_THE_ENTITLED:
        require(turn.actor, token.action, await _target(turn, token.subject))
        await _still_possible(turn, token)
    await turn.uow.questions.ask(
        OpenQuestion(turn.person.id, turn.chat.id, kind, token.subject, turn.now, turn.now + ANSWER_TIME, arg)
    )
    await turn.reply(key, params, subject=token.subject)
    turn.toast("answer-reply-below")


async def _still_possible(turn: Turn, token: Token) -> None:
    if token.subject.kind is not SubjectKind.ASSIGNMENT:
        await load_open_case(turn.uow, token.subject.id)
        return
    _, part = await load_assignment(turn.uow, token.subject.id)
    wanted = LEADS_TO.get(token.action)
    possible = part.is_open if wanted is None else wanted in ALLOWED_TRANSITIONS[part.state]
    via_signing = part.state is AssignmentState.UNDELIVERED and token.action is Action.EDIT_ANSWER
    if not possible and not via_signing:
        raise TransitionNotAllowed(
            state=part.state, to=wanted or token.action, by=part.last_mover, at=part.last_moved_at
        )


async def _target(turn: Turn, subject: Subject) -> Target:
    assignment = await turn.uow.assignments.get(subject.id) if subject.kind is SubjectKind.ASSIGNMENT else None
    ticket = await turn.uow.tickets.get(assignment.ticket_id if assignment else subject.id)
    if ticket is None:
        raise ButtonStale()
    return ticket_target(ticket, turn.district.catalogue, [assignment] if assignment else ())


async def _code(turn: Turn, subject: Subject) -> str:
    ticket_id = subject.id
    if subject.kind is SubjectKind.ASSIGNMENT:
        assignment = await turn.uow.assignments.get(subject.id)
        ticket_id = assignment.ticket_id if assignment else 0
    ticket = await turn.uow.tickets.get(ticket_id)
    return ticket.code if ticket else ""


def _confirmed(turn: Turn, case: Case, way: Way) -> None:
    key = {Way.CALL: "answer-confirmed", Way.KEEP: "answer-kept", Way.HUB: "answer-sent-to-hub"}[way]
    turn.toast("answer-awaiting-start" if case.ticket.start_awaited else key, code=case.ticket.code)


def _confirm(way: Way) -> Press:
    async def press(turn: Turn, token: Token) -> None:
        case = await confirm_draft(turn.uow, turn.district, turn.actor, token.subject.id, way, now=turn.now)
        _confirmed(turn, case, way)

    return press


async def _is_report(turn: Turn, token: Token) -> None:
    draft = await load_open_draft(turn.uow, turn.actor, token.subject.id, Action.CONFIRM)
    draft.asked, draft.updated_at = False, turn.now
    await turn.uow.drafts.save(draft)
    await turn.uow.cards.want_all(token.subject)
    turn.toast("answer-noted")


async def _change_item(turn: Turn, token: Token) -> None:
    await offer_items(turn.uow, turn.actor, token.subject.id)
    turn.toast("answer-pick")


async def _choose_item(turn: Turn, token: Token) -> None:
    draft = await choose_item(turn.uow, turn.district, turn.actor, token.subject.id, token.arg, now=turn.now)
    item = turn.district.catalogue.item(draft.item)
    hidden = turn.chat.is_group and item.sensitivity is Sensitivity.SENSITIVE
    turn.toast("answer-private" if hidden else "answer-chosen", name=item.name)


async def _add_place(turn: Turn, token: Token) -> None:
    await ask_place(turn.uow, turn.actor, token.subject.id, turn.chat.id, now=turn.now)
    await turn.reply("ask-place", subject=token.subject)
    turn.toast("answer-reply-below")


async def _discard(turn: Turn, token: Token) -> None:
    await discard_draft(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-discarded")


async def _join(turn: Turn, token: Token) -> None:
    case = await join_ticket(turn.uow, turn.district, turn.actor, token.subject.id, int(token.arg), now=turn.now)
    turn.toast("answer-joined", code=case.ticket.code)


async def _convert(turn: Turn, token: Token) -> None:
    case = await convert_ticket(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-converted", code=case.ticket.code)


async def _withdraw(turn: Turn, token: Token) -> None:
    case = await load_open_case(turn.uow, token.subject.id)
    if is_signed(case) and turn.actor.holds(Role.STREET_OFFICER, case.ticket.street):
        await _ask(turn, token, QuestionKind.TEXT, "ask-withdraw", arg="withdraw", code=case.ticket.code)
        return
    case = await withdraw_ticket(turn.uow, turn.district, turn.actor, token.subject.id, "", now=turn.now)
    turn.toast("answer-withdrawn", code=case.ticket.code)


async def _undo(turn: Turn, token: Token) -> None:
    await undo(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-undone")


async def _urge(turn: Turn, token: Token) -> None:
    case = await urge(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-urged", code=case.ticket.code)


async def _add_words(turn: Turn, token: Token) -> None:
    await _ask(turn, token, QuestionKind.TEXT, "words-ask", arg="words", code=await _code(turn, token.subject))


async def _call_back(turn: Turn, token: Token) -> None:
    await ask_call_back(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-call-back")


async def _sign(turn: Turn, token: Token) -> None:
    case, _ = await sign_assignment(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-signed", code=case.ticket.code)


async def _progress(turn: Turn, token: Token) -> None:
    await _ask(turn, token, QuestionKind.PROGRESS, "ask-progress", code=await _code(turn, token.subject))


async def _hand_on(turn: Turn, token: Token) -> None:
    await _ask(turn, token, QuestionKind.HANDLER, "ask-handler", code=await _code(turn, token.subject))


async def _return(turn: Turn, token: Token) -> None:
    await _ask(turn, token, QuestionKind.RETURN_REASON, "ask-return", code=await _code(turn, token.subject))


async def _contact(turn: Turn, token: Token) -> None:
    assignment = await turn.uow.assignments.get(token.subject.id)
    ticket = await turn.uow.tickets.get(assignment.ticket_id) if assignment else None
    if ticket is None:
        raise ButtonStale()
    require(turn.actor, Action.CONTACT, await _target(turn, token.subject))
    street = turn.district.catalogue.party_name(ticket.street)
    reporter = await turn.uow.people.get(ticket.reporter_id)
    worker = reporter is not None and bool(await turn.uow.people.grants(reporter.id))
    name = reporter.name if reporter is not None and worker else street
    await turn.reply("street-contact", subject=token.subject, code=ticket.code, name=name, street=street)
    turn.toast("answer-noted")


async def _see_whole(turn: Turn, token: Token) -> None:
    case = await see_whole(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    place = shown_place(turn.district, case.ticket, whole=True)
    params = {"code": case.ticket.code, "quote": case.ticket.text[:1500], "place": place}
    told = await turn.reply_private("whole-text", params, subject=token.subject)
    turn.toast("answer-private" if told else "answer-write-first", alert=not told)


async def _report_back(turn: Turn, token: Token) -> None:
    query = turn.update.callback_query
    message = query.message if query else None
    reply_to = message.message_id if message else None
    await draft_answer(
        turn.uow, turn.district, turn.actor, token.subject.id, "", turn.chat.id, now=turn.now, reply_to=reply_to
    )
    # Whoever opens the form mostly writes what was done next, with or without replying to it.
    until = turn.now + FORM_TIME
    await turn.uow.questions.ask(
        OpenQuestion(turn.person.id, turn.chat.id, QuestionKind.REPORT_BACK, token.subject, turn.now, until, "text")
    )
    turn.toast("answer-form-below")


async def _edit_answer(turn: Turn, token: Token) -> None:
    field, _, value = token.arg.partition(":")
    if field == "outcome":
        await edit_answer(turn.uow, turn.district, turn.actor, token.subject.id, field, value)
        turn.toast("answer-noted")
    elif field == "later":
        turn.toast("answer-later")
    else:
        key = "ask-public" if field == "public" else "ask-answer"
        await _ask(turn, token, QuestionKind.REPORT_BACK, key, arg=field, code=await _code(turn, token.subject))


async def _send_answer(turn: Turn, token: Token) -> None:
    await turn.uow.questions.close(turn.person.id, turn.chat.id)
    _, assignment = await send_answer(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    waits = assignment.state is AssignmentState.ANSWER_DRAFTED
    turn.toast("answer-awaits-signature" if waits else "answer-reported")


async def _finish_own(turn: Turn, token: Token) -> None:
    await finish_own(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-reported")


async def _release(turn: Turn, token: Token) -> None:
    if token.arg == "each":
        await one_by_one(turn, Action.RELEASE)
        return
    if token.subject.kind is SubjectKind.ASSIGNMENT:
        await release_answer(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        count = 1
    else:
        count = await release_all(turn.uow, turn.district, turn.actor, now=turn.now)
    turn.toast("answer-released", count=count)


async def _evaluate(turn: Turn, token: Token) -> None:
    if await _only_follows(turn, token):
        await give_feedback(turn.uow, turn.district, turn.actor, token.subject.id, Verdict(token.arg), now=turn.now)
        turn.toast("answer-feedback")
        return
    await evaluate(turn.uow, turn.district, turn.actor, token.subject.id, Verdict(token.arg), now=turn.now)
    turn.toast("answer-evaluated")


async def _only_follows(turn: Turn, token: Token) -> bool:
    assignment = await turn.uow.assignments.get(token.subject.id)
    ticket = await turn.uow.tickets.get(assignment.ticket_id) if assignment else None
    if ticket is None or may(turn.actor, Action.EVALUATE, ticket_target(ticket, turn.district.catalogue)):
        return False
    return any(person.id == turn.person.id for person in await turn.uow.tickets.followers(ticket.id))


async def _give_reason(turn: Turn, token: Token) -> None:
    if not token.arg:
        await _ask(turn, token, QuestionKind.EVALUATION_REASON, "reason-ask", code=await _code(turn, token.subject))
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


async def _dispatch(turn: Turn, token: Token) -> None:
    if not token.arg:
        code = await _code(turn, token.subject)
        await _ask(turn, token, QuestionKind.TEXT, "unknown-unit-code", arg="dispatch", code=code)
        return
    await dispatch_by_hub(turn.uow, turn.district, turn.actor, token.subject.id, token.arg, now=turn.now)
    turn.toast("answer-dispatched", name=turn.district.catalogue.party_name(token.arg))


async def _rule(turn: Turn, token: Token) -> None:
    await refuse_return(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-refused")


async def _told(turn: Turn, token: Token) -> None:
    await note_told(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-told")


async def _decline(turn: Turn, token: Token) -> None:
    code = await _code(turn, token.subject)
    await _ask(turn, token, QuestionKind.TEXT, "ask-decline", arg="decline", code=code)


async def _reopen(turn: Turn, token: Token) -> None:
    case = await reopen_ticket(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-reopened", code=case.ticket.code)


PRESSES: Mapping[Action, Press] = {
    Action.CONFIRM: _confirm(Way.CALL),
    Action.KEEP: _confirm(Way.KEEP),
    Action.SEND_TO_HUB: _confirm(Way.HUB),
    Action.REPORT: _is_report,
    Action.CHANGE_ITEM: _change_item,
    Action.CHOOSE_ITEM: _choose_item,
    Action.ADD_PLACE: _add_place,
    Action.DISCARD: _discard,
    Action.JOIN_TICKET: _join,
    Action.CONVERT: _convert,
    Action.FINISH_OWN: _finish_own,
    Action.WITHDRAW: _withdraw,
    Action.UNDO: _undo,
    Action.FOLLOW: link_press,
    Action.STATUS: status_press,
    Action.URGE: _urge,
    Action.ADD_WORDS: _add_words,
    Action.CALL_BACK: _call_back,
    Action.SIGN: _sign,
    Action.PROGRESS: _progress,
    Action.HAND_ON: _hand_on,
    Action.RETURN: _return,
    Action.CONTACT: _contact,
    Action.SEE_WHOLE: _see_whole,
    Action.REPORT_BACK: _report_back,
    Action.EDIT_ANSWER: _edit_answer,
    Action.SEND_ANSWER: _send_answer,
    Action.RELEASE: _release,
    Action.EVALUATE: _evaluate,
    Action.GIVE_REASON: _give_reason,
    Action.START: _start,
    Action.START_ALL: _start_all,
    Action.DISPATCH: _dispatch,
    Action.RULE: _rule,
    Action.NOTE_TOLD: _told,
    Action.DECLINE: _decline,
    Action.REOPEN: _reopen,
}
