"""What the buttons of those who are called do: liaison, handler, department leader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.application.calls.report_back import draft_answer, edit_answer, release_all, release_answer, send_answer
from bot.application.calls.work_on import sign_assignment
from bot.application.lookups.follow_ticket import see_whole
from bot.application.records import BOT_PAGE, Button, OpenQuestion, QuestionKind, Subject, SubjectKind, Token
from bot.application.reporting.voice_report import recordings_of
from bot.application.telling import ticket_subject
from bot.application.views.view import shown_place
from bot.domain.assignment import AssignmentState
from bot.domain.errors import ButtonStale
from bot.domain.party import PartyKind
from bot.domain.permissions import Action, require
from handlers.asking import Press, ask, code_of, target_of
from handlers.introducing import ask_who
from handlers.lookups import one_by_one
from handlers.turn import Turn

FORM_TIME = timedelta(minutes=10)


async def _sign(turn: Turn, token: Token) -> None:
    case, part = await sign_assignment(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-signed", code=case.ticket.code, commanded=part.assignee.kind is PartyKind.TEAM)
    await ask_who(turn)


async def _progress(turn: Turn, token: Token) -> None:
    await ask(turn, token, QuestionKind.PROGRESS, "ask-progress", code=await code_of(turn, token.subject))


async def _hand_on(turn: Turn, token: Token) -> None:
    await ask(turn, token, QuestionKind.HANDLER, "ask-handler", code=await code_of(turn, token.subject))


async def _contact(turn: Turn, token: Token) -> None:
    assignment = await turn.uow.assignments.get(token.subject.id)
    ticket = await turn.uow.tickets.get(assignment.ticket_id) if assignment else None
    if ticket is None:
        raise ButtonStale()
    require(turn.actor, Action.CONTACT, await target_of(turn, token.subject))
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
    spoken = await recordings_of(turn.uow, ticket_subject(case.ticket.id))
    told = await turn.reply_private("whole-text", params, subject=token.subject, attachments=spoken)
    turn.toast("answer-private" if told else "answer-write-first", alert=not told)
    if not told:
        own = Subject(SubjectKind.PERSON, turn.person.id)
        await turn.reply("answer-write-first", buttons=((Button("button-write-me", Action.BIND, own, url=BOT_PAGE),),))


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
        await ask(turn, token, QuestionKind.REPORT_BACK, key, arg=field, code=await code_of(turn, token.subject))


async def _send_answer(turn: Turn, token: Token) -> None:
    await turn.uow.questions.close(turn.person.id, turn.chat.id)
    _, assignment = await send_answer(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    waits = assignment.state is AssignmentState.ANSWER_DRAFTED
    turn.toast("answer-awaits-signature" if waits else "answer-reported")


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


PRESSES: Mapping[Action, Press] = {
    Action.SIGN: _sign,
    Action.PROGRESS: _progress,
    Action.HAND_ON: _hand_on,
    Action.CONTACT: _contact,
    Action.SEE_WHOLE: _see_whole,
    Action.REPORT_BACK: _report_back,
    Action.EDIT_ANSWER: _edit_answer,
    Action.SEND_ANSWER: _send_answer,
    Action.RELEASE: _release,
}
