"""应急 in chat: `应急 启动 望澜街道 暴雨内涝`, `先行处置 …`, `应急 结束`, and the presses of its message."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.records import OpenQuestion, QuestionKind, Token
from bot.application.reporting.open_draft import likeliest_is_sensitive
from bot.application.ways import emergency
from bot.domain.errors import NothingToDo
from bot.domain.masking import is_unfit
from bot.domain.permissions import Action
from bot.domain.situation import EntryKind, Situation, counts_people, streets_named
from handlers.asking import ANSWER_TIME, Press
from handlers.turn import Turn

STARTS, ENDS, NOTES, EVERYWHERE = "启动", "结束", "记", "全区"
SEVERAL = 2


async def emergency_command(turn: Turn, rest: str) -> None:
    """`应急 启动|结束|记 …`; alone: what holds now."""
    word = next((word for word in (STARTS, ENDS, NOTES) if rest.startswith(word)), "")
    words = rest.removeprefix(word).strip(" :：\n")
    if word == STARTS:
        streets, title = streets_named(words, _streets(turn), EVERYWHERE)
        if not streets or not title:
            await turn.reply("situation-usage")
            return
        await emergency.propose(turn.uow, turn.district, turn.actor, turn.chat, streets, title, now=turn.now)
    elif word == ENDS:
        active, _ = await _meant(turn, words)
        if not active:
            raise NothingToDo()
        if len(active) > 1:
            await turn.reply("situation-which", emergencies=[_named(turn, one) for one in active])
            return
        await emergency.end(turn.uow, turn.district, turn.actor, active[0].id, now=turn.now)
        if not turn.chat.is_group:
            await turn.reply("situation-over")
    elif word == NOTES:
        meant, text = await _meant(turn, words)
        await _write(turn, text, acted=False, situation_id=meant[0].id if text != words else None)
    else:
        titles = [situation.title for situation in await turn.uow.situations.active()]
        await turn.reply("situation-now", titles=titles)


async def _meant(turn: Turn, words: str) -> tuple[list[Situation], str]:
    """The emergencies that hold, where several do only those of the streets named first; and the words after those."""
    active = list(await turn.uow.situations.active())
    if len(active) < SEVERAL:
        return active, words
    streets, rest = streets_named(words, _streets(turn), EVERYWHERE)
    there = [one for one in active if set(streets) & set(one.streets)]
    return (there, rest) if there else (active, words)


def _streets(turn: Turn) -> list[tuple[str, str]]:
    return [(street.code, street.name) for street in turn.district.catalogue.streets.values()]


def _named(turn: Turn, situation: Situation) -> dict[str, object]:
    return {"title": situation.title, "streets": [turn.district.catalogue.party_name(one) for one in situation.streets]}


async def act_first_command(turn: Turn, rest: str) -> None:
    """`先行处置 …`: the log first, the declaration later or never."""
    await _write(turn, rest, acted=True)


async def _write(turn: Turn, words: str, *, acted: bool, situation_id: int | None = None) -> None:
    suspected = likeliest_is_sensitive(turn.district, turn.prepared.understood) and not counts_people(words)
    hidden = suspected or is_unfit(words)
    await emergency.write_down(
        turn.uow,
        turn.district,
        turn.actor,
        turn.chat,
        words,
        acted=acted,
        hidden=hidden,
        situation_id=situation_id,
        now=turn.now,
    )
    await turn.reply("situation-noted")


async def to_log(turn: Turn, question: OpenQuestion) -> None:
    """The words after `记一笔`."""
    await _write(turn, turn.prepared.text, acted=False, situation_id=question.subject.id)


async def _declare(turn: Turn, token: Token) -> None:
    if token.arg == "yes":
        await emergency.declare(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        turn.toast("answer-declared")
    elif token.arg == "end":
        await emergency.end(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        turn.toast("answer-situation-ended")
    else:
        await emergency.drop(turn.uow, turn.actor, token.subject.id)
        turn.toast("answer-noted")


async def _answer_call(turn: Turn, token: Token) -> None:
    kind = EntryKind(token.arg)
    if kind is EntryKind.NOTED:
        until = turn.now + ANSWER_TIME
        await turn.uow.questions.ask(
            OpenQuestion(turn.person.id, turn.chat.id, QuestionKind.TEXT, token.subject, turn.now, until, "log")
        )
        await turn.reply("ask-log", subject=token.subject)
        turn.toast("answer-reply-below")
        return
    await emergency.answer_call(turn.uow, turn.actor, turn.chat, token.subject.id, kind, now=turn.now)
    turn.toast("answer-noted")


PRESSES: Mapping[Action, Press] = {Action.DECLARE: _declare, Action.ANSWER_CALL: _answer_call}
