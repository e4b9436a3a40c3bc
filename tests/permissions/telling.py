"""Tales told by single people, and the same told by two who press at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.application.records import Token
from bot.domain.permissions import Action
from tests.permissions.anybody import Anybody
from tests.permissions.pressing import Bench, Shown, attempt, grown, present_state
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
from tests.support.messenger import Said
from tests.support.quiet import Quiet

TWIN = {
    LI: ZHAO, ZHAO: LI, OFFICER: SECOND_OFFICER, WANG: LIU, SUN: WANG, QIAN: MA, CHEN: LIN, LUO: DING, DING: LUO,
    LEADER: QIN,
}  # fmt: skip
"""Who sits in the same group and may press the same; in a private chat it is the same person, twice."""


BY_EACH: Mapping[Action, frozenset[str]] = {Action.SEE_WHOLE: frozenset({"event"})}
"""What each of two persons does for himself, beyond being asked for words: each look is on record."""


@dataclass
class ByOne:
    """One press at a time."""

    quiet: Quiet
    anybody: Anybody | None = None

    async def does(self, user: int, chat: int, action: Action, arg: str | None = None) -> None:
        """Presses, and fails where nothing came of it; `anybody` pressed before."""
        token = await self.quiet.button(chat, action, arg)
        if self.anybody is not None:
            await self.anybody.press(token, chat)
        answers = await self.quiet.happen(self.quiet.update_of_press(user, chat, token.token))
        await self.quiet.deliver()
        assert len(answers) == 1 and not answers[0].get("show_alert"), f"{action} {arg} in {chat}: {answers}"
        await self.goes_on()

    async def says(self, user: int, chat: int, words: str, *, to: Action | None = None) -> None:
        """Writes."""
        reply: Said | None = None
        if to is not None:
            reply = next(said for said, token in reversed(await self.quiet.shown(chat)) if token.action is to)
        await self.quiet.says(user, chat, words, reply)
        await self.goes_on()

    async def goes_on(self) -> None:
        """A moment passes, and a card that was held back for others to add to it is shown."""
        self.quiet.clock.moment += timedelta(seconds=2)
        await self.quiet.deliver()

    async def wait(self, step: timedelta) -> None:
        """Time passes."""
        await self.quiet.forward(step)


@dataclass
class ByTwo(ByOne):
    """Two presses at the same moment; `twice` keeps where more came of both than comes of one."""

    twice: list[str] = field(default_factory=list)
    pressed: set[Action] = field(default_factory=set)

    async def does(self, user: int, chat: int, action: Action, arg: str | None = None) -> None:
        """Both press; each has one answer in words."""
        token: Token = await self.quiet.button(chat, action, arg)
        other = user if chat > 0 else TWIN.get(user, user)
        bench, shown = Bench.of(self.quiet), Shown(token.token, action, ("", 0), token.arg, chat)
        before = await present_state(bench)
        tries = [await attempt(bench, who, shown, before) for who in (user, other)]
        by_one = next((outcome for outcome in tries if not outcome.refused), tries[0])
        once = grown(before, by_one.after)
        updates = [self.quiet.update_of_press(who, chat, token.token) for who in (user, other)]
        both = await asyncio.gather(*(self.quiet.happen(update) for update in updates))
        both_did = grown(before, await present_state(bench))
        await self.quiet.deliver()
        for answers in both:
            assert len(answers) == 1 and answers[0].get("text"), f"{action} {arg} in {chat}: {both}"
        count = sum(not answers[0].get("show_alert") for answers in both)
        assert count, f"{action} {arg} in {chat}: {both}"
        self.pressed.add(action)
        spared = BY_EACH.get(action, frozenset()) | {"question"}
        if any(both_did.get(name, 0) != once.get(name, 0) for name in {*both_did, *once} - spared):
            self.twice.append(f"{action} {arg} in {chat}: one {once}, two {both_did}; {by_one.sentence}; {both}")
        await self.goes_on()
