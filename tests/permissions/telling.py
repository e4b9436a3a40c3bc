"""Tales told by single people, and the same told by two who press at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from bot.application.records import Token
from bot.domain.permissions import Action
from tests.support.cast import (
    CHEN,
    DING,
    LEADER,
    LI,
    LIN,
    LIU,
    LUO,
    MA,
    OFFICER,
    QIAN,
    QIN,
    SECOND_OFFICER,
    SUN,
    WANG,
    ZHAO,
)
from tests.support.quiet import Quiet, Said

TWIN = {
    LI: ZHAO, ZHAO: LI, OFFICER: SECOND_OFFICER, WANG: LIU, SUN: WANG, QIAN: MA, CHEN: LIN, LUO: DING, DING: LUO,
    LEADER: QIN,
}  # fmt: skip
"""Who sits in the same group and may press the same; in a private chat it is the same person, twice."""


@dataclass
class ByOne:
    """One press at a time."""

    quiet: Quiet

    async def does(self, user: int, chat: int, action: Action, arg: str | None = None) -> None:
        """Presses, and fails where nothing came of it."""
        token = await self.quiet.button(chat, action, arg)
        answers = await self.quiet.happen(self.quiet.update_of_press(user, chat, token.token))
        await self.quiet.deliver()
        assert len(answers) == 1 and not answers[0].get("show_alert"), f"{action} {arg} in {chat}: {answers}"
        self.quiet.clock.moment += timedelta(seconds=2)

    async def says(self, user: int, chat: int, words: str, *, to: Action | None = None) -> None:
        """Writes."""
        reply: Said | None = None
        if to is not None:
            reply = next(said for said, token in reversed(await self.quiet.shown(chat)) if token.action is to)
        await self.quiet.says(user, chat, words, reply)
        self.quiet.clock.moment += timedelta(seconds=2)

    async def wait(self, step: timedelta) -> None:
        """Time passes."""
        await self.quiet.forward(step)


@dataclass
class ByTwo(ByOne):
    """Two presses at the same moment, of which `won` remembers how many were not refused, by what they asked for."""

    won: dict[str, set[int]] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)

    async def does(self, user: int, chat: int, action: Action, arg: str | None = None) -> None:
        """Both press; each has one answer in words."""
        token: Token = await self.quiet.button(chat, action, arg)
        other = user if chat > 0 else TWIN.get(user, user)
        updates = [self.quiet.update_of_press(who, chat, token.token) for who in (user, other)]
        both = await asyncio.gather(*(self.quiet.happen(update) for update in updates))
        await self.quiet.deliver()
        for answers in both:
            assert len(answers) == 1 and answers[0].get("text"), f"{action} {arg} in {chat}: {both}"
        count = sum(not answers[0].get("show_alert") for answers in both)
        assert count, f"{action} {arg} in {chat}: {both}"
        self.won.setdefault(str(action), set()).add(count)
        self.quiet.clock.moment += timedelta(seconds=2)
