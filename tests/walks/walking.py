"""One walk through everything: people press what is shown or was once, write, answer, come and go, and time passes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from bot.application.clocks.recount_deadlines import outdated, recount_deadlines
from bot.application.records import HolidayRow, Token
from bot.config import imported_notices, load_config, work_calendar
from bot.domain.permissions import Action
from storage.tables.base import metadata
from tests.support.cast import CAST, GONE, GROUPS, HUB, STREET, WANG, members
from tests.support.messenger import Said
from tests.support.quiet import Quiet
from tests.support.world import ROOT
from tests.walks.speech import ANSWERS, COMMANDS, REPLIES, REPORTERS, REPORTS

OLD = 0.1
"""How many of the presses are on a button that may have changed or vanished long ago."""

STEPS = (timedelta(seconds=20), timedelta(minutes=11), timedelta(hours=3), timedelta(days=1), timedelta(days=5))
RARE = 0.15
"""How likely the wrong person presses."""


@dataclass
class Walk:
    """`did` counts what was not refused, `path` tells how it came; the rarer something was, the likelier (`keenness`) it is."""

    quiet: Quiet
    rng: Random
    did: Counter[str] = field(default_factory=Counter)
    keenness: int = 2
    path: list[str] = field(default_factory=list)
    refused: int = 0
    reports: int = 0
    somebody_left: bool = False

    async def step(self) -> None:
        """Somebody does something, or time passes."""
        kinds = (self._press, self._answer, self._command, self._report, self._reply, self._time, self._event)
        [act] = self.rng.choices(kinds, weights=(46, 24, 14, 7, 6, 12, 3))
        self.quiet.clock.moment += timedelta(seconds=self.rng.choice((1, 5, 5, 40)))
        await self.quiet.scan()
        self.quiet.messenger.fresh.clear()
        await act()

    def _note(self, what: str, by: int = 0, chat: int = 0) -> None:
        self.did[what] += 1
        name = CAST[by].name if by in CAST else ""
        self.path.append(f"{what} {name} {chat or ''}".strip())

    def _rare(self, what: str) -> float:
        return float((1 + self.did[what]) ** -self.keenness)

    async def _press(self) -> None:
        shown = await self.quiet.shown()
        if self.rng.random() < OLD:
            shown = [(Said(0, 0, "", ()), token) for token in (await self.quiet.tokens()).values()]
        if not shown:
            return
        chats = await telegram_ids(self.quiet)
        weights = [self._rare(name_of(token)) for _, token in shown]
        [(_, token)] = self.rng.choices(shown, weights=weights)
        chat = chats[token.chat_id]
        if chat not in GROUPS and chat not in CAST:
            return
        for user in self._likely(chat):
            answers = await self.quiet.happen(self.quiet.update_of_press(user, chat, token.token))
            await self.quiet.deliver()
            if len(answers) != 1 or not answers[0].get("text"):
                self.quiet.faults.append(f"{len(answers)} answers to {name_of(token)} by {user} in {chat}: {answers}")
            if answers and answers[0].get("show_alert") is None:
                self._note(name_of(token), user, chat)
                return
            self.refused += 1
            if self.rng.random() < RARE:
                return

    def _likely(self, chat: int) -> list[int]:
        """The members in some order; whoever left is tried too."""
        people = [*members(chat)]
        self.rng.shuffle(people)
        return people[:3]

    async def _answer(self) -> None:
        """Somebody who was asked says it, the rarer questions first."""
        question = metadata.tables["question"]
        columns = (question.c.person_id, question.c.chat_id, question.c.kind, question.c.arg)
        async with self.quiet.store.read() as uow:
            rows = await uow.db.rows(select(*columns).where(question.c.expires_at > self.quiet.now))
            people = {person_id: await uow.people.get(person_id) for person_id, *_ in rows}
        chats = await telegram_ids(self.quiet)
        asked = [(people[row[0]], chats[row[1]], str(row[2]), str(row[3])) for row in rows]
        if not asked:
            return
        weights = [self._rare(f"answer {arg or kind}") for _, _, kind, arg in asked]
        [(person, chat, kind, arg)] = self.rng.choices(asked, weights=weights)
        assert person is not None
        key = arg if arg in ANSWERS else kind
        words = self.rng.choice(ANSWERS[key])
        await self._say(person.telegram_id, chat, words, f"answer {arg or kind}", reply=kind == "name")

    async def _command(self) -> None:
        weights = [self._rare(words) for _, _, words in COMMANDS]
        [(user, chat, words)] = self.rng.choices(COMMANDS, weights=weights)
        await self._say(user, chat, words, words)

    async def _report(self) -> None:
        (user, chat), words = self.rng.choice(REPORTERS), self.rng.choice(REPORTS)
        await self._say(user, chat, words, "report")

    async def _reply(self) -> None:
        """Somebody replies in plain words to any message of the bot."""
        said = [each for each in self.quiet.messenger.said.values() if each.chat in GROUPS or each.chat in CAST]
        if said:
            target = self.rng.choice(said[-30:])
            user = self.rng.choice(members(target.chat))
            words = self.rng.choice(REPLIES)
            await self._say(user, target.chat, words, f"reply {words}", reply_to=target)

    async def _say(
        self, user: int, chat: int, words: str, what: str, *, reply: bool = False, reply_to: Said | None = None
    ) -> None:
        async with self.quiet.store.read() as uow:
            codes = [ticket.code for ticket in await uow.tickets.listed(limit=40)]
        if not codes and ("{code}" in words or "{other}" in words):
            return
        self.reports += 1
        ready = words.format(
            n=1 + self.reports % 9,
            code=self.rng.choice(codes) if codes else "",
            other=self.rng.choice(codes) if codes else "",
        )
        if reply and reply_to is None:
            reply_to = self.quiet.last(chat)
        await self.quiet.says(user, chat, ready, reply_to)
        self._note(what, user, chat)

    async def _time(self) -> None:
        async with self.quiet.store.read() as uow:
            due = await uow.dues.next_moment()
        now = self.quiet.now
        [step] = self.rng.choices(STEPS, weights=(4, 4, 4, 2, 1))
        self.quiet.clock.moment = max(now, due) if due is not None and self.rng.random() < 0.6 else now + step
        await self.quiet.scan()
        self.did["time passes"] += 1
        self.path.append(f"time passes to {self.quiet.now:%m-%d %H:%M}")

    async def _event(self) -> None:
        events = (self._lose_group, self._find_group, self._holidays, self._leave, self._come)
        [event] = self.rng.choices(events, weights=(2, 3, 2, 2, 4))
        await event()

    async def _lose_group(self) -> None:
        group = self.rng.choice([group for group in GROUPS if group != HUB])
        self.quiet.messenger.gone.add(group)
        bot = {"id": 1, "is_bot": True, "first_name": "街呼"}
        change = {
            "chat": {"id": group, "type": "supergroup", "title": f"群{-group}"},
            "from": {"id": WANG, "is_bot": False, "first_name": "王联络"},
            "date": int(self.quiet.now.timestamp()),
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": {"user": bot, "status": "left"},
        }
        self.quiet.updates += 1
        await self.quiet.happen({"update_id": self.quiet.updates, "my_chat_member": change})
        await self.quiet.deliver()
        self._note("group lost", chat=group)

    async def _find_group(self) -> None:
        if self.quiet.messenger.gone:
            group = self.rng.choice(sorted(self.quiet.messenger.gone))
            self.quiet.messenger.gone.discard(group)
            await self.quiet.says(members(group)[0], group, "今天天气不错")
            self._note("group found", chat=group)

    async def _holidays(self) -> None:
        """Another notice for next year arrives, and open deadlines are counted anew."""
        days = [HolidayRow(2027, date(2027, 1, n), "元旦", True, "walk") for n in range(1, self.rng.choice((3, 4, 6)))]
        days.append(HolidayRow(2026, date(2026, 11, 27), "放假", True, "walk"))
        async with self.quiet.store.begin() as uow:
            for year in (2026, 2027):
                await uow.calendar.replace_year(year, [day for day in days if day.year == year], "walk")
            await uow.commit()
        async with self.quiet.store.read() as uow:
            notices = await imported_notices(uow)
        calendar = work_calendar(load_config(ROOT / "config.yml", {}), notices)
        self.quiet.district = replace(self.quiet.district, calendar=calendar)
        async with self.quiet.store.read() as uow:
            ids = await outdated(uow, self.quiet.district)
        async with self.quiet.store.begin() as uow:
            await recount_deadlines(uow, self.quiet.district, ids, now=self.quiet.now)
            await uow.commit()
        await self.quiet.deliver()
        self._note("calendar imported")

    async def _leave(self) -> None:
        """Somebody gives his roles back."""
        user = self.rng.choice([user for user, who in CAST.items() if who.grants and user != GONE])
        await self.quiet.says(user, user, "/leave")
        self.somebody_left = True
        self._note("left", user)

    async def _come(self) -> None:
        """Whoever gave his roles back has them again."""
        async with self.quiet.store.begin() as uow:
            for user, who in CAST.items():
                person = await uow.people.by_telegram_id(user)
                assert person is not None
                for grant in who.grants if user != GONE else ():
                    if grant not in await uow.people.grants(person.id):
                        await uow.people.grant(person.id, grant, at=self.quiet.now, by=None)
            await uow.commit()
        self.somebody_left = False
        self._note("came back")


def name_of(token: Token) -> str:
    """What a button does, without the number that it does it to."""
    head = token.arg.partition(":")[0]
    return f"{token.action}:{head}" if head and not head.isdigit() else str(token.action)


async def telegram_ids(quiet: Quiet) -> dict[int, int]:
    """Our numbers of chats, and Telegram's."""
    table = metadata.tables["chat"]
    async with quiet.store.read() as uow:
        rows: Any = await uow.db.rows(select(table.c.id, table.c.telegram_id))
    return {int(row[0]): int(row[1]) for row in rows}


__all__ = ["STREET", "Action", "Walk", "name_of"]
