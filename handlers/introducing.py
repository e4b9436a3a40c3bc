"""认识一下: who signs or says how it goes in a unit's group without having joined is asked once who he is."""

from __future__ import annotations

from datetime import timedelta

from bot.application.records import OpenQuestion, QuestionKind, Subject, SubjectKind
from bot.domain.chat import ChatKind
from bot.domain.people import ANONYMOUS_ADMIN
from handlers.turn import Turn

ANSWER_TIME = timedelta(hours=12)
LONGEST = 30
UNIT_CHATS = frozenset({ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT})


async def ask_who(turn: Turn) -> None:
    """Asked once in a lifetime, and never where something else was asked and waits for an answer."""
    person = turn.person
    joined = bool(turn.actor.grants) or person.telegram_id == ANONYMOUS_ADMIN
    if joined or person.introduced is not None or turn.chat.kind not in UNIT_CHATS:
        return
    if await turn.uow.questions.open(person.id, turn.chat.id, now=turn.now) is not None:
        return
    person.introduced = ""
    await turn.uow.people.save(person)
    subject, until = Subject(SubjectKind.PERSON, person.id), turn.now + ANSWER_TIME
    await turn.uow.questions.ask(OpenQuestion(person.id, turn.chat.id, QuestionKind.NAME, subject, turn.now, until))
    await turn.reply("ask-name", subject=subject)


async def introduced(turn: Turn, question: OpenQuestion) -> None:
    """Kept as said; cards show it from now on in the place of the name in the messenger."""
    turn.person.introduced = " ".join(turn.prepared.text.split())[:LONGEST]
    await turn.uow.people.save(turn.person)
    await turn.reply("name-noted", name=turn.person.introduced)
