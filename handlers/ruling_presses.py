"""What the buttons of a request to return do: the unit's grounds, the hub's ruling, the street's answer."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.loading import load_case
from bot.application.records import Button, OpenQuestion, QuestionKind, Subject, Token
from bot.application.requests.ask_street import load_question, not_asked_yet
from bot.application.requests.request_return import may_return, request_return
from bot.application.requests.rule_return import act_first, grant_return, load_request, refuse_return, settle_dispute
from bot.application.requests.rulings import open_request
from bot.application.views.rulings import candidates, of_the_clause, who_first_rows
from bot.domain.errors import ButtonStale
from bot.domain.permissions import Action, Target, require
from bot.domain.returning import Ground
from handlers.asking import ANSWER_TIME, Press, choices_key, offer_choices
from handlers.turn import Turn

ASK_OF = {
    Ground.OTHER_DEPARTMENT: "ask-other-department",
    Ground.CLAUSE: "ask-clause",
    Ground.OWNER: "ask-owner",
    Ground.DUPLICATE: "ask-duplicate",
    Ground.TOO_LITTLE: "ask-question",
}
OFFERED = (
    (Ground.OTHER_DEPARTMENT, Ground.CLAUSE),
    (Ground.OUTSIDE, Ground.OWNER),
    (Ground.DUPLICATE, Ground.TOO_LITTLE),
)


async def _await_words(turn: Turn, token: Token, kind: QuestionKind, arg: str) -> None:
    until = turn.now + ANSWER_TIME
    await turn.uow.questions.ask(OpenQuestion(turn.person.id, turn.chat.id, kind, token.subject, turn.now, until, arg))


async def _return(turn: Turn, token: Token) -> None:
    """The grounds as buttons, or plain words; a ground that names somebody asks for the name."""
    case, part = await may_return(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    ground, _, unit = token.arg.partition(":")
    if ground and (unit or ground == Ground.OUTSIDE):
        await request_return(
            turn.uow, turn.district, turn.actor, part.id, "", now=turn.now, ground=Ground(ground), named=unit
        )
        await turn.uow.questions.close(turn.person.id, turn.chat.id)
        await turn.uow.outbox.fade(choices_key(turn, token.subject))
        turn.toast("return-noted", code=case.ticket.code)
        return
    if ground == Ground.TOO_LITTLE:
        await not_asked_yet(turn.uow, case, part)
    await _await_words(turn, token, QuestionKind.RETURN_REASON, ground)
    if not ground:
        buttons = tuple(
            tuple(Button(f"button-ground-{g}", Action.RETURN, token.subject, arg=str(g)) for g in line)
            for line in OFFERED
        )
    else:
        named = (
            of_the_clause(turn.district, case.ticket, part.assignee.code) if ground == Ground.OTHER_DEPARTMENT else []
        )
        buttons = tuple(
            (Button("button-to", Action.RETURN, token.subject, arg=f"{ground}:{code}", params={"name": name}),)
            for code, name in named
        )
    key = ASK_OF[Ground(ground)] if ground else "ask-return"
    await offer_choices(turn, key, token.subject, buttons, code=case.ticket.code)
    turn.toast("answer-reply-below")


async def _rule(turn: Turn, token: Token) -> None:
    verb, _, unit = token.arg.partition(":")
    task_id, now = token.subject.id, turn.now
    if unit:
        ways = {"agree": grant_return, "first": act_first, "settle": settle_dispute}
        await ways[verb](turn.uow, turn.district, turn.actor, task_id, unit, now=now)
        await turn.uow.outbox.fade(choices_key(turn, token.subject))
        turn.toast("answer-ruled", name=turn.district.catalogue.party_name(unit))
    elif verb in {"refuse", ""}:
        await refuse_return(turn.uow, turn.district, turn.actor, task_id, now=now)
        turn.toast("answer-refused")
    elif verb == "settle":
        require(turn.actor, Action.RULE, Target())
        await _ask_unit(turn, token, verb, await _code(turn, token.subject))
    else:
        _, case, _ = await load_request(turn.uow, turn.district, turn.actor, task_id)
        if verb == "who-first":
            await _who_first(turn, token, case.ticket.id, case.ticket.code)
        elif verb == "ask":
            await _await_words(turn, token, QuestionKind.TEXT, "rule-ask")
            await turn.reply("ask-street", subject=token.subject, code=case.ticket.code)
            turn.toast("answer-reply-below")
        else:
            await _ask_unit(turn, token, verb, case.ticket.code)


async def _ask_unit(turn: Turn, token: Token, verb: str, code: str) -> None:
    await _await_words(turn, token, QuestionKind.TEXT, f"rule-{verb}")
    await turn.reply("ask-ruled-unit", subject=token.subject, code=code)
    turn.toast("answer-reply-below")


async def _code(turn: Turn, subject: Subject) -> str:
    task = await turn.uow.hub_tasks.get(subject.id)
    if task is None or not task.is_open or task.ticket_id is None:
        raise ButtonStale()
    return (await load_case(turn.uow, task.ticket_id)).ticket.code


async def _who_first(turn: Turn, token: Token, ticket_id: int, code: str) -> None:
    request = await open_request(turn.uow, ticket_id)
    if request is None:
        raise ButtonStale()
    case = await load_case(turn.uow, ticket_id)
    found = await candidates(turn.uow, turn.district, case, request)
    buttons = who_first_rows(turn.district, request, token.subject.id, found)
    await offer_choices(turn, "ask-who-first", token.subject, buttons, code=code)
    turn.toast("answer-reply-below")


async def _answer_street(turn: Turn, token: Token) -> None:
    _, case = await load_question(turn.uow, turn.district, turn.actor, token.subject.id)
    await _await_words(turn, token, QuestionKind.TEXT, "street-answer")
    await turn.reply("ask-street-answer", subject=token.subject, code=case.ticket.code)
    turn.toast("answer-reply-below")


PRESSES: Mapping[Action, Press] = {
    Action.RETURN: _return,
    Action.RULE: _rule,
    Action.ANSWER_STREET: _answer_street,
}
