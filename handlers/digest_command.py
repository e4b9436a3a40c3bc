"""`/digest`: the digest of this chat now, and at which times it comes by itself."""

from __future__ import annotations

from bot.application.clocks.digests import chat_subject, choose_times, times_of
from bot.application.views.digests import Moment, digest_of
from bot.application.views.leaders import LEADERS, leader_digest
from bot.domain import digest
from bot.domain.chat import ChatKind
from handlers.turn import Turn


async def digest_command(turn: Turn, rest: str) -> None:
    """`汇总` shows it, `汇总 09:00 15:00` chooses its times, `汇总 关` and `汇总 开` switch it."""
    if turn.chat.kind is ChatKind.PRIVATE:
        await _private(turn, rest)
    elif rest:
        moment = await choose_times(turn.uow, turn.district, turn.actor, turn.chat, rest, now=turn.now)
        times = " ".join(f"{each:%H:%M}" for each in times_of(turn.district, turn.chat))
        await turn.reply("digest-times", times=times, next_at=moment.isoformat() if moment else None)
    else:
        view = await digest_of(turn.uow, turn.district, turn.chat, Moment(turn.now))
        if view is not None:
            await turn.reply(view.key, view.params, subject=chat_subject(turn.chat.id), buttons=view.rows)
        else:
            times = " ".join(f"{each:%H:%M}" for each in times_of(turn.district, turn.chat))
            await turn.reply("digest-none", times=times)


async def _private(turn: Turn, rest: str) -> None:
    """A leader's: its hour is config's, he can only do without."""
    if not {grant.role for grant in turn.actor.grants} & LEADERS:
        await turn.reply("digest-not-here")
        return
    if rest:
        turn.chat.digest = digest.OFF if rest.strip().lower() in {"关", "off"} else ""
        await turn.uow.chats.save(turn.chat)
        await turn.reply("digest-leader-set", off=bool(turn.chat.digest))
        return
    view = await leader_digest(turn.uow, turn.district, turn.person, now=turn.now, summary=True)
    if view is None:
        await turn.reply("digest-leader-none")
    else:
        await turn.reply(view.key, view.params, buttons=view.rows)
