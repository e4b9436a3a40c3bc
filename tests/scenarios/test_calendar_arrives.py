"""Item 1: the notice of next year comes while calls are open that reach into it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from bot.application.loading import load_case
from bot.cli import app as cli
from bot.domain.events import EventKind
from bot.domain.holidays import statutory_days
from tests.scenarios.stories import LAMP, called, code_in, now_reads, signed
from tests.scenarios.transcript import Story
from tests.support.world import HUB, LI, ROOT, STREET, UNIT, WANG, World

WEDNESDAY_TEN = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)


def notice(folder: Path, *, empty: bool = False) -> Path:
    """An invented notice: the Monday after New Year is off as well, and the Sunday after it is worked."""
    off = [{"name": name, "date": str(day), "isOffDay": True} for day, name in statutory_days(2027).items()]
    own = [("2027-01-04", True), ("2027-01-10", False)]
    days = [*off, *({"name": "元旦", "date": day, "isOffDay": is_off} for day, is_off in own)]
    path = folder / "2027.json"
    path.write_text(json.dumps({"year": 2027, "papers": [], "days": [] if empty else days}), encoding="utf-8")
    return path


async def jiehu(folder: Path, *words: str) -> Result:
    """A command of another process, on the database of the running bot."""
    variables = {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}/jiehu.db"}
    command = [*words, "--config", str(ROOT / "config.yml")]
    return await asyncio.to_thread(CliRunner().invoke, cli, command, env=variables)


async def test_the_table_arrives_in_the_middle(world: World, tmp_path: Path) -> None:
    await world.app.set_clock(WEDNESDAY_TEN)
    story = Story(world)
    lamp, first = await signed(world)
    _, second = await called(world, "石鼓路8号门口路灯坏了两盏")
    within, third = await called(world, "柳荫路45号门口井盖没了，老人差点踩空")
    assert "周一 17:00（暂定）" in now_reads(world, UNIT, first)
    assert "暂定" in now_reads(world, UNIT, second) and "暂定" not in now_reads(world, UNIT, third)
    before = {chat: len(world.play.said_by_bot(chat)) for chat in (STREET, UNIT, HUB)}

    refused = await jiehu(tmp_path, "calendar", "import", str(notice(tmp_path, empty=True)))
    assert (refused.exit_code, "2027" in refused.stderr) == (1, True)
    assert "暂定" in (await jiehu(tmp_path, "calendar", "show", "2027")).stdout
    taken = await jiehu(tmp_path, "calendar", "import", str(notice(tmp_path)))
    assert taken.exit_code == 0, taken.output
    await world.app.facts()
    await world.settle()

    assert "周二 17:00" in now_reads(world, UNIT, first) and "暂定" not in now_reads(world, UNIT, first)
    assert sum("周二 17:00" in text for text in world.said(STREET)) >= 2
    for chat in (STREET, UNIT, HUB):
        assert len(world.play.said_by_bot(chat)) == before[chat] + 1, world.transcript(chat)
    for chat in (STREET, UNIT):
        told = world.last(chat).text
        assert "2 件" in told and lamp in told and within not in told
        assert "周二 17:00（原暂定 周一 17:00）" in told
    assert "2 件" in world.last(HUB).text
    await world.app.facts()
    await world.settle()
    assert len(world.play.said_by_bot(UNIT)) == before[UNIT] + 1, "told once"

    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(lamp)
        assert ticket is not None
        case = await load_case(uow, ticket.id)
        events = [e for e in await uow.events.of_ticket(ticket.id) if e.kind is EventKind.DUE_RECOMPUTED]
    assert case.lead is not None and not case.lead.provisional
    assert [json.loads(e.body)["detail"]["provisional"] for e in events] == [False]
    counted = await jiehu(tmp_path, "clock", "due", "--start", "2026-12-30T10:00", "--limit", "2工作日", "--json")
    assert json.loads(counted.stdout)["due_at"] == "2027-01-05T17:00:00"
    await world.says(LI, STREET, f"时限 {lamp}")
    assert "元旦" in world.last(STREET).text
    await world.app.advance(datetime(2027, 1, 4, 10, 0, tzinfo=UTC))
    assert not any("时限已到" in text and lamp in text for text in world.said(WANG) + world.said(HUB))
    story.compare("the_table_arrives_in_the_middle")


async def test_sensitive_matters_are_told_to_persons_only(world: World, tmp_path: Path) -> None:
    await world.app.set_clock(WEDNESDAY_TEN)
    await world.says(LI, LI, "柳荫小区3栋2单元501，男的喝了酒又打老婆")
    await world.press(LI, LI, "确认上报")
    groups = {chat: len(world.play.said_by_bot(chat)) for chat in (STREET, UNIT)}
    code = code_in(world.last(LI).text)
    await jiehu(tmp_path, "calendar", "import", str(notice(tmp_path)))
    await world.app.facts()
    await world.settle()
    assert {chat: len(world.play.said_by_bot(chat)) for chat in (STREET, UNIT)} == groups
    assert code not in "".join(world.said(STREET))
    await world.forward(timedelta(minutes=1))


async def test_what_was_said_before_the_first_notice_is_as_it_was(world: World) -> None:
    _, call = await called(world, LAMP)
    count = len(world.play.said_by_bot(UNIT))
    await world.app.facts()
    await world.settle()
    assert len(world.play.said_by_bot(UNIT)) == count and "签收" in now_reads(world, UNIT, call)
