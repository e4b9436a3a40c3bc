"""委托 in chats: who may do which acts for a leader."""

from __future__ import annotations

from bot.application.people.entrusting import entrust, entrusted_by, take_back_trust
from bot.domain.delegating import in_order, read_words
from bot.domain.errors import DelegationNotRead
from bot.domain.people import Person
from handlers.duties import person_meant
from handlers.turn import Turn


async def entrust_command(turn: Turn, rest: str) -> None:
    """`委托` shows, `委托 @某人 启动 派单` gives these acts."""
    if not rest:
        given = await entrusted_by(turn.uow, turn.district, turn.actor)
        shown = [{"name": person.name, "acts": in_order(words)} for person, words in given]
        await turn.reply("entrusted-shown", given=shown)
        return
    name, _, said = rest.removeprefix("@").partition(" ")
    to = await _meant(turn, name)
    words = read_words(said)
    await entrust(turn.uow, turn.district, turn.actor, to, words, now=turn.now)
    await turn.reply("entrusted", name=to.name, acts=in_order(words))
    if to.reachable:
        await turn.tell_person(to, "entrusted-told", name=turn.person.name, acts=in_order(words))


async def take_back_command(turn: Turn, rest: str) -> None:
    """`取消委托 @某人`."""
    whom = await _meant(turn, rest.removeprefix("@").strip())
    await take_back_trust(turn.uow, turn.actor, whom, now=turn.now)
    await turn.reply("entrusted-no-more", name=whom.name)
    if whom.reachable:
        await turn.tell_person(whom, "entrusted-told", name=turn.person.name, acts=[])


async def _meant(turn: Turn, name: str) -> Person:
    person = await person_meant(turn, name)
    if person is None:
        raise DelegationNotRead()
    return person
