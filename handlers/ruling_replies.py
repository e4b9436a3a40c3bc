"""Words that answer what a request to return asked for: a reason, a unit, a question to the street and its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.application.records import OpenQuestion, Subject, SubjectKind
from bot.application.requests.ask_street import answer_street, ask_by_hub, ask_by_unit
from bot.application.requests.request_return import request_return
from bot.application.requests.rule_return import act_first, grant_return, settle_dispute
from bot.domain.returning import Ground
from handlers.asking import choices_key
from handlers.merging import duplicate_named
from handlers.turn import Turn


async def returned_in_words(turn: Turn, assignment_id: int, *, ground: Ground = Ground.WORDS) -> None:
    """A request to return as the unit wrote it; the hub reads the words, nobody else."""
    case, part = await request_return(
        turn.uow, turn.district, turn.actor, assignment_id, turn.prepared.text, now=turn.now, ground=ground
    )
    subject = Subject(SubjectKind.ASSIGNMENT, part.id)
    await turn.uow.outbox.fade(choices_key(turn, subject))
    await turn.reply("return-noted", subject=subject, code=case.ticket.code)


async def to_return(turn: Turn, question: OpenQuestion) -> None:
    """The reason, or what the chosen ground asked for."""
    ground = Ground(question.arg) if question.arg else Ground.WORDS
    if ground is Ground.DUPLICATE:
        await duplicate_named(turn, question)
        return
    if ground is Ground.TOO_LITTLE:
        asked = await ask_by_unit(
            turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now
        )
        ticket = await turn.uow.tickets.get(asked.ticket_id)
        await turn.reply("question-sent", subject=question.subject, code=ticket.code if ticket else "")
        return
    await returned_in_words(turn, question.subject.id, ground=ground)


async def _to_agree(turn: Turn, question: OpenQuestion) -> None:
    await grant_return(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)


async def _to_first(turn: Turn, question: OpenQuestion) -> None:
    await act_first(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)


async def _to_settle(turn: Turn, question: OpenQuestion) -> None:
    await settle_dispute(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)


async def _to_street(turn: Turn, question: OpenQuestion) -> None:
    asked = await ask_by_hub(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)
    ticket = await turn.uow.tickets.get(asked.ticket_id)
    await turn.reply("question-sent", subject=question.subject, code=ticket.code if ticket else "")


async def answered(turn: Turn, question_id: int) -> None:
    """The street answers what it was asked, by replying to it or after the press."""
    case = await answer_street(turn.uow, turn.district, turn.actor, question_id, turn.prepared.text, now=turn.now)
    await turn.reply("street-answer-noted", code=case.ticket.code)


async def _to_answer(turn: Turn, question: OpenQuestion) -> None:
    await answered(turn, question.subject.id)


FREE_WORDS: Mapping[str, Callable[[Turn, OpenQuestion], Awaitable[None]]] = {
    "rule-agree": _to_agree,
    "rule-first": _to_first,
    "rule-settle": _to_settle,
    "rule-ask": _to_street,
    "street-answer": _to_answer,
}
"""What free words answer, by the question's `arg`."""
